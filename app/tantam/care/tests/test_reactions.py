"""What changes in a record moves its contacts, and care gives out and destroys what it holds (B4, A10)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tantam.care import privacy
from tantam.care.models import CallAttempt, CareTask, Conversation, Finding, Question, UnmetNeed
from tantam.care.reactions import contacts_follow_the_record
from tantam.journal.models import Entry
from tantam.journal.reactions import reactions_to
from tantam.privacy.registries.personal_data import registered_rooms
from tantam.records.events import RecordEvent
from tantam.records.operations.reexaminations import move_reexamination, plan_reexamination
from tests.factories.care import CallAttemptFactory, CareRuleFactory, CareTaskFactory
from tests.factories.patients import PatientFactory


@pytest.mark.parametrize(
    "event",
    [
        RecordEvent.REEXAMINATION_PLANNED,
        RecordEvent.REEXAMINATION_MOVED,
        RecordEvent.REEXAMINATION_CANCELLED,
        RecordEvent.REEXAMINATION_DONE,
        RecordEvent.ENCOUNTER_WRITTEN,
        RecordEvent.DOCTOR_CHANGED,
        "patients.patient:deceased",
    ],
)
def test_the_room_listens(event):
    assert "care.contacts_follow_the_record" in reactions_to(event)


def test_a_moved_date_moves_the_call_at_once_and_twice_is_once(site, mai):
    CareRuleFactory(days=2)
    today = timezone.localdate()
    reexam = plan_reexamination(PatientFactory(), site=site, due_on=today + timedelta(days=9), actor=mai)

    def react() -> None:
        contacts_follow_the_record(Entry.objects.filter(patient_id=reexam.patient_id).latest("id"))

    react()
    assert CareTask.objects.get().anchor_on == today + timedelta(days=9)

    move_reexamination(reexam, due_on=today + timedelta(days=20), actor=mai)
    react()
    react()

    assert CareTask.objects.get().anchor_on == today + timedelta(days=20)


def test_care_gives_out_and_destroys_what_it_holds(site, mai):
    task = CareTaskFactory(site=site)
    patient = task.patient
    kept = CareTaskFactory(site=site)
    CallAttemptFactory(task=task, member=mai)
    about = {"patient": patient, "site": site, "task": task}
    Conversation.objects.create(**about, member=mai, note="đỡ nhiều")
    Question.objects.create(**about, text="Uống thuốc lúc nào?")
    UnmetNeed.objects.create(**about, need="Khám tại nhà", explanation="Chưa có dịch vụ")
    Finding.objects.create(**about, kind="conversation", summary="đỡ nhiều", learnt_by=mai)

    given = privacy.export(patient.pk)
    assert "care" in registered_rooms()
    assert given["conversations"][0]["note"] == "đỡ nhiều"
    assert {len(rows) for rows in given.values()} == {1}

    for _twice in range(2):
        privacy.shred(patient.pk)
    assert not any(privacy.export(patient.pk).values())
    assert not CallAttempt.objects.exists()
    assert list(CareTask.objects.all()) == [kept]
