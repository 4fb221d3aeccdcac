"""The patient's header is whole on every tab: the next re-examination and the consent to care calls stand in it."""

from __future__ import annotations

from tantam.accounts.models import Member
from tantam.desk.queries.overview import care_consent_words
from tantam.patients.models import Patient
from tantam.patients.registries.header import HeaderFacts, add_to_header
from tantam.privacy.models import Purpose
from tantam.privacy.queries import effective_consent
from tantam.records.queries.reexaminations import next_date


def facts(patient: Patient, viewer: Member) -> HeaderFacts:
    """Two statements; one for who may not see records."""
    state = effective_consent(patient, Purpose.CARE_CONTACT)
    return HeaderFacts(next_date(patient, viewer), care_consent_words(state), state.kind)


add_to_header(facts)
