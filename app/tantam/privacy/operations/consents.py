from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.utils import timezone

from tantam.accounts.models import Member
from tantam.journal.operations import nothing_changed, operation, record
from tantam.lib.crypto import default_keyring
from tantam.lib.scans import Scan
from tantam.lib.text import clean_text
from tantam.patients.models import Patient
from tantam.privacy.errors import (
    DecidedInFuture,
    EvidenceKnown,
    EvidenceNeeded,
    LaterDecisionKnown,
    NothingToWithdraw,
    RepresentativeNameNeeded,
    TextNeeded,
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
from tantam.privacy.rules.ages import refuse_wrong_decider
from tantam.privacy.rules.decisions import LONGEST_EVIDENCE, MOST_EVIDENCE, HowDecided

_CLOCKS_DIFFER: Final = timedelta(minutes=2)
_EVENTS: Final = {
    ConsentDecision.GIVEN: PrivacyEvent.CONSENT_GIVEN,
    ConsentDecision.REFUSED: PrivacyEvent.CONSENT_REFUSED,
    ConsentDecision.WITHDRAWN: PrivacyEvent.CONSENT_WITHDRAWN,
}
# A paper and a recording are somewhere: without saying where, nobody can prove the consent later.
_EVIDENCE_ELSEWHERE: Final = frozenset({ConsentChannel.PAPER, ConsentChannel.SPOKEN})


@operation
def record_consent(
    patient: Patient,
    purpose: str,
    *,
    decision: str,
    how: HowDecided,
    text: ConsentText | None = None,
    submission: UUID | None = None,
    actor: Member,
) -> Consent:
    """Write down what a patient decided on one purpose, with proof (A10; Decree 356/2025 Art. 6).

    A row is added; the one before stays. `text` is what was read or signed: a consent needs one. A form sent twice
    (same `submission`) decides once: the second time answers the first decision, whatever was decided meanwhile.

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
    if submission is not None:
        sent = Consent.objects.filter(patient=patient, purpose=purpose, submission=submission).first()
        if sent is not None:
            nothing_changed()
            return sent
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
        submission=submission,
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
def add_evidence(
    consent: Consent, *, scan: Scan, submission: UUID | None = None, actor: Member
) -> ConsentEvidence:
    """Keep the scan that proves a decision, sealed; also later, when the paper reaches the scanner (A10).

    A form sent twice (same `submission`) keeps one file; the second time answers the first.

    Refuses with EvidenceKnown and TooMuchEvidence.
    """
    # The patient's row is the lock, as for decisions: the count below is then the count.
    Patient.objects.held(consent.patient_id)
    if submission is not None:
        sent = ConsentEvidence.objects.filter(consent=consent, submission=submission).first()
        if sent is not None:
            nothing_changed()
            return sent
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
        submission=submission,
    )
    record(PrivacyEvent.EVIDENCE_ADDED, consent, actor=actor, file=kept.pk, kind=kept.kind, size=kept.size)
    return kept


@operation
def withdraw_consent(
    patient: Patient, purpose: str, *, how: HowDecided, submission: UUID | None = None, actor: Member
) -> Consent:
    """Write down that a patient takes a consent back: at any time, in any way, without a reason (A10).

    Refuses with NothingToWithdraw.
    """
    return record_consent(
        patient, purpose, decision=ConsentDecision.WITHDRAWN, how=how, submission=submission, actor=actor
    )


def _day(moment: datetime | None) -> datetime:
    return timezone.localtime(moment or timezone.now())
