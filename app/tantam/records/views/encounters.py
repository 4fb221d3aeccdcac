from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.permissions import Permission
from tantam.lib.errors import Refusal
from tantam.patients.access import patient_for
from tantam.patients.queries.header import header_for
from tantam.records import access
from tantam.records.forms.fields import ReasonForm
from tantam.records.models import Encounter
from tantam.records.operations import cancel_encounter, resolve_diagnosis, stop_prescription_line
from tantam.records.queries import whole_encounter
from tantam.records.rules.icd10 import search_codes
from tantam.records.views.answers import changed, refused
from tantam.ui.refusals import refusals_shown_on


def _shown(request: StaffRequest, encounter: Encounter) -> dict[str, object]:
    member, site_id = request.member, encounter.site_id
    return {
        "encounter": encounter,
        "patient": encounter.patient,
        "header": header_for(encounter.patient, viewer=member),
        "whole": whole_encounter(encounter),
        "where": " · ".join(
            str(part) for part in (encounter.site, encounter.speciality, encounter.doctor) if part is not None
        ),
        "may_read_notes": member.may(Permission.RECORD_NOTES, site_id),
        "may_write": member.may(Permission.RECORD_WRITE, site_id) and not encounter.is_cancelled,
        "may_plan": member.may(Permission.REEXAMINATION_PLAN, site_id),
    }


@requires(Permission.RECORD_SEE, anywhere=True)
@require_GET
def encounter(request: StaffRequest, encounter_id: int) -> HttpResponse:
    """One visit, as on the examination slip (B2)."""
    encounter = access.encounter_for(request.member, encounter_id)
    patient_for(request.member, encounter.patient_id, look="encounter")
    return render(request, "records/encounter.html", _shown(request, encounter))


@requires(Permission.RECORD_SEE, anywhere=True)
@require_GET
def printed(request: StaffRequest, encounter_id: int) -> HttpResponse:
    """The examination slip on paper, for the patient: without clinical notes."""
    encounter = access.encounter_for(request.member, encounter_id)
    patient_for(request.member, encounter.patient_id, look="encounter_print")
    return render(request, "records/encounter_print.html", _shown(request, encounter))


@requires(Permission.RECORD_WRITE, anywhere=True)
@require_http_methods(["GET", "POST"])
def cancellation(request: StaffRequest, encounter_id: int) -> HttpResponse:
    encounter = access.encounter_for(request.member, encounter_id, Permission.RECORD_WRITE)
    patient_for(request.member, encounter.patient_id, look="encounter", is_part=True)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_shown_on(form):
            cancel_encounter(encounter, **form.cleaned_data, actor=request.member)
        if not form.errors:
            if request.htmx:
                answer = HttpResponse(status=204)
                answer.headers["HX-Refresh"] = "true"
                return answer
            return redirect("records:encounter", encounter.pk)
    template = "records/cancel_encounter.html#form" if request.htmx else "records/cancel_encounter.html"
    return render(
        request, template, {"encounter": encounter, "form": form}, status=422 if form.errors else 200
    )


@requires(Permission.RECORD_WRITE, anywhere=True)
@require_http_methods(["GET", "POST"])
def resolution(request: StaffRequest, diagnosis_id: int) -> HttpResponse:
    """The patient no longer has the diagnosis."""
    row = access.diagnosis_for(request.member, diagnosis_id, Permission.RECORD_WRITE)
    patient_for(request.member, row.patient_id, look="encounter", is_part=True)
    if request.method == "POST":
        try:
            resolve_diagnosis(row, actor=request.member)
        except Refusal as refusal:
            return refused(request, row.patient_id, refusal)
        return changed(request, row.patient_id, _("%(diagnosis)s is resolved.") % {"diagnosis": row.text})
    template = "records/resolve_diagnosis.html#form" if request.htmx else "records/resolve_diagnosis.html"
    return render(request, template, {"diagnosis": row})


@requires(Permission.RECORD_WRITE, anywhere=True)
@require_http_methods(["GET", "POST"])
def stop(request: StaffRequest, line_id: int) -> HttpResponse:
    """The patient stops taking a medicine."""
    line = access.prescription_line_for(request.member, line_id, Permission.RECORD_WRITE)
    patient_for(request.member, line.patient_id, look="encounter", is_part=True)
    form = ReasonForm(request.POST or None)
    form.fields["reason"].required = False
    if request.method == "POST" and form.is_valid():
        with refusals_shown_on(form):
            stop_prescription_line(line, **form.cleaned_data, actor=request.member)
        if not form.errors:
            return changed(request, line.patient_id, _("%(drug)s is stopped.") % {"drug": line.drug})
    template = "records/stop_medicine.html#form" if request.htmx else "records/stop_medicine.html"
    return render(request, template, {"line": line, "form": form}, status=422 if form.errors else 200)


@requires(Permission.RECORD_WRITE, anywhere=True)
@require_GET
def codes(request: StaffRequest) -> HttpResponse:
    """ICD-10 codes for the picker: options to htmx, JSON to others."""
    text = request.GET.get("q", "")
    found = search_codes(text)
    if request.htmx:
        return render(request, "records/codes.html", {"codes": found})
    rows = [
        {"value": code.code, "text": f"{code.code} {code.name}", "hint": code.other_name} for code in found
    ]
    return JsonResponse(rows, safe=False)
