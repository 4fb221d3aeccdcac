"""Before the visit: the signed-in doctor's patients with what care learnt, unread first (B9)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.models import Practitioner
from tantam.accounts.permissions import Permission
from tantam.accounts.queries.practitioners import practitioner_of
from tantam.care.access import findings_to_see
from tantam.care.operations.findings import see_findings
from tantam.desk.access import note_looks
from tantam.desk.queries import doctor_day as days
from tantam.lib.numbers import whole_number
from tantam.patients.access import patient_for
from tantam.records.queries import record_summary, timeline
from tantam.ui.toasts import toast


def _doctor(request: StaffRequest) -> tuple[Practitioner | None, list[Practitioner]]:
    """Whose day it is, and whom one may choose. A doctor sees their own; who assists chooses one of the site."""
    own = practitioner_of(request.member)
    if own is not None:
        return own, []
    choices = days.doctors_to_choose(request.member, request.site)
    wanted = request.GET.get("doctor", "")
    chosen = next((one for one in choices if str(one.pk) == wanted), None)
    return chosen, choices


@requires(Permission.BEFORE_ENCOUNTER)
@require_GET
def doctor_day(request: StaffRequest) -> HttpResponse:
    doctor, choices = _doctor(request)
    shown = days.doctor_day(doctor, request.member) if doctor is not None else None
    if shown is not None:
        note_looks(shown, request.member)
    context = {"day": shown, "doctor": doctor, "choices": choices}
    template = "desk/doctor_day.html#day" if request.htmx else "desk/doctor_day.html"
    return render(request, template, context)


@requires(Permission.BEFORE_ENCOUNTER)
@require_GET
def details(request: StaffRequest, patient_id: int) -> HttpResponse:
    """What is needed to receive the patient, opened in place: condition, medicines, advice, the last events."""
    if not request.htmx:
        # The page it leads to asks who may see it, and writes the look down: once, as for every view.
        return redirect("desk:patient", patient_id)
    patient = patient_for(
        request.member, patient_id, look="doctor_day", permission=Permission.BEFORE_ENCOUNTER
    )
    context = {
        "patient": patient,
        "record": record_summary(patient, request.member),
        "entries": timeline(patient.pk, request.member, limit=6).entries,
        "may_write": request.member.may(Permission.RECORD_WRITE, request.site.pk),
    }
    return render(request, "desk/doctor_day_patient.html", context)


@requires(Permission.BEFORE_ENCOUNTER)
@require_POST
def seen(request: StaffRequest, patient_id: int) -> HttpResponse:
    """Mark what was shown as seen: only what stood on the page, never what came in meanwhile."""
    patient = patient_for(
        request.member, patient_id, look="doctor_day", permission=Permission.BEFORE_ENCOUNTER, is_part=True
    )
    shown = set(map(whole_number, request.POST.getlist("finding")))
    findings = [one for one in findings_to_see(request.member, patient) if one.pk in shown]
    see_findings(findings, actor=request.member)
    if not request.htmx:
        return redirect("desk:doctor-day")
    context = {"one": days.patient_of_the_day(patient, request.member), "again": True}
    answer = render(request, "desk/doctor_day.html#found", context)
    return toast(answer, _("Marked as seen."))
