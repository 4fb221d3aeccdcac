from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from tantam.accounts.models import Member
from tantam.facility.queries import organisation
from tantam.journal.operations import nothing_changed, operation, record, record_many
from tantam.lib.crypto import default_keyring
from tantam.lib.dates import format_day
from tantam.lib.scans import Scan
from tantam.lib.text import clean_text
from tantam.patients.models import Patient
from tantam.privacy.ages import refuse_wrong_decider
from tantam.privacy.errors import (
    DecidedInFuture,
    EvidenceKnown,
    EvidenceNeeded,
    LaterDecisionKnown,
    NothingToWithdraw,
    RepresentativeNameNeeded,
    StillKept,
    TextChangedMeanwhile,
    TextNeeded,
    TextUnchanged,
    TooMuchEvidence,
)
from tantam.privacy.events import PrivacyEvent
from tantam.privacy.models import (
    Consent,
    ConsentActor,
    ConsentChannel,
    ConsentDecision,
    ConsentEvidence,
    ConsentText,
    Purpose,
)
from tantam.privacy.registry import export_of, kept_until, registered_rooms, shredders
from tantam.privacy.texts import TEXT_LANGUAGES, shipped_text

LONGEST_TEXT: Final = 8_000
LONGEST_EVIDENCE: Final = 500
MOST_EVIDENCE: Final = 5
_CLOCKS_DIFFER: Final = timedelta(minutes=2)
_EVENTS: Final = {
    ConsentDecision.GIVEN: PrivacyEvent.CONSENT_GIVEN,
    ConsentDecision.REFUSED: PrivacyEvent.CONSENT_REFUSED,
    ConsentDecision.WITHDRAWN: PrivacyEvent.CONSENT_WITHDRAWN,
}
# A paper and a recording are somewhere: without saying where, nobody can prove the consent later.
_EVIDENCE_ELSEWHERE: Final = frozenset({ConsentChannel.PAPER, ConsentChannel.SPOKEN})


@dataclass(frozen=True, slots=True)
class HowDecided:
    """In which way a decision reached us, by whom it was made, and where the proof is."""

    channel: str
    decided_by: str = ConsentActor.SELF
    representative_name: str = ""
    representative_relation: str = ""
    evidence: str = ""
    scan: Scan | None = None
    decided_at: datetime | None = None


@operation
def record_consent(
    patient: Patient,
    purpose: str,
    *,
    decision: str,
    how: HowDecided,
    text: ConsentText | None = None,
    actor: Member,
) -> Consent:
    """Write down what a patient decided on one purpose, with proof (A10; Decree 356/2025 Art. 6).

    A row is added; the one before stays. `text` is what was read or signed: a consent needs one.

    Refuses with RepresentativeNeeded, BothNeeded or AdultDecidesAlone when the wrong person agreed;
    EvidenceNeeded for a yes on paper or on a recorded call without a scan or saying where it is; DecidedInFuture;
    LaterDecisionKnown; and for a withdrawal NothingToWithdraw.
    """
    if decision == ConsentDecision.GIVEN:
        if text is None:
            raise TextNeeded
        refuse_wrong_decider(patient, Purpose(purpose), how.decided_by, on=_day(how.decided_at))
        if how.channel in _EVIDENCE_ELSEWHERE and not how.scan and not how.evidence.strip():
            raise EvidenceNeeded(field="evidence")
    if how.decided_by != ConsentActor.SELF and not how.representative_name.strip():
        raise RepresentativeNameNeeded(field="representative_name")
    decided_at = how.decided_at or timezone.now()
    if decided_at > timezone.now() + _CLOCKS_DIFFER:
        raise DecidedInFuture(field="decided_at")

    # The patient's row is the lock: two decisions on one purpose come one after the other.
    Patient.objects.held(patient.pk)
    latest = Consent.objects.filter(patient=patient, purpose=purpose).order_by("-id").first()
    if latest is not None and latest.decided_at > decided_at:
        raise LaterDecisionKnown(
            field="decided_at", day=f"{timezone.localtime(latest.decided_at):%d/%m/%Y %H:%M}"
        )
    if decision == ConsentDecision.WITHDRAWN and (latest is None or latest.decision != ConsentDecision.GIVEN):
        raise NothingToWithdraw

    consent = Consent.objects.create(
        patient=patient,
        purpose=purpose,
        decision=decision,
        text=text or (latest.text if latest else None),
        channel=how.channel,
        decided_by=how.decided_by,
        representative_name=clean_text(how.representative_name, max_length=160),
        representative_relation=how.representative_relation,
        evidence=clean_text(how.evidence, max_length=LONGEST_EVIDENCE),
        decided_at=decided_at,
        recorded_by=actor,
    )
    record(
        _EVENTS[ConsentDecision(decision)],
        consent,
        actor=actor,
        purpose=purpose,
        channel=how.channel,
        decided_by=how.decided_by,
        version=consent.text.version if consent.text else None,
    )
    if how.scan is not None:
        add_evidence(consent, scan=how.scan, actor=actor)
    return consent


@operation
def add_evidence(consent: Consent, *, scan: Scan, actor: Member) -> ConsentEvidence:
    """Keep the scan that proves a decision, sealed; also later, when the paper reaches the scanner (A10).

    Refuses with EvidenceKnown and TooMuchEvidence.
    """
    # The patient's row is the lock, as for decisions: the count below is then the count.
    Patient.objects.held(consent.patient_id)
    fingerprint = sha256(scan.content).hexdigest()
    known = list(ConsentEvidence.objects.filter(consent=consent).values_list("sha256", flat=True))
    if fingerprint in known:
        raise EvidenceKnown(field="file")
    if len(known) >= MOST_EVIDENCE:
        raise TooMuchEvidence(field="file", limit=MOST_EVIDENCE)
    kept = ConsentEvidence.objects.create(
        consent=consent,
        kind=scan.kind,
        size=len(scan.content),
        sha256=fingerprint,
        sealed=default_keyring().encrypt(scan.content, context=ConsentEvidence.SEALED_FOR),
        added_by=actor,
    )
    record(PrivacyEvent.EVIDENCE_ADDED, consent, actor=actor, file=kept.pk, kind=kept.kind, size=kept.size)
    return kept


@operation
def withdraw_consent(patient: Patient, purpose: str, *, how: HowDecided, actor: Member) -> Consent:
    """Write down that a patient takes a consent back: at any time, in any way, without a reason (A10).

    Refuses with NothingToWithdraw.
    """
    return record_consent(patient, purpose, decision=ConsentDecision.WITHDRAWN, how=how, actor=actor)


@operation
def publish_consent_text(
    purpose: str, *, texts: Mapping[str, str], seen: int | None = None, actor: Member | None
) -> list[ConsentText]:
    """Publish a new version of the words for one purpose, in every language together.

    Consents given keep the version they were given to. `seen` is the version the editor started from.
    Refuses with TextNeeded, TextUnchanged or TextChangedMeanwhile.
    """
    clean = {
        language: clean_text(texts.get(language, ""), max_length=LONGEST_TEXT) for language in TEXT_LANGUAGES
    }
    for language, text in clean.items():
        if not text:
            raise TextNeeded(field=f"text_{language.replace('-', '_')}")
    _one_publisher()
    version = ConsentText.objects.filter(purpose=purpose).aggregate(latest=Max("version"))["latest"] or 0
    if seen is not None and seen != version:
        raise TextChangedMeanwhile(version=version)
    in_force = dict(
        ConsentText.objects.filter(purpose=purpose, version=version).values_list("language", "text")
    )
    if clean == in_force:
        raise TextUnchanged
    return _publish({purpose: clean}, version + 1, actor)


@operation
def ensure_consent_texts(*, actor: Member | None = None) -> int:
    """Publish the texts we ship for purposes that have none. Safe to run at every start, and before first use."""
    _one_publisher()
    present = set(ConsentText.objects.values_list("purpose", flat=True))
    company = organisation()
    missing = {
        str(purpose): {
            language: shipped_text(
                purpose,
                language,
                organisation=company.name if company else "Tận Tâm",
                hotline=company.hotline if company else "",
            )
            for language in TEXT_LANGUAGES
        }
        for purpose in Purpose
        if purpose not in present
    }
    if missing:
        _publish(missing, 1, actor)
    else:
        nothing_changed()
    return len(missing)


@operation
def note_looks_file(patient: Patient, *, actor: Member) -> None:
    """Note that the list of who looked at a patient was saved as a file."""
    record(PrivacyEvent.LOOKS_EXPORTED, patient, actor=actor)


@operation
def export_patient(patient: Patient, *, actor: Member) -> dict[str, dict[str, Any]]:
    """Everything kept about a patient, by room, to give to them on request (A10; Law 91/2025 Art. 4)."""
    record(PrivacyEvent.EXPORTED, patient, actor=actor, rooms=registered_rooms())
    return export_of(patient.pk)


@operation
def shred_patient(patient: Patient, *, actor: Member) -> None:
    """Destroy what names a patient, in every room and in the kept history. It cannot be undone.

    The journal keeps that it was done; it holds codes and ids only. Refuses with StillKept while a room must
    keep the record by law.
    """
    until = kept_until(patient.pk)
    if until is not None and until >= timezone.localdate():
        raise StillKept(until=format_day(until))
    for holding in shredders():
        holding.shred(patient.pk)
    record(PrivacyEvent.SHREDDED, patient, actor=actor, rooms=registered_rooms())


def _publish(texts: Mapping[str, Mapping[str, str]], version: int, actor: Member | None) -> list[ConsentText]:
    rows = ConsentText.objects.bulk_create(
        [
            ConsentText(
                purpose=purpose,
                language=language,
                version=version,
                text=text,
                sha256=sha256(text.encode()).hexdigest(),
                created_by=actor,
            )
            for purpose, by_language in texts.items()
            for language, text in by_language.items()
        ]
    )
    record_many(PrivacyEvent.TEXT_PUBLISHED, rows, actor=actor, version=version)
    return rows


def _one_publisher() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [0x7E87])


def _day(moment: datetime | None) -> datetime:
    return timezone.localtime(moment or timezone.now())
