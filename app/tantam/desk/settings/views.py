from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.forms import ModelForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.operations.roles import take_on_site
from tantam.accounts.permissions import Permission
from tantam.desk.settings.forms import (
    DepartmentForm,
    HolidayForm,
    HoursForm,
    OrganisationForm,
    RoomForm,
    SiteForm,
)
from tantam.facility import access
from tantam.facility import queries as facility_queries
from tantam.facility.models import Department, HolidayOverride, Organisation, Room, Site
from tantam.facility.operations import remove_holiday, save_place, set_opening_hours
from tantam.lib.errors import NotVisible
from tantam.ui.refusals import refusals_shown_on

MANAGE = requires(Permission.FACILITY_MANAGE, anywhere=True)
DAYS_OF_HOLIDAYS_SHOWN = 400


def _edit(
    request: StaffRequest,
    form: ModelForm[Any],
    *,
    title: str,
    back: str,
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    """Show one place's form; save it when it is good."""
    if request.method == "POST" and form.is_valid():
        with refusals_shown_on(form):
            save_place(
                form.save(commit=False),
                fields=[name for name in form.changed_data if name in form.fields],
                actor=request.member,
            )
            messages.success(request, _("Saved."))
            return redirect(back)
    status = 422 if form.errors else 200
    shown = {"form": form, "title": title, "back": back, **(context or {})}
    return render(request, "desk/settings/edit.html", shown, status=status)


@MANAGE
def organisation(request: StaffRequest) -> HttpResponse:
    row = Organisation.objects.first()
    if row is None:
        raise NotVisible
    form = OrganisationForm(request.POST or None, instance=row)
    return _edit(request, form, title=_("Organisation"), back=reverse("facility:organisation"))


@MANAGE
def sites(request: StaffRequest) -> HttpResponse:
    """Every site, with its departments, rooms and hours counted."""
    rows = Site.objects.prefetch_related("departments", "rooms", "opening_intervals").order_by(
        "-is_active", "name"
    )
    managed = set(request.member.sites_where(Permission.FACILITY_MANAGE))
    return render(request, "desk/settings/sites.html", {"sites": rows, "managed": managed})


@MANAGE
def site_new(request: StaffRequest) -> HttpResponse:
    """Open a site. Whoever opens it manages it, else nobody could invite its first colleague."""
    form = SiteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_shown_on(form):
            opened = save_place(form.save(commit=False), fields=form.changed_data, actor=request.member)
            take_on_site(opened, actor=request.member)
            messages.success(request, _("Saved."))
            return redirect("facility:site", site_id=opened.pk)
    return _edit(request, form, title=_("New site"), back=reverse("facility:sites"))


@MANAGE
def site(request: StaffRequest, site_id: int) -> HttpResponse:
    """One site: its details, hours, departments and rooms on one page."""
    row = access.site_for(request.member, site_id)
    context = {
        "site": row,
        "departments": row.departments.select_related("speciality"),
        "rooms": row.rooms.select_related("department"),
        "hours": HoursForm(initial=HoursForm.initial_for(row)),
    }
    form = SiteForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        with refusals_shown_on(form):
            save_place(form.save(commit=False), fields=form.changed_data, actor=request.member)
            messages.success(request, _("Saved."))
            return redirect("facility:site", site_id=site_id)
    return render(
        request, "desk/settings/site.html", {**context, "form": form}, status=422 if form.errors else 200
    )


@MANAGE
def hours(request: StaffRequest, site_id: int) -> HttpResponse:
    """The week's opening hours of a site."""
    row = access.site_for(request.member, site_id)
    form = HoursForm(request.POST or None, initial=HoursForm.initial_for(row))
    if request.method == "POST" and form.is_valid():
        with refusals_shown_on(form):
            set_opening_hours(row, hours=form.hours, actor=request.member)
            messages.success(request, _("Opening hours are saved."))
            return redirect("facility:site", site_id=site_id)
    status = 422 if form.errors else 200
    shown = {
        "form": form,
        "title": _("Opening hours"),
        "back": reverse("facility:site", args=[site_id]),
        "subject": row,
    }
    return render(request, "desk/settings/edit.html", shown, status=status)


@MANAGE
def department_new(request: StaffRequest, site_id: int) -> HttpResponse:
    row = access.site_for(request.member, site_id)
    form = DepartmentForm(request.POST or None, instance=Department(site=row))
    back = reverse("facility:site", args=[row.pk])
    return _edit(request, form, title=_("New department"), back=back, context={"subject": row})


@MANAGE
def department(request: StaffRequest, department_id: int) -> HttpResponse:
    row = access.department_for(request.member, department_id)
    form = DepartmentForm(request.POST or None, instance=row)
    back = reverse("facility:site", args=[row.site_id])
    return _edit(request, form, title=row.name, back=back, context={"subject": row.site})


@MANAGE
def room_new(request: StaffRequest, site_id: int) -> HttpResponse:
    row = access.site_for(request.member, site_id)
    form = RoomForm(request.POST or None, instance=Room(site=row), site=row)
    back = reverse("facility:site", args=[row.pk])
    return _edit(request, form, title=_("New room"), back=back, context={"subject": row})


@MANAGE
def room(request: StaffRequest, room_id: int) -> HttpResponse:
    row = access.room_for(request.member, room_id)
    form = RoomForm(request.POST or None, instance=row, site=row.site)
    back = reverse("facility:site", args=[row.site_id])
    return _edit(request, form, title=row.name, back=back, context={"subject": row.site})


@MANAGE
def holidays(request: StaffRequest) -> HttpResponse:
    """The year ahead: public holidays, and what the organisation decided otherwise."""
    form = HolidayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_shown_on(form):
            save_place(form.save(commit=False), fields=form.changed_data, actor=request.member)
            messages.success(request, _("Saved."))
            return redirect("facility:holidays")
    today = timezone.localdate()
    days = facility_queries.holidays_between(today, today + timedelta(days=DAYS_OF_HOLIDAYS_SHOWN))
    overrides = HolidayOverride.objects.filter(day__gte=today).select_related("site").order_by("day")[:200]
    context = {"form": form, "days": days, "overrides": overrides}
    return render(request, "desk/settings/holidays.html", context, status=422 if form.errors else 200)


@MANAGE
@require_POST
def holiday_removal(request: StaffRequest, holiday_id: int) -> HttpResponse:
    remove_holiday(access.holiday_for(request.member, holiday_id), actor=request.member)
    messages.success(request, _("The entry is gone; the public calendar counts again."))
    return redirect("facility:holidays")
