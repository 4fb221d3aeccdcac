from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from tantam.lib.prepared import Prepared
from tantam.patients.models import Patient
from tantam.privacy.models import (
    Consent,
    ConsentActor,
    ConsentDecision,
    ConsentEvidence,
    ConsentText,
    Purpose,
)
from tantam.privacy.rules.ages import deciders

_NO: Final = (ConsentDecision.REFUSED, ConsentDecision.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class ConsentState:
    """Where a patient stands on one purpose.

    `is_given` is what counts. `ask_again` when they agreed as a child and have come of age, or the child now
    has a say; `is_outdated` when a newer text was published since.
    """

    purpose: Purpose
    consent: Consent | None = None
    is_given: bool = False
    ask_again: bool = False
    is_outdated: bool = False

    @property
    def is_refused(self) -> bool:
        return self.consent is not None and self.consent.decision in _NO

    @property
    def is_allowed(self) -> bool:
        """Whether the data may be used for this purpose: a yes, or for care no no."""
        return self.is_given or (self.purpose.rests_on_care and not self.is_refused)

    @property
    def label(self) -> str:
        if self.consent is None:
            return _("Not asked yet")
        if self.consent.decision == ConsentDecision.GIVEN and not self.is_given:
            return _("To be asked again")
        return str(ConsentDecision(self.consent.decision).label)

    @property
    def kind(self) -> str:
        """The badge: good, danger for a no, wait for a question still open."""
        if self.is_refused:
            return "danger"
        return "good" if self.is_given and not self.ask_again else "wait"


_latest_of = Prepared(
    lambda patient_id: (
        Consent.objects.filter(patient=patient_id)
        .select_related("text", "recorded_by")
        .order_by("purpose", "-id")
        .distinct("purpose")
    )
)


def effective_consent(patient: Patient, purpose: str, *, on: date | None = None) -> ConsentState:
    """What the patient's latest decision on a purpose means on a day (A10)."""
    latest = (
        Consent.objects.filter(patient=patient, purpose=purpose)
        .select_related("text")
        .order_by("-id")
        .first()
    )
    return _state(patient, Purpose(purpose), latest, {}, on or timezone.localdate())


def consents_of(
    patient: Patient, *, on: date | None = None, compare_texts: bool = True
) -> list[ConsentState]:
    """Where a patient stands on every purpose. Two statements; one without `compare_texts` (`is_outdated`)."""
    latest = {consent.purpose: consent for consent in _latest_of(patient.pk)}
    newest = ConsentText.objects.order_by("purpose", "-version").distinct("purpose")
    versions = dict(newest.values_list("purpose", "version")) if compare_texts else {}
    day = on or timezone.localdate()
    return [_state(patient, purpose, latest.get(purpose), versions, day) for purpose in Purpose]


def history_of(patient: Patient) -> list[Consent]:
    """Every decision of a patient, the newest first, with what proves it but for the scans' own bytes."""
    scans = ConsentEvidence.objects.defer("sealed").order_by("pk")
    return list(
        Consent.objects.filter(patient=patient)
        .select_related("text", "recorded_by")
        .prefetch_related(Prefetch("files", scans))
        .order_by("-id")[:200]
    )


def _state(
    patient: Patient, purpose: Purpose, consent: Consent | None, versions: dict[str, int], day: date
) -> ConsentState:
    if consent is None:
        return ConsentState(purpose)
    if consent.decision != ConsentDecision.GIVEN:
        return ConsentState(purpose, consent)
    grown = _has_outgrown(patient, purpose, consent, day)
    newest = versions.get(purpose)
    return ConsentState(
        purpose,
        consent,
        # Care goes on while somebody asks; for every other purpose the old yes no longer counts.
        is_given=purpose.rests_on_care or not grown,
        ask_again=grown,
        is_outdated=bool(newest and consent.text and consent.text.version < newest),
    )


def _has_outgrown(patient: Patient, purpose: Purpose, consent: Consent, day: date) -> bool:
    if consent.decided_by == ConsentActor.SELF:
        return False
    return consent.decided_by not in deciders(patient, purpose, on=day)


def may_use(patient: Patient, purpose: str) -> bool:
    """Whether the patient's data may be used for this purpose today."""
    return effective_consent(patient, purpose).is_allowed


def may_contact(patient: Patient) -> bool:
    """Whether care may call or write to the patient: alive, ours, and not having said no (B4, A10).

    Care contacts rest on the treatment itself until the patient refuses; see docs/decisions/0041-consent.md.
    """
    return patient.may_be_contacted and may_use(patient, Purpose.CARE_CONTACT)


def contact_refused(patient: str) -> str:
    """A condition for a statement over many patients: the latest word of `patient` on care contacts is a no.

    `patient` is the column with the patient's id, as written in the statement; never text from outside.
    """
    return f"""EXISTS (
        SELECT 1 FROM privacy_consent said
        WHERE said.patient_id = {patient} AND said.purpose = '{Purpose.CARE_CONTACT.value}'
          AND said.decision IN ({", ".join(f"'{no.value}'" for no in _NO)})
          AND NOT EXISTS (SELECT 1 FROM privacy_consent later
                          WHERE later.patient_id = said.patient_id AND later.purpose = said.purpose
                            AND later.id > said.id))"""
