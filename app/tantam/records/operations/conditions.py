from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from tantam.accounts.models import Member
from tantam.facility.models import Site
from tantam.journal.operations import nothing_changed, operation, record
from tantam.lib.text import clean_text
from tantam.patients.models import Patient
from tantam.records.errors import (
    DiagnosisAlreadyResolved,
    PrescriptionAlreadyStopped,
    TextNeeded,
)
from tantam.records.events import RecordEvent
from tantam.records.models import (
    ConditionChange,
    Diagnosis,
    DiagnosisStatus,
    Encounter,
    PrescriptionLine,
    PrescriptionStatus,
    Trend,
)

LONGEST_TEXT = 4_000


@operation
def note_condition_change(
    patient: Patient,
    *,
    trend: str,
    text: str,
    encounter: Encounter | None = None,
    site: Site | None = None,
    submission: UUID | None = None,
    actor: Member,
) -> ConditionChange:
    """Note what the patient says has changed since the visit (B7). Added to the record, never rewritten.

    `site` is where it is shown; without one, the encounter's. A form sent twice (same `submission`) is noted once.
    Refuses with TextNeeded.
    """
    said = clean_text(text, max_length=LONGEST_TEXT)
    if not said:
        raise TextNeeded(field="text")
    patient = Patient.objects.held(patient.pk)
    if submission is not None:
        sent = ConditionChange.objects.filter(patient=patient, submission=submission).first()
        if sent is not None:
            nothing_changed()
            return sent
    change: ConditionChange = ConditionChange.objects.create(
        patient=patient,
        encounter=encounter,
        site_id=site.pk if site else encounter.site_id if encounter else None,
        trend=Trend(trend),
        text=said,
        reported_to=actor,
        submission=submission,
    )
    record(RecordEvent.CONDITION_CHANGED, change, actor=actor)
    return change


@operation
def resolve_diagnosis(diagnosis: Diagnosis, *, actor: Member) -> Diagnosis:
    """The patient no longer has it. Refuses with DiagnosisAlreadyResolved."""
    Patient.objects.held(diagnosis.patient_id)
    resolved = Diagnosis.objects.held(diagnosis.pk)
    if resolved.status == DiagnosisStatus.RESOLVED:
        raise DiagnosisAlreadyResolved
    resolved.status = DiagnosisStatus.RESOLVED
    resolved.resolved_on = timezone.localdate()
    resolved.save(update_fields=["status", "resolved_on"])
    record(RecordEvent.DIAGNOSIS_RESOLVED, resolved, actor=actor)
    return resolved


@operation
def stop_prescription_line(line: PrescriptionLine, *, reason: str = "", actor: Member) -> PrescriptionLine:
    """The patient stops taking a medicine. Refuses with PrescriptionAlreadyStopped."""
    Patient.objects.held(line.patient_id)
    stopped = PrescriptionLine.objects.held(line.pk)
    if stopped.status != PrescriptionStatus.ACTIVE:
        raise PrescriptionAlreadyStopped
    stopped.status = PrescriptionStatus.STOPPED
    stopped.stopped_on = timezone.localdate()
    stopped.stop_reason = clean_text(reason, max_length=300)
    stopped.save(update_fields=["status", "stopped_on", "stop_reason"])
    record(RecordEvent.PRESCRIPTION_STOPPED, stopped, actor=actor)
    return stopped
