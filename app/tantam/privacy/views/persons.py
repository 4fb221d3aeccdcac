"""For the privacy officer: what is held about one person, a copy of it, and its destruction (A10)."""

from __future__ import annotations

import io
import json
import zipfile
from base64 import b64decode
from typing import Any

from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.permissions import Permission
from tantam.patients.models import Patient
from tantam.patients.queries.header import header_for
from tantam.patients.registries.tabs import patient_tabs
from tantam.privacy import access
from tantam.privacy.forms.persons import DestructionForm
from tantam.privacy.operations import export_person, shred_person
from tantam.privacy.queries.persons import dealt_with, held_about, held_until
from tantam.ui.refusals import refusals_shown_on


def _page(
    request: StaffRequest, patient: Patient, form: DestructionForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "patient": patient,
        "header": header_for(patient, viewer=request.member),
        "tabs": patient_tabs(patient.pk, request.permissions),
        "held": held_about(patient),
        "until": held_until(patient),
        "dealt": dealt_with(patient),
        "form": form,
        "may_destroy": Permission.PRIVACY_SHRED in request.permissions,
    }
    return render(request, "privacy/person.html", context, status=status)


@requires(Permission.PRIVACY_EXPORT)
@require_safe
def held(request: StaffRequest, patient_id: int) -> HttpResponse:
    """What every room holds about a patient, in numbers, and what was done with it."""
    patient = access.patient_whose_data(request.member, patient_id, Permission.PRIVACY_EXPORT)
    return _page(request, patient, DestructionForm(patient=patient))


@requires(Permission.PRIVACY_EXPORT, confirms="always")
@require_POST
def copy(request: StaffRequest, patient_id: int) -> HttpResponse:
    """Everything about the patient as a ZIP: one JSON by room, and the scans beside it."""
    patient = access.patient_whose_data(request.member, patient_id, Permission.PRIVACY_EXPORT)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        given = export_person(patient, actor=request.member)
        for number, file in enumerate(_files_of(given), start=1):
            name = f"files/{number}.{file['media_type'].rpartition('/')[2]}"
            packed.writestr(name, b64decode(file.pop("content")))
            file["name"] = name
        packed.writestr("person.json", json.dumps(given, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder))
    answer = HttpResponse(content.getvalue(), content_type="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{patient.code}.zip"'
    return answer


def _files_of(given: Any) -> list[dict[str, Any]]:
    """Every file in the copy, wherever a room put it: a dictionary with a media type and content in base64."""
    found: list[dict[str, Any]] = []
    if isinstance(given, dict):
        if {"media_type", "content"} <= given.keys():
            return [given]
        given = list(given.values())
    if isinstance(given, list):
        for part in given:
            found += _files_of(part)
    return found


@requires(Permission.PRIVACY_SHRED, confirms="always")
@require_POST
def destruction(request: StaffRequest, patient_id: int) -> HttpResponse:
    """Destroy everything that names the patient, after their code was typed out."""
    patient = access.patient_whose_data(request.member, patient_id, Permission.PRIVACY_SHRED)
    form = DestructionForm(request.POST, patient=patient)
    if form.is_valid():
        with refusals_shown_on(form):
            shred_person(patient, reason=form.cleaned_data["reason"], actor=request.member)
        if not form.errors:
            messages.success(
                request, _("The personal data were destroyed. The journal keeps that it was done.")
            )
            return redirect("privacy:person", patient.pk)
    return _page(request, patient, form, status=422)
