from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tantam.accounts.door import StaffRequest, requires, signed_in
from tantam.accounts.permissions import Permission
from tantam.accounts.queries.practitioners import practitioner_of
from tantam.care.queries.work_list import Asked, Tab, counts
from tantam.desk.access import note_looks
from tantam.desk.queries import doctor_day as days
from tantam.desk.queries import home as home_queries
from tantam.desk.queries.expected import reception_day
from tantam.desk.queries.first_steps import are_put_away, first_steps
from tantam.facility.operations import put_first_steps_away
from tantam.journal.operations import note_list
from tantam.lib.numbers import whole_number
from tantam.patients.access import note_looks as note_people

_WORK = frozenset(
    map(
        str,
        (
            Permission.CARE_CALL,
            Permission.CARE_REPORT,
            Permission.BEFORE_ENCOUNTER,
            Permission.REEXAMINATION_PLAN,
            Permission.MEMBERS_MANAGE,
            Permission.LOOKS_SEE,
            Permission.GUIDE_EDIT,
        ),
    )
)


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
        context["care"] = {
            "due": found[Tab.DUE],
            "overdue": found[Tab.OVERDUE],
            "mine": found[Tab.MINE],
            "supervisor": found[Tab.SUPERVISOR],
            "waiting": found[Tab.DUE] + found[Tab.OVERDUE],
        }
    _desk_parts(request, context)
    if Permission.BEFORE_ENCOUNTER in held:
        own = practitioner_of(request.member)
        context["doctor"] = own
        context["receives"] = True
        if own is not None:
            day = days.doctor_day(own, request.member)
            note_looks(day, request.member)
            context["day"] = day
    elif (
        Permission.RECORD_SEE in held
        and Permission.REEXAMINATION_PLAN in held
        and Permission.CARE_CALL not in held
    ):
        expected = reception_day(request.site, doctor_id=whole_number(request.GET.get("doctor")))
        people = [one.patient for one in (*expected.coming, *expected.earlier)]
        note_people(people, "expected", actor=request.member)
        context["expected"] = expected
    if request.htmx and "expected" in context:
        return render(request, "desk/home.html#expected", context)
    return render(request, "desk/home.html", context)


def _desk_parts(request: StaffRequest, context: dict[str, object]) -> None:
    """What waits for the member besides patients who come: calls, figures, colleagues, guides, what guards data."""
    held, member = request.permissions, request.member
    if Permission.CARE_CALL in held:
        calling = home_queries.calling(member, request.site)
        note_list(member, "next-calls", calling.patient_ids)
        context["calling"] = calling
    if Permission.CARE_REPORT in held:
        context["week"] = home_queries.week(member)
    if Permission.MEMBERS_MANAGE in held:
        context["staffing"] = home_queries.staffing(member)
        context["away"] = are_put_away()
        if not context["away"]:
            steps = first_steps(member)
            context["steps"] = None if steps.is_finished else steps
    if Permission.LOOKS_SEE in held:
        context["watch"] = home_queries.watch(member)
    if Permission.GUIDE_EDIT in held and Permission.CARE_SEE not in held:
        context["guides"] = home_queries.guides()
    # Whoever has no work of their own here yet is told what will come to them.
    context["waits"] = not held & _WORK


@requires(Permission.FACILITY_MANAGE, everywhere=True)
@require_POST
def first_steps_away(request: StaffRequest) -> HttpResponse:
    """Put the first steps away, or bring them back (`back`)."""
    put_first_steps_away("back" not in request.POST, actor=request.member)
    return redirect("desk:home")
