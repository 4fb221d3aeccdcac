"""Consent on the registration page: one tick per purpose, none of them set beforehand (Decree 356/2025 Art. 6)."""

from __future__ import annotations

from tantam.accounts.models import Member
from tantam.accounts.permissions import Permission
from tantam.patients.models import Patient
from tantam.patients.registries.registration import RegistrationPart, register_part
from tantam.privacy.forms.consents import ConsentTicksForm
from tantam.privacy.models import ConsentDecision
from tantam.privacy.operations import record_consent
from tantam.privacy.queries import text_in_force


def record_ticks(patient: Patient, form: ConsentTicksForm, actor: Member) -> None:
    """Record a consent for every ticked purpose. What is not ticked is not asked yet, and no refusal."""
    for purpose in form.ticked:
        record_consent(
            patient,
            purpose,
            decision=ConsentDecision.GIVEN,
            how=form.how(),
            text=text_in_force(purpose, patient.language),
            submission=form.cleaned_data["submission"],
            actor=actor,
        )


register_part(
    RegistrationPart(
        name="consent",
        form=ConsentTicksForm,
        template="privacy/_ticks.html",
        act=record_ticks,
        permission=Permission.CONSENT_RECORD,
    )
)
