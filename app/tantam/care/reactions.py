"""What changes in a record, or a patient's no, moves or ends the contacts about it, within seconds (B4, A10)."""

from __future__ import annotations

from tantam.care.operations.planning import plan_patient
from tantam.journal.models import Entry
from tantam.journal.reactions import on
from tantam.patients.events import PatientsEvent
from tantam.privacy.events import PrivacyEvent
from tantam.records.events import RecordEvent


@on(
    RecordEvent.REEXAMINATION_PLANNED,
    RecordEvent.REEXAMINATION_MOVED,
    RecordEvent.REEXAMINATION_CANCELLED,
    RecordEvent.REEXAMINATION_DONE,
    RecordEvent.REEXAMINATION_REOPENED,
    RecordEvent.ENCOUNTER_WRITTEN,
    RecordEvent.ENCOUNTER_CORRECTED,
    RecordEvent.ENCOUNTER_CANCELLED,
    RecordEvent.DOCTOR_CHANGED,
    PatientsEvent.MARKED_DECEASED,
    PatientsEvent.MARKED_INACTIVE,
    PatientsEvent.MARKED_ACTIVE,
    PrivacyEvent.CONSENT_GIVEN,
    PrivacyEvent.CONSENT_REFUSED,
    PrivacyEvent.CONSENT_WITHDRAWN,
    name="care.contacts_follow_the_record",
)
def contacts_follow_the_record(entry: Entry) -> None:
    """Plan, move and close the patient's contacts. Running twice finds nothing left to do."""
    if entry.patient_id is not None:
        plan_patient(entry.patient_id)
