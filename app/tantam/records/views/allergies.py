from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.permissions import Permission
from tantam.lib.errors import Refusal
from tantam.patients.access import patient_for
from tantam.patients.queries.header import header_for
from tantam.patients.registries.tabs import patient_tabs
from tantam.records import access
from tantam.records.forms.allergies import AllergyForm, NewAllergyForm
from tantam.records.forms.fields import ReasonForm
from tantam.records.models import Certainty
from tantam.records.operations import correct_allergy, note_allergy, note_no_allergies, refute_allergy
from tantam.records.queries import AllergyLine, allergies_of, allergy_warnings
from tantam.records.views.answers import changed, refused
from tantam.ui.refusals import refusals_shown_on


@requires(Permission.RECORD_SEE, anywhere=True)
@require_GET
def allergies(request: StaffRequest, patient_id: int) -> HttpResponse:
    """All allergies of a patient, the refuted ones struck through. A tab of the patient's page."""
    patient = patient_for(request.member, patient_id, look="allergies", permission=Permission.RECORD_SEE)
    known = allergies_of(patient.pk, request.member)
    context = {
        "patient": patient,
        "allergies": known,
        "may_write": request.member.may(Permission.ALLERGY_WRITE),
        "any_warns": any(row.warns for row in known),
    }
    if request.htmx:
        return render(request, "records/allergies.html#list", context)
    context["header"] = header_for(
        patient, viewer=request.member, allergies=[AllergyLine.of(row) for row in known if row.warns]
    )
    context["tabs"] = patient_tabs(patient.pk, request.permissions)
    return render(request, "records/allergies.html", context)


@requires(Permission.ALLERGY_WRITE, anywhere=True)
@require_http_methods(["GET", "POST"])
def note(request: StaffRequest, patient_id: int) -> HttpResponse:
    """Note an allergy (B7): a dialog, or a page of its own."""
    patient = patient_for(request.member, patient_id, look="allergies", is_part=True)
    form = NewAllergyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_shown_on(form):
            allergy = note_allergy(patient, **form.cleaned_data, actor=request.member)
            words = _("Noted: allergy to %(agent)s. Everyone who opens the record is warned.")
            return changed(request, patient.pk, words % {"agent": allergy.agent})
    template = "records/allergy_form.html#form" if request.htmx else "records/allergy_form.html"
    context = {"patient": patient, "form": form, "allergy": None}
    return render(request, template, context, status=422 if form.errors else 200)


@requires(Permission.ALLERGY_WRITE, anywhere=True)
@require_POST
def none_known(request: StaffRequest, patient_id: int) -> HttpResponse:
    """Asked, and the patient named none: from now on pages may say so."""
    patient = patient_for(request.member, patient_id, look="allergies", is_part=True)
    try:
        note_no_allergies(patient, actor=request.member)
    except Refusal as refusal:
        return refused(request, patient.pk, refusal)
    words = _("Noted for %(name)s: asked today, no allergies known.")
    return changed(request, patient.pk, words % {"name": patient.full_name})


@requires(Permission.ALLERGY_WRITE, anywhere=True)
@require_http_methods(["GET", "POST"])
def correction(request: StaffRequest, allergy_id: int) -> HttpResponse:
    allergy = access.allergy_for(request.member, allergy_id, Permission.ALLERGY_WRITE)
    patient_for(request.member, allergy.patient_id, look="allergies", is_part=True)
    form = AllergyForm(request.POST) if request.method == "POST" else AllergyForm.of(allergy)
    if request.method == "POST" and form.is_valid():
        with refusals_shown_on(form):
            correct_allergy(allergy, **form.cleaned_data, actor=request.member)
            return changed(request, allergy.patient_id, _("The allergy is corrected."))
    template = "records/allergy_form.html#form" if request.htmx else "records/allergy_form.html"
    context = {
        "patient": allergy.patient,
        "form": form,
        "allergy": allergy,
        "may_refute": allergy.certainty != Certainty.REFUTED,
    }
    return render(request, template, context, status=422 if form.errors else 200)


@requires(Permission.ALLERGY_WRITE, anywhere=True)
@require_http_methods(["GET", "POST"])
def refutation(request: StaffRequest, allergy_id: int) -> HttpResponse:
    """It was shown not to be an allergy: kept, with the reason, and no longer warning."""
    allergy = access.allergy_for(request.member, allergy_id, Permission.ALLERGY_WRITE)
    patient_for(request.member, allergy.patient_id, look="allergies", is_part=True)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_shown_on(form):
            refute_allergy(allergy, **form.cleaned_data, actor=request.member)
            return changed(request, allergy.patient_id, _("The allergy is marked as refuted."))
    template = "records/refute_allergy.html#form" if request.htmx else "records/refute_allergy.html"
    context = {"allergy": allergy, "form": form}
    return render(request, template, context, status=422 if form.errors else 200)


@requires(Permission.RECORD_WRITE, anywhere=True)
@require_GET
def check(request: StaffRequest, patient_id: int, row: int) -> HttpResponse:
    """The warnings for the medicine being typed in row `row` of the slip."""
    patient = patient_for(request.member, patient_id, look="slip", is_part=True)
    name = f"medicine-{row}"
    drug = request.GET.get(f"{name}-drug", "")[:300]
    warnings = allergy_warnings(patient.pk, [drug]).get(drug, [])
    context = {
        "warnings": warnings,
        "needs_reason": any(warning.level.needs_reason for warning in warnings),
        "name": f"{name}-despite_allergy",
        "reason": request.GET.get(f"{name}-despite_allergy", ""),
    }
    return render(request, "records/slip.html#warnings", context)
