"""A conversation is recorded once, and settles what it answers (B6)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tantam.care.errors import (
    CallAlreadyCompleted,
    NoteNeeded,
    NotTheirContact,
    OutcomeNeeded,
    TaskHeldByAnother,
)
from tantam.care.models import CallAttempt, CareTask, Conversation, Finding, TaskStatus
from tantam.care.operations.calls import complete_call
from tantam.care.rules.outcomes import Outcome
from tantam.care.tests.stories import Story, story_of
from tantam.journal.models import BellItem, Entry
from tantam.records.errors import ReexaminationInPast
from tests.factories.care import CareTaskFactory
from tests.factories.patients import ContactPointFactory


@pytest.fixture
def story(site, doctor) -> Story:
    return story_of(site, doctor)


def test_a_patient_who_will_come_is_confirmed_and_the_call_is_done(story, mai, doctor):
    """B6: answered, re-examination confirmed."""
    story.claimed_by(mai)

    completed = complete_call(
        story.task,
        outcome=Outcome(confirmation="confirmed", health="better", experience="good"),
        contact_point=story.phone,
        actor=mai,
    )

    task = CareTask.objects.get(pk=story.task.pk)
    assert (task.status, task.claimed_by, task.attempts) == (TaskStatus.DONE, None, 1)
    story.reexamination.refresh_from_db()
    assert story.reexamination.status == "confirmed"
    attempt = CallAttempt.objects.get()
    assert (attempt.result, attempt.contact_point) == ("answered", story.phone)
    assert Entry.objects.filter(event="care.call:completed", actor=mai).count() == 1
    assert Entry.objects.filter(event="records.reexamination:confirmed").count() == 1
    # On the doctor's list, without ringing their bell.
    assert Finding.objects.get().doctor == doctor
    assert completed.follow_up is None
    assert BellItem.objects.count() == 0


def test_a_worrying_answer_needs_words_tells_the_doctor_and_is_followed_up(story, mai, doctor):
    """B6: no worrying call is ever closed without someone holding the next step."""
    story.claimed_by(mai)
    with pytest.raises(NoteNeeded):
        complete_call(story.task, outcome=Outcome(health="worse"), actor=mai)
    assert CareTask.objects.get(pk=story.task.pk).is_open

    completed = complete_call(
        story.task, outcome=Outcome(health="worse", symptoms_after="Khó thở về đêm"), actor=mai
    )

    follow_up = completed.follow_up
    assert follow_up is not None
    assert (follow_up.assigned_to, follow_up.priority, follow_up.is_open) == (mai, 1, True)
    assert follow_up.due_on > timezone.localdate()
    assert [item.member_id for item in BellItem.objects.all()] == [doctor.member_id]
    assert "Khó thở về đêm" in Finding.objects.get().summary


def test_a_call_is_completed_once(story, mai):
    story.claimed_by(mai)
    complete_call(story.task, outcome=Outcome(confirmation="confirmed"), actor=mai)

    with pytest.raises(CallAlreadyCompleted, match="Trần Thị Mai"):
        complete_call(story.task, outcome=Outcome(confirmation="declined"), actor=mai)

    assert Conversation.objects.get().confirmation == "confirmed"
    assert CallAttempt.objects.count() == 1


def test_another_agents_call_is_not_completed(story, mai, manager):
    story.claimed_by(manager)

    with pytest.raises(TaskHeldByAnother):
        complete_call(story.task, outcome=Outcome(confirmation="confirmed"), actor=mai)


def test_a_claim_that_ran_out_or_a_planner_that_closed_it_loses_no_conversation(story, mai, manager):
    story.claimed_by(mai)
    CareTask.objects.filter(pk=story.task.pk).update(
        claimed_by=None, claimed_at=None, status="closed", closed_reason="too_late", closed_at=timezone.now()
    )

    complete_call(story.task, outcome=Outcome(confirmation="confirmed"), actor=mai)

    assert CareTask.objects.get(pk=story.task.pk).status == TaskStatus.DONE


def test_an_empty_form_is_no_conversation(story, mai):
    with pytest.raises(OutcomeNeeded):
        complete_call(story.task, outcome=Outcome(), actor=mai)


def test_a_date_that_has_passed_is_not_confirmed(site, doctor, mai):
    late = story_of(site, doctor, in_days=-2)
    late.claimed_by(mai)

    with pytest.raises(ReexaminationInPast):
        complete_call(late.task, outcome=Outcome(confirmation="confirmed"), actor=mai)

    assert Conversation.objects.count() == 0
    assert CareTask.objects.get(pk=late.task.pk).is_open


def test_someone_elses_number_is_refused(story, mai):
    with pytest.raises(NotTheirContact):
        complete_call(
            story.task,
            outcome=Outcome(health="same"),
            contact_point=ContactPointFactory(raw="0900000001"),
            actor=mai,
        )


@pytest.mark.parametrize(
    ("confirmation", "due_in", "status"),
    [
        pytest.param("confirmed", 1, "done", id="due-tomorrow-is-settled"),
        pytest.param("confirmed", 0, "done", id="due-today-is-settled"),
        pytest.param("declined", 1, "done", id="declined-settles-too"),
        pytest.param("confirmed", 4, "open", id="a-later-reminder-stays"),
        pytest.param("unsure", 1, "open", id="unsure-settles-nothing"),
    ],
)
def test_other_calls_about_the_same_date_are_settled_when_they_are_covered(
    story, mai, confirmation, due_in, status
):
    other = CareTaskFactory(
        patient=story.patient, site=story.site, reexamination=story.reexamination, due_in=due_in
    )
    elsewhere = CareTaskFactory(patient=story.patient, site=story.site)
    story.claimed_by(mai)

    complete_call(story.task, outcome=Outcome(confirmation=confirmation), actor=mai)

    other.refresh_from_db()
    elsewhere.refresh_from_db()
    assert other.status == status
    assert elsewhere.is_open


def test_a_date_declined_reaches_the_doctor_at_once(story, mai, doctor):
    story.claimed_by(mai)

    complete_call(story.task, outcome=Outcome(confirmation="declined"), actor=mai)

    assert BellItem.objects.get().member_id == doctor.member_id


def test_the_doctor_reads_the_conversation_in_vietnamese_whatever_the_screen_speaks(story, mai):
    from django.utils import translation

    with translation.override("en"):
        complete_call(
            story.task,
            outcome=Outcome(health="better", symptoms_before="Đau ngực", confirmation="confirmed"),
            actor=mai,
        )

    assert Finding.objects.get().summary == "Sức khỏe: đỡ hơn. Trước: Đau ngực. Tái khám: sẽ đến."


def test_symptoms_are_bounded(story, mai):
    from tantam.lib.text import TextTooLong

    with pytest.raises(TextTooLong):
        complete_call(story.task, outcome=Outcome(symptoms_after="a" * 501), actor=mai)


def test_the_follow_up_is_planned_for_a_working_day(story, mai):
    completed = complete_call(
        story.task, outcome=Outcome(experience="bad", experience_note="Chờ hai giờ"), actor=mai
    )

    assert completed.follow_up is not None
    assert completed.follow_up.due_on >= timezone.localdate() + timedelta(days=1)
    assert completed.follow_up.priority == 2


def test_other_contacts_of_the_patient_are_settled_in_the_same_press(site, doctor, mai, other_site):
    """B6: one person, one call. Only what was ticked, and only what is open at the site of the call."""
    story = story_of(site, doctor)
    ticked = CareTaskFactory(patient=story.patient, site=site, due_in=9)
    left = CareTaskFactory(patient=story.patient, site=site, due_in=9)
    elsewhere = CareTaskFactory(patient=story.patient, site=other_site)

    completed = complete_call(
        story.task, outcome=Outcome(health="better"), also=[ticked.pk, elsewhere.pk, 10**9], actor=mai
    )

    assert completed.also_settled == 1
    states = {task.pk: task.status for task in CareTask.objects.all()}
    assert (states[ticked.pk], states[left.pk], states[elsewhere.pk]) == ("done", "open", "open")
