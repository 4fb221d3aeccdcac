from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from tantam.accounts.models import Member
from tantam.journal.operations import nothing_changed, operation, record
from tantam.lib.names import fold
from tantam.lib.text import clean_text
from tantam.patients.models import Patient
from tantam.records.errors import (
    AgentNeeded,
    AllergyAlreadyNoted,
    AllergyAlreadyRefuted,
    AllergyKnown,
    ReasonNeeded,
)
from tantam.records.events import RecordEvent
from tantam.records.models import Allergy, AllergyKind, Certainty, Severity


def _named(agent: str) -> tuple[str, str]:
    name = clean_text(agent, max_length=200)
    key = fold(name)[:200]
    if not key:
        raise AgentNeeded(field="agent")
    return name, key


def _held(allergy: Allergy) -> Allergy:
    Patient.objects.held(allergy.patient_id)
    return Allergy.objects.held(allergy.pk)


def _asked(patient: Patient) -> None:
    patient.allergies_asked_on = timezone.localdate()
    patient.save(update_fields=["allergies_asked_on"])


@operation
def note_no_allergies(patient: Patient, *, actor: Member) -> Patient:
    """The patient was asked today which medicines they do not tolerate, and named none (B7).

    Only then may a page say that there are none; before, nobody knows. Asked again on the same day changes nothing.
    Refuses with AllergyKnown while an allergy stands that warns.
    """
    patient = Patient.objects.held(patient.pk)
    standing = Allergy.objects.warning().filter(patient=patient).first()
    if standing is not None:
        raise AllergyKnown(agent=standing.agent)
    if patient.allergies_asked_on == timezone.localdate():
        nothing_changed()
        return patient
    _asked(patient)
    record(RecordEvent.ALLERGIES_ASKED, patient, actor=actor)
    return patient


@operation
def note_allergy(
    patient: Patient,
    *,
    agent: str,
    kind: str = AllergyKind.DRUG,
    reaction: str = "",
    severity: str = Severity.UNKNOWN,
    certainty: str = Certainty.SUSPECTED,
    note: str = "",
    submission: UUID | None = None,
    actor: Member,
) -> Allergy:
    """Note what the patient is allergic to; everyone who sees the record is warned from now on (B7).

    The same agent again, in any spelling of accents and case, never makes a second row: what is newly known
    (severity, reaction, certainty) completes the first, and a refuted allergy warns again. A confirmed allergy
    is not made uncertain by hearing of it again. A form sent twice (same `submission`) is noted once, whatever was
    written meanwhile.

    Refuses with AgentNeeded when nothing is named.
    """
    name, key = _named(agent)
    reaction = clean_text(reaction, max_length=300)
    fresh = {
        "agent": name,
        "kind": kind,
        "reaction": reaction,
        "severity": severity,
        "certainty": certainty,
        "note": clean_text(note, max_length=300),
        "noted_by": actor,
        "submission": submission,
    }
    patient = Patient.objects.held(patient.pk)
    if submission is not None:
        sent = Allergy.objects.filter(patient=patient, submission=submission).first()
        if sent is not None:
            nothing_changed()
            return sent
    if patient.allergies_asked_on is None:
        _asked(patient)
    known, is_new = Allergy.objects.get_or_create(patient=patient, agent_key=key, defaults=fresh)
    if is_new:
        record(RecordEvent.ALLERGY_NOTED, known, actor=actor)
        return known
    learnt = {
        "kind": kind,
        "reaction": reaction or known.reaction,
        "severity": known.severity if severity == Severity.UNKNOWN else severity,
        "certainty": known.certainty
        if known.certainty == Certainty.CONFIRMED and certainty == Certainty.SUSPECTED
        else certainty,
        "note": fresh["note"] or known.note,
    }
    changed = [name for name, value in learnt.items() if getattr(known, name) != value]
    if not changed:
        nothing_changed()
        return known
    for name in changed:
        setattr(known, name, learnt[name])
    known.submission = submission
    known.save(update_fields=[*changed, "submission"])
    record(RecordEvent.ALLERGY_NOTED, known, actor=actor, changed=changed)
    return known


@operation
def correct_allergy(
    allergy: Allergy,
    *,
    agent: str,
    kind: str,
    reaction: str,
    severity: str,
    certainty: str,
    note: str = "",
    actor: Member,
) -> Allergy:
    """Correct what was noted. Refuses with AgentNeeded, or AllergyAlreadyNoted when the new name is taken."""
    corrected = _held(allergy)
    name, key = _named(agent)
    written = {
        "agent": name,
        "agent_key": key,
        "kind": kind,
        "reaction": clean_text(reaction, max_length=300),
        "severity": severity,
        "certainty": certainty,
        "note": clean_text(note, max_length=300),
    }
    changed = [field for field, value in written.items() if getattr(corrected, field) != value]
    if not changed:
        nothing_changed()
        return corrected
    for field in changed:
        setattr(corrected, field, written[field])
    try:
        with transaction.atomic():
            corrected.save(update_fields=changed)
    except IntegrityError:
        raise AllergyAlreadyNoted(field="agent", agent=name) from None
    record(RecordEvent.ALLERGY_CORRECTED, corrected, actor=actor, changed=changed)
    return corrected


@operation
def refute_allergy(allergy: Allergy, *, reason: str, actor: Member) -> Allergy:
    """Mark an allergy as shown not to be one. It is kept, with the reason, and no longer warns.

    Refuses with ReasonNeeded or AllergyAlreadyRefuted.
    """
    refuted = _held(allergy)
    why = clean_text(reason, max_length=300)
    if not why:
        raise ReasonNeeded(field="reason")
    if refuted.certainty == Certainty.REFUTED:
        raise AllergyAlreadyRefuted
    refuted.certainty = Certainty.REFUTED
    refuted.note = why
    refuted.save(update_fields=["certainty", "note"])
    record(RecordEvent.ALLERGY_REFUTED, refuted, actor=actor)
    return refuted
