from __future__ import annotations

from django.utils import timezone

from tantam.accounts.models import Member
from tantam.facility.models import Site
from tantam.journal.operations import operation, record
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
    actor: Member,
) -> ConditionChange:
    """Note what the patient says has changed since the visit (B7). Added to the record, never rewritten.

    `site` is where it is shown; without one, the encounter's. Refuses with TextNeeded.
    """
    said = clean_text(text, max_length=LONGEST_TEXT)
    if not said:
        raise TextNeeded(field="text")
    change: ConditionChange = ConditionChange.objects.create(
        patient=patient,
        encounter=encounter,
        site_id=site.pk if site else encounter.site_id if encounter else None,
        trend=Trend(trend),
        text=said,
        reported_to=actor,
    )
    record(RecordEvent.CONDITION_CHANGED, change, actor=actor, trend=trend)
    return change


@operation
def resolve_diagnosis(diagnosis: Diagnosis, *, actor: Member) -> Diagnosis:
    """The patient no longer has it. Refuses with DiagnosisAlreadyResolved."""
    resolved: Diagnosis = Diagnosis.objects.select_for_update(of=("self",)).get(pk=diagnosis.pk)
    if resolved.status == DiagnosisStatus.RESOLVED:
        raise DiagnosisAlreadyResolved
    resolved.status = DiagnosisStatus.RESOLVED
    resolved.resolved_on = timezone.localdate()
    resolved.save(update_fields=["status", "resolved_on"])
    record(RecordEvent.DIAGNOSIS_RESOLVED, resolved, actor=actor, code=resolved.code)
    return resolved


@operation
def stop_prescription_line(line: PrescriptionLine, *, reason: str = "", actor: Member) -> PrescriptionLine:
    """The patient stops taking a medicine. Refuses with PrescriptionAlreadyStopped."""
    stopped: PrescriptionLine = PrescriptionLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
    if stopped.status != PrescriptionStatus.ACTIVE:
        raise PrescriptionAlreadyStopped
    stopped.status = PrescriptionStatus.STOPPED
    stopped.stopped_on = timezone.localdate()
    stopped.stop_reason = clean_text(reason, max_length=300)
    stopped.save(update_fields=["status", "stopped_on", "stop_reason"])
    record(RecordEvent.PRESCRIPTION_STOPPED, stopped, actor=actor)
    return stopped
