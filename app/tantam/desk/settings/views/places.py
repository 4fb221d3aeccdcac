from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.operations.roles import take_on_site
from tantam.accounts.permissions import Permission
from tantam.desk.settings.forms import DepartmentForm, HoursForm, RoomForm, SiteForm
from tantam.desk.settings.views.saving import edited, save
from tantam.facility import access
from tantam.facility.models import Department, Room
from tantam.facility.operations import set_opening_hours
from tantam.facility.queries import departments_of, rooms_of, sites_with_places
from tantam.ui.refusals import refusals_shown_on

MANAGE = requires(Permission.FACILITY_MANAGE, anywhere=True)
SHOWS_AND_TAKES = require_http_methods(["GET", "HEAD", "POST"])


@MANAGE
@require_safe
def sites(request: StaffRequest) -> HttpResponse:
    """Every site, with its departments, rooms and hours counted."""
    managed = set(request.member.sites_where(Permission.FACILITY_MANAGE))
    context = {"sites": sites_with_places(), "managed": managed}
    return render(request, "desk/settings/sites.html", context)


@MANAGE
@SHOWS_AND_TAKES
def site_new(request: StaffRequest) -> HttpResponse:
    """Open a site. Whoever opens it manages it, else nobody could invite its first colleague."""
    form = SiteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_shown_on(form):
            opened = save(form, request)
            take_on_site(opened, actor=request.member)
            messages.success(request, _("Saved."))
            return redirect("facility:site", site_id=opened.pk)
    status = 422 if form.errors else 200
    shown = {"form": form, "title": _("New site"), "back": reverse("facility:sites")}
    return render(request, "desk/settings/edit.html", shown, status=status)


@MANAGE
@SHOWS_AND_TAKES
def site(request: StaffRequest, site_id: int) -> HttpResponse:
    """One site: its details, hours, departments and rooms on one page."""
    row = access.site_for(request.member, site_id)
    form = SiteForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        with refusals_shown_on(form):
            save(form, request)
            messages.success(request, _("Saved."))
            return redirect("facility:site", site_id=site_id)
    context = {
        "site": row,
        "form": form,
        "departments": departments_of(row),
        "rooms": rooms_of(row),
        "hours": HoursForm(initial=HoursForm.initial_for(row)),
    }
    return render(request, "desk/settings/site.html", context, status=422 if form.errors else 200)


@MANAGE
@SHOWS_AND_TAKES
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
@SHOWS_AND_TAKES
def department_new(request: StaffRequest, site_id: int) -> HttpResponse:
    """A department of a site."""
    row = access.site_for(request.member, site_id)
    form = DepartmentForm(request.POST or None, instance=Department(site=row))
    back = reverse("facility:site", args=[row.pk])
    return edited(request, form, title=_("New department"), back=back, context={"subject": row})


@MANAGE
@SHOWS_AND_TAKES
def department(request: StaffRequest, department_id: int) -> HttpResponse:
    """Correct a department."""
    row = access.department_for(request.member, department_id)
    form = DepartmentForm(request.POST or None, instance=row)
    back = reverse("facility:site", args=[row.site_id])
    return edited(request, form, title=row.name, back=back, context={"subject": row.site})


@MANAGE
@SHOWS_AND_TAKES
def room_new(request: StaffRequest, site_id: int) -> HttpResponse:
    """A room of a site."""
    row = access.site_for(request.member, site_id)
    form = RoomForm(request.POST or None, instance=Room(site=row), site=row)
    back = reverse("facility:site", args=[row.pk])
    return edited(request, form, title=_("New room"), back=back, context={"subject": row})


@MANAGE
@SHOWS_AND_TAKES
def room(request: StaffRequest, room_id: int) -> HttpResponse:
    """Correct a room."""
    row = access.room_for(request.member, room_id)
    form = RoomForm(request.POST or None, instance=row, site=row.site)
    back = reverse("facility:site", args=[row.site_id])
    return edited(request, form, title=row.name, back=back, context={"subject": row.site})
