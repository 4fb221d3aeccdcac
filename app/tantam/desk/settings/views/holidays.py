from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.permissions import Permission
from tantam.desk.settings.forms import HolidayForm
from tantam.desk.settings.views.saving import save
from tantam.facility import access
from tantam.facility.operations import remove_holiday
from tantam.facility.queries import year_ahead
from tantam.ui.refusals import refusals_shown_on

MANAGE = requires(Permission.FACILITY_MANAGE, anywhere=True)


@MANAGE
@require_http_methods(["GET", "HEAD", "POST"])
def holidays(request: StaffRequest) -> HttpResponse:
    """The year ahead: public holidays, and what the organisation or a site decided otherwise."""
    form = HolidayForm(request.POST or None, member=request.member)
    if request.method == "POST" and form.is_valid():
        with refusals_shown_on(form):
            save(form, request)
            messages.success(request, _("Saved."))
            return redirect("facility:holidays")
    ahead = year_ahead()
    mine = set(request.member.sites_where(Permission.FACILITY_MANAGE))
    shared = request.member.may_everywhere(Permission.FACILITY_MANAGE)
    overrides = [(row, row.site_id in mine if row.site_id else shared) for row in ahead.overrides]
    context = {"form": form, "days": ahead.days, "overrides": overrides}
    return render(request, "desk/settings/holidays.html", context, status=422 if form.errors else 200)


@MANAGE
@require_POST
def holiday_removal(request: StaffRequest, holiday_id: int) -> HttpResponse:
    """Take an entry of the organisation's own calendar back."""
    remove_holiday(access.holiday_for(request.member, holiday_id), actor=request.member)
    messages.success(request, _("The entry is gone; the public calendar counts again."))
    return redirect("facility:holidays")
