from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_http_methods

from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.permissions import Permission
from tantam.facility.queries import organisation
from tantam.patients.models import Patient
from tantam.patients.queries.header import header_for
from tantam.patients.registries.tabs import patient_tabs
from tantam.privacy import access
from tantam.privacy.forms.consents import DecisionForm, WithdrawalForm
from tantam.privacy.models import Purpose
from tantam.privacy.operations import record_consent, withdraw_consent
from tantam.privacy.queries import (
    consents_of,
    effective_consent,
    history_of,
    text_in_force,
)
from tantam.ui.refusals import refusals_shown_on
from tantam.ui.toasts import toast


def asked_purpose(code: str) -> Purpose:
    if code not in Purpose.values:
        raise Http404
    return Purpose(code)


def consents_page(request: StaffRequest, patient: Patient, **more: Any) -> dict[str, Any]:
    return {
        "patient": patient,
        "header": header_for(patient, viewer=request.member),
        "tabs": patient_tabs(patient.pk, request.permissions),
        "states": consents_of(patient),
        "decisions": history_of(patient),
        "may_record": Permission.CONSENT_RECORD in request.permissions,
        **more,
    }


def shown(request: StaffRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    template = "privacy/consents.html#consents" if request.htmx else "privacy/consents.html"
    return render(request, template, context, status=status)


def _is_part(request: StaffRequest) -> bool:
    """Whether what is asked for belongs to a page that was noted when it was opened."""
    return bool(request.htmx) or request.method == "POST"


def sent(request: StaffRequest) -> tuple[Any, Any]:
    """What was posted, with the files; nothing when the form is only opened."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def done(request: StaffRequest, patient: Patient, words: str) -> HttpResponse:
    if not request.htmx:
        messages.success(request, words)
        return redirect("privacy:consents", patient.pk)
    return toast(shown(request, consents_page(request, patient)), words)


@requires(Permission.PATIENT_FIND)
@require_GET
def consents(request: StaffRequest, patient_id: int) -> HttpResponse:
    """What the patient agreed to, by purpose, and every decision with its proof (A10)."""
    patient = access.patient_whose_consents(request.member, patient_id, is_part=bool(request.htmx))
    return shown(request, consents_page(request, patient))


@requires(Permission.CONSENT_RECORD)
@require_http_methods(["GET", "POST"])
def decision(request: StaffRequest, patient_id: int, purpose: str) -> HttpResponse:
    """Record a yes or a no on one purpose, with the words the patient was shown."""
    wanted = asked_purpose(purpose)
    patient = access.patient_whose_consents(request.member, patient_id, is_part=_is_part(request))
    text = text_in_force(wanted, patient.language)
    form = DecisionForm(*sent(request), patient=patient, purpose=wanted)
    if form.is_bound and form.is_valid():
        with refusals_shown_on(form):
            record_consent(
                patient,
                wanted,
                decision=form.cleaned_data["decision"],
                how=form.how(),
                text=text,
                submission=form.cleaned_data["submission"],
                actor=request.member,
            )
        if not form.errors:
            return done(request, patient, _("Decision recorded."))
    context = consents_page(request, patient, asked=wanted, form=form, text=text)
    return shown(request, context, status=422 if form.errors else 200)


@requires(Permission.CONSENT_RECORD)
@require_http_methods(["GET", "POST"])
def withdrawal(request: StaffRequest, patient_id: int, purpose: str) -> HttpResponse:
    """Record that the patient takes a consent back."""
    wanted = asked_purpose(purpose)
    patient = access.patient_whose_consents(request.member, patient_id, is_part=_is_part(request))
    form = WithdrawalForm(*sent(request))
    if form.is_bound and form.is_valid():
        with refusals_shown_on(form):
            withdraw_consent(
                patient,
                wanted,
                how=form.how(),
                submission=form.cleaned_data["submission"],
                actor=request.member,
            )
        if not form.errors:
            return done(request, patient, _("Withdrawal recorded. The data are no longer used for this."))
    context = consents_page(request, patient, withdrawn=wanted, form=form)
    return shown(request, context, status=422 if form.errors else 200)


@requires(Permission.PATIENT_FIND)
@require_GET
def printed_text(request: StaffRequest, patient_id: int, purpose: str) -> HttpResponse:
    """The text on paper, in the patient's language, with places to sign."""
    wanted = asked_purpose(purpose)
    patient = access.patient_whose_consents(request.member, patient_id)
    text = text_in_force(wanted, patient.language)
    with override(text.language):
        return render(
            request,
            "privacy/printed_text.html",
            {
                "patient": patient,
                "purpose": wanted,
                "text": text,
                "state": effective_consent(patient, wanted),
                "organisation": organisation(),
                "today": timezone.localdate(),
            },
        )
