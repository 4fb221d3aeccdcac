from __future__ import annotations

from typing import TypeVar

from tantam.accounts.models import Member, Practitioner
from tantam.journal.operations import operation, record
from tantam.lib.text import clean_text
from tantam.patients.models import Patient
from tantam.records.errors import DoctorAlreadyResponsible, DoctorNotActive, EncounterAlreadyCancelled
from tantam.records.events import RecordEvent
from tantam.records.models import Encounter, Reexamination

Subject = TypeVar("Subject", Encounter, Reexamination)


@operation
def change_responsible_doctor(
    subject: Subject, *, doctor: Practitioner, reason: str = "", actor: Member
) -> Subject:
    """Put another doctor in charge of a re-examination, or of a visit and its open re-examinations (B7).

    The journal entry names the doctor before and after, so that both can be told.

    Refuses with DoctorNotActive, DoctorAlreadyResponsible, ReexaminationClosed or EncounterAlreadyCancelled.
    """
    if not doctor.is_active:
        raise DoctorNotActive(field="doctor", doctor=str(doctor))
    why = clean_text(reason, max_length=300)
    Patient.objects.held(subject.patient_id)
    if isinstance(subject, Reexamination):
        held = Reexamination.objects.held_open(subject)
        before = _hand_over(held, doctor)
        held.change_reason = why
        held.save(update_fields=["doctor", "change_reason"])
        record(RecordEvent.DOCTOR_CHANGED, held, actor=actor, doctor_from=before, doctor_to=doctor.pk)
        return held
    encounter = Encounter.objects.held(subject.pk)
    if encounter.is_cancelled:
        raise EncounterAlreadyCancelled
    before = _hand_over(encounter, doctor)
    encounter.save(update_fields=["doctor"])
    record(RecordEvent.DOCTOR_CHANGED, encounter, actor=actor, doctor_from=before, doctor_to=doctor.pk)
    following = Reexamination.objects.open().filter(encounter=encounter).exclude(doctor=doctor)
    for reexamination in following.order_by("pk").select_for_update(of=("self",), no_key=True):
        held_by = reexamination.doctor_id
        reexamination.doctor = doctor
        reexamination.change_reason = why
        reexamination.save(update_fields=["doctor", "change_reason"])
        record(
            RecordEvent.DOCTOR_CHANGED, reexamination, actor=actor, doctor_from=held_by, doctor_to=doctor.pk
        )
    return encounter


def _hand_over(row: Encounter | Reexamination, doctor: Practitioner) -> int | None:
    """Set the doctor; answers who it was before."""
    if row.doctor_id == doctor.pk:
        raise DoctorAlreadyResponsible(field="doctor", doctor=str(doctor))
    before: int | None = row.doctor_id
    row.doctor = doctor
    return before
