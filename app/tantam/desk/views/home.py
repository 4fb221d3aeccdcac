from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tantam.accounts.door import StaffRequest, signed_in
from tantam.accounts.permissions import Permission
from tantam.accounts.queries.practitioners import practitioner_of
from tantam.care.queries.holding import calling_now
from tantam.care.queries.work_list import Asked, Tab, counts
from tantam.desk.access import note_looks
from tantam.desk.queries import doctor_day as days
from tantam.records.queries import expected_on

EXPECTED_SHOWN = 12


def greeting() -> str:
    """Morning, afternoon or evening, by the site's clock."""
    hour = timezone.localtime().hour
    if hour < 11:
        return _("Good morning")
    return _("Good afternoon") if hour < 18 else _("Good evening")


@signed_in
@require_GET
def home(request: StaffRequest) -> HttpResponse:
    """Where everyone begins: the next step of their own work, as far as their roles at this site go."""
    held = request.permissions
    context: dict[str, object] = {
        "greeting": greeting(),
        "today": timezone.localdate(),
        "has_roles": bool(held),
        "finds": Permission.PATIENT_FIND in held,
        "registers": Permission.PATIENT_REGISTER in held,
        "calls": Permission.CARE_CALL in held,
        "reports": Permission.CARE_REPORT in held,
        "imports": Permission.IMPORT_RUN in held,
        "manages": Permission.MEMBERS_MANAGE in held,
    }
    if Permission.CARE_SEE in held:
        found = counts(Asked(member_id=request.member.pk, sites=[request.site.pk]))
        context["calling"] = calling_now(request.member) if context["calls"] else None
        context["care"] = {
            "due": found[Tab.DUE],
            "overdue": found[Tab.OVERDUE],
            "mine": found[Tab.MINE],
            "supervisor": found[Tab.SUPERVISOR],
            "waiting": found[Tab.DUE] + found[Tab.OVERDUE],
        }
    if Permission.BEFORE_VISIT in held:
        own = practitioner_of(request.member)
        context["doctor"] = own
        context["receives"] = True
        if own is not None:
            day = days.doctor_day(own, request.member)
            note_looks(day, request.member)
            context["day"] = day
    elif Permission.RECORD_SEE in held and Permission.PATIENT_REGISTER in held:
        rows = expected_on(timezone.localdate(), request.site, limit=EXPECTED_SHOWN + 1)
        context["expected"] = rows[:EXPECTED_SHOWN]
        context["more_expected"] = len(rows) > EXPECTED_SHOWN
        context["expects"] = True
    return render(request, "desk/home.html", context)
