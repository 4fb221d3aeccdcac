from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.permissions import Permission
from tantam.lib.errors import Refusal
from tantam.patients import access
from tantam.patients.errors import ChangedMeanwhile
from tantam.patients.forms.person import CorrectionForm
from tantam.patients.forms.status import StatusForm
from tantam.patients.models import Patient
from tantam.patients.operations import correct_patient, mark_active, mark_deceased, mark_inactive
from tantam.patients.queries.changes import changes_of, masked
from tantam.patients.queries.header import addressed_as, header_for
from tantam.patients.queries.identifiers import identifiers_of
from tantam.patients.queries.likely import LikelyDuplicate, Person, likely_duplicates
from tantam.patients.queries.phones import in_order_to_try
from tantam.patients.registries.tabs import patient_tabs
from tantam.patients.rules.places import communes
from tantam.ui.refusals import refusals_shown_on
from tantam.ui.toasts import toast

PAGE = "patients/details.html"


def context_of(request: StaffRequest, patient: Patient, **more: Any) -> dict[str, Any]:
    """What the details page shows. Five statements with contact points, relatives and numbers."""
    points = sorted(
        in_order_to_try(patient.contact_points.all()), key=lambda point: (point.is_wrong, point.kind)
    )
    return {
        "patient": patient,
        "header": header_for(patient, viewer=request.member, contact_points=points),
        "tabs": patient_tabs(patient.pk, request.permissions),
        "points": points,
        "known_as": identifiers_of(patient),
        "relatives": list(patient.relatives.select_related("contact_point")),
        "may_edit": Permission.PATIENT_EDIT in request.permissions,
        "may_identity": Permission.PATIENT_IDENTITY in request.permissions,
        "identity_masked": masked(patient.identity_number),
        "insurance_masked": masked(patient.insurance_number),
        "addressed_as": addressed_as(patient, timezone.localdate()),
        **more,
    }


def shown(request: StaffRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """What stands below the menu for htmx, the whole page otherwise."""
    return render(request, f"{PAGE}#patient" if request.htmx else PAGE, context, status=status)


def done(request: StaffRequest, patient: Patient, words: str) -> HttpResponse:
    """After an act: everything about the patient anew with a toast for htmx, else back to the page."""
    if not request.htmx:
        messages.success(request, words)
        return redirect("patients:details", patient.pk)
    patient = Patient.objects.get(pk=patient.pk)
    return toast(shown(request, context_of(request, patient)), words)


@requires(Permission.PATIENT_FIND)
@require_GET
def details(request: StaffRequest, patient_id: int) -> HttpResponse:
    """Who the patient is and how to reach them."""
    patient = access.patient_for(request.member, patient_id, look="details")
    return render(request, PAGE, context_of(request, patient))


@requires(Permission.PATIENT_EDIT)
@require_http_methods(["GET", "POST"])
def person(request: StaffRequest, patient_id: int) -> HttpResponse:
    """Correct who the patient is."""
    patient = access.patient_for(
        request.member,
        patient_id,
        look="details",
        is_part=bool(request.htmx) or request.method != "GET",
    )
    with_numbers = Permission.PATIENT_IDENTITY in request.permissions
    if request.method == "GET":
        form = CorrectionForm(patient=patient, with_numbers=with_numbers)
        if with_numbers and (patient.identity_number or patient.insurance_number):
            access.note_look(patient, "identity", actor=request.member)
        return shown(request, _with_form(request, patient, form))
    form = CorrectionForm(request.POST, patient=patient, with_numbers=with_numbers)
    valid = form.is_valid()
    # Read now: a refusal takes the value it speaks of out of the form.
    likely = _like(form, patient)
    if valid:
        try:
            patient = correct_patient(
                patient, changes=form.changes(), version=form.cleaned_data["version"], actor=request.member
            )
        except Refusal as refusal:
            field = refusal.field if refusal.field in form.fields else None
            form.add_error(field, forms.ValidationError(str(refusal), code=refusal.code))
            if isinstance(refusal, ChangedMeanwhile):
                # The next save is made knowing of the other's changes.
                patient.refresh_from_db()
                typed = request.POST.copy()
                typed["version"] = str(patient.version)
                form.data = typed
        else:
            return done(request, patient, _("Details saved."))
    return shown(request, _with_form(request, patient, form, likely), status=422)


def _like(form: CorrectionForm, patient: Patient) -> list[LikelyDuplicate]:
    """Others very like what the patient is about to become."""
    given = form.cleaned_data
    typed = Person(
        full_name=given.get("full_name") or "",
        birth=given.get("born"),
        identity_number=given.get("identity_number") or "",
    )
    return likely_duplicates(typed, but=patient.pk)


def _with_form(
    request: StaffRequest, patient: Patient, form: CorrectionForm, likely: Sequence[LikelyDuplicate] = ()
) -> dict[str, Any]:
    return context_of(
        request,
        patient,
        person_form=form,
        card_warnings=form.card_warnings() if form.is_bound else [],
        likely=likely,
        held=next((one for one in likely if one.is_same_identity), None),
        communes=communes(str(form["province"].value() or "")),
    )


@requires(Permission.PATIENT_IDENTITY)
@require_POST
def numbers(request: StaffRequest, patient_id: int) -> HttpResponse:
    """Show identity and insurance numbers in full. Asking is a look of its own (D9)."""
    patient = access.patient_for(request.member, patient_id, look="identity")
    return shown(request, context_of(request, patient, numbers_shown=True))


@requires(Permission.PATIENT_EDIT)
@require_http_methods(["GET", "POST"])
def status(request: StaffRequest, patient_id: int) -> HttpResponse:
    """Whether the patient is alive and ours; every answer can be taken back."""
    patient = access.patient_for(request.member, patient_id, look="details", is_part=True)
    initial = {"status": patient.status, "deceased_on": patient.deceased_on}
    if request.method == "GET":
        return shown(request, context_of(request, patient, status_form=StatusForm(initial=initial)))
    form = StatusForm(request.POST, initial=initial)
    if form.is_valid():
        with refusals_shown_on(form):
            match form.cleaned_data["status"]:
                case "deceased":
                    mark_deceased(patient, on=form.cleaned_data["deceased_on"], actor=request.member)
                case "inactive":
                    mark_inactive(patient, actor=request.member)
                case _:
                    mark_active(patient, actor=request.member)
        if not form.errors:
            return done(request, patient, _("Status saved."))
    return shown(request, context_of(request, patient, status_form=form), status=422)


@requires(Permission.PATIENT_FIND)
@require_GET
def history(request: StaffRequest, patient_id: int) -> HttpResponse:
    """Who changed what, and when."""
    patient = access.patient_for(request.member, patient_id, look="history")
    context = {
        "patient": patient,
        "header": header_for(patient, viewer=request.member),
        "tabs": patient_tabs(patient.pk, request.permissions),
        "changes": changes_of(patient),
    }
    return render(request, "patients/history.html", context)
