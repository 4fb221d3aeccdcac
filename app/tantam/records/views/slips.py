"""The examination slip on one screen (B2, J10): history at the side, rows added with and without JavaScript."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.permissions import Permission
from tantam.accounts.queries.practitioners import practitioner_of
from tantam.facility.models import Site
from tantam.lib.errors import Refusal
from tantam.patients.access import patient_for
from tantam.patients.models import Patient
from tantam.patients.queries.header import header_for
from tantam.records import access
from tantam.records.errors import AllergyMet, SiteClosedThen
from tantam.records.forms.slips import SlipForms
from tantam.records.models import Encounter, PrescriptionLine
from tantam.records.operations import correct_encounter, write_encounter
from tantam.records.queries import (
    MedicineLine,
    allergy_warnings,
    closed_day,
    need_told,
    record_summary,
    running_lines,
)


@requires(Permission.RECORD_WRITE)
@require_http_methods(["GET", "POST"])
def write(request: StaffRequest, patient_id: int) -> HttpResponse:
    """Write a slip at the member's current site."""
    patient = patient_for(request.member, patient_id, look="slip", is_part=request.method != "GET")
    running = running_lines(patient, request.member)
    if request.method == "GET":
        told = need_told(patient, request.site)
        forms = SlipForms.blank(request.site, practitioner_of(request.member), reason=told)
        return _slip(request, patient, forms, running=running)
    if kind := request.POST.get("add"):
        if kind == "former":
            forms = SlipForms.with_former(request.POST, request.site, running)
        else:
            forms = SlipForms.with_another_row(request.POST, request.site, kind)
        return _slip(request, patient, forms, running=running)
    forms = SlipForms.sent(request.POST, request.site, running)
    if forms.are_valid():
        try:
            encounter = write_encounter(patient, forms.as_slip(), actor=request.member)
        except Refusal as refusal:
            _tell(forms, refusal)
        else:
            return _written(request, encounter)
    return _slip(request, patient, forms, running=running, status=422)


@requires(Permission.RECORD_WRITE, anywhere=True)
@require_http_methods(["GET", "POST"])
def correct(request: StaffRequest, encounter_id: int) -> HttpResponse:
    """Correct a slip. A form that was opened before someone else's correction is refused, and keeps its text."""
    encounter = access.encounter_for(request.member, encounter_id, Permission.RECORD_WRITE)
    patient_for(request.member, encounter.patient_id, look="slip", is_part=request.method != "GET")
    if request.method == "GET":
        return _slip(request, encounter.patient, SlipForms.of(encounter), encounter=encounter)
    if kind := request.POST.get("add"):
        forms = SlipForms.with_another_row(request.POST, encounter.site, kind)
        return _slip(request, encounter.patient, forms, encounter=encounter)
    forms = SlipForms.sent(request.POST, encounter.site)
    if forms.are_valid():
        revision = forms.slip.cleaned_data["revision"]
        try:
            encounter = correct_encounter(encounter, forms.as_slip(), revision=revision, actor=request.member)
        except Refusal as refusal:
            _tell(forms, refusal)
        else:
            return _written(request, encounter)
    return _slip(request, encounter.patient, forms, encounter=encounter, status=422)


def _tell(forms: SlipForms, refusal: Refusal) -> None:
    """Put a refusal beside the field, or the medicine, it speaks of."""
    if isinstance(refusal, AllergyMet):
        for form in forms.medicines:
            if form["drug"].value() == refusal.params["drug"]:
                form.add_error("drug", str(refusal))
                return
    field = {"started_at": "day"}.get(refusal.field or "", refusal.field)
    if isinstance(refusal, SiteClosedThen):
        field = "due_on"
    forms.slip.add_error(field if field in forms.slip.fields else None, str(refusal))


def _written(request: StaffRequest, encounter: Encounter) -> HttpResponse:
    if request.htmx:
        answer = HttpResponse(status=204)
        answer.headers["HX-Redirect"] = reverse("records:encounter", args=[encounter.pk])
        return answer
    return redirect("records:encounter", encounter.pk)


def _medicine_rows(patient: Patient, forms: SlipForms) -> list[dict[str, Any]]:
    """Each medicine row with what there is to warn of; a reason is asked for when a warning needs one."""
    warned = allergy_warnings(patient.pk, forms.drugs)
    rows = []
    for form, drug in zip(forms.medicines, forms.drugs, strict=True):
        warnings = warned.get(drug, [])
        rows.append(
            {
                "form": form,
                "warnings": warnings,
                "needs_reason": any(warning.level.needs_reason for warning in warnings),
                "name": form.add_prefix("despite_allergy"),
                "reason": form["despite_allergy"].value() or "",
            }
        )
    return rows


def _closed(site: Site, forms: SlipForms) -> object:
    due = getattr(forms.slip, "cleaned_data", {}).get("due_on")
    return closed_day(site, due) if due else None


def _slip(
    request: StaffRequest,
    patient: Patient,
    forms: SlipForms,
    *,
    encounter: Encounter | None = None,
    running: Sequence[PrescriptionLine] = (),
    status: int = 200,
) -> HttpResponse:
    here = (
        reverse("records:correction", args=[encounter.pk])
        if encounter
        else reverse("records:slip", args=[patient.pk])
    )
    context = {
        "patient": patient,
        "encounter": encounter,
        "site": forms.site,
        "forms": forms,
        "medicine_rows": _medicine_rows(patient, forms),
        "closed": _closed(forms.site, forms),
        "here": here,
        "running": [MedicineLine.of(line) for line in running],
    }
    if request.htmx:
        return render(request, "records/slip.html#slip", context, status=status)
    summary = record_summary(patient, request.member)
    due = summary.next_reexamination
    context["summary"] = summary
    context["header"] = header_for(
        patient,
        allergies=summary.warning_allergies,
        allergies_withheld=not summary.is_visible,
        next_reexamination=due.due_on if due else None,
    )
    return render(request, "records/slip.html", context, status=status)
