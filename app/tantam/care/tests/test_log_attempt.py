"""A ring nobody answers is no outcome: it is logged, and what follows is the policy's (B6)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tantam.care.errors import (
    AttemptAlreadyLogged,
    AttemptStands,
    CallBackTimeNeeded,
    CallBackTimePassed,
    CallBackTooFar,
    TaskHeldByAnother,
    TaskNotOpen,
)
from tantam.care.models import CallAttempt, CareTask
from tantam.care.operations.attempts import log_attempt, take_back_attempt
from tantam.care.rules.next_step import Step
from tantam.care.tests.stories import Story, story_of
from tantam.journal.models import Entry


@pytest.fixture
def story(site, doctor) -> Story:
    return story_of(site, doctor)


@pytest.mark.parametrize("result", ["no_answer", "busy", "unreachable"])
def test_an_unanswered_ring_gives_the_call_back_for_later(story, mai, result):
    story.claimed_by(mai)

    attempted = log_attempt(story.task, result=result, contact_point=story.phone, actor=mai)

    task = CareTask.objects.get(pk=story.task.pk)
    assert task.is_open
    assert task.claimed_by is None
    assert task.next_attempt_at is not None
    assert task.next_attempt_at > timezone.now()
    assert attempted.next.step == Step.RETRY
    assert CallAttempt.objects.get().contact_point == story.phone
    assert Entry.objects.get(event="care.attempt:logged").detail("result") == result


def test_a_wrong_number_is_marked_and_the_other_one_rung_in_the_same_call(story, mai):
    story.claimed_by(mai)

    attempted = log_attempt(story.task, result="wrong_number", contact_point=story.phone, actor=mai)

    story.phone.refresh_from_db()
    assert story.phone.is_wrong
    assert attempted.next.step == Step.OTHER_NUMBER


def test_without_any_number_left_the_patient_is_written_to_or_a_supervisor_asked(story, mai):
    story.mothers_phone.delete()
    story.claimed_by(mai)

    attempted = log_attempt(story.task, result="wrong_number", contact_point=story.phone, actor=mai)

    assert attempted.next.step == Step.SUPERVISOR
    assert CareTask.objects.get(pk=story.task.pk).needs_supervisor


def test_after_five_tries_the_call_becomes_a_message(story, mai):
    for _try in range(5):
        story.claimed_by(mai)
        attempted = log_attempt(story.task, result="no_answer", contact_point=story.phone, actor=mai)

    assert attempted.next.step == Step.OTHER_CHANNEL
    assert CareTask.objects.get(pk=story.task.pk).action == "message"


def test_the_patient_is_called_when_they_asked_to_be(story, mai):
    story.claimed_by(mai)
    asked_for = timezone.now().replace(hour=3, minute=0, second=0, microsecond=0) + timedelta(days=1)

    log_attempt(story.task, result="call_back", call_back_at=asked_for, actor=mai)

    assert CareTask.objects.get(pk=story.task.pk).next_attempt_at == asked_for


@pytest.mark.parametrize(
    ("at", "refusal"),
    [
        (None, CallBackTimeNeeded),
        (timedelta(minutes=-5), CallBackTimePassed),
        (timedelta(days=90), CallBackTooFar),
    ],
)
def test_a_time_to_call_back_makes_sense(story, mai, at, refusal):
    story.claimed_by(mai)

    with pytest.raises(refusal):
        log_attempt(
            story.task,
            result="call_back",
            call_back_at=timezone.now() + at if at is not None else None,
            actor=mai,
        )

    assert CallAttempt.objects.count() == 0


def test_who_does_not_want_the_call_is_not_called_again_about_it(story, mai):
    story.claimed_by(mai)

    log_attempt(story.task, result="refused", actor=mai)

    task = CareTask.objects.get(pk=story.task.pk)
    assert (task.status, task.closed_reason) == ("closed", "refused")
    with pytest.raises(TaskNotOpen):
        log_attempt(story.task, result="no_answer", actor=mai)


def test_the_same_try_sent_twice_is_logged_once(story, mai):
    story.claimed_by(mai)
    log_attempt(story.task, result="no_answer", seen=0, actor=mai)

    with pytest.raises(AttemptAlreadyLogged):
        log_attempt(story.task, result="no_answer", seen=0, actor=mai)

    assert CallAttempt.objects.count() == 1


def test_another_agents_call_is_not_touched(story, mai, manager):
    story.claimed_by(manager)

    with pytest.raises(TaskHeldByAnother):
        log_attempt(story.task, result="busy", actor=mai)


def test_an_answer_is_no_failed_try(story, mai):
    with pytest.raises(ValueError, match="failed try"):
        log_attempt(story.task, result="answered", actor=mai)


class TestTakingBack:
    """The wrong button: undone at once, by its author, as if it had not been (B6)."""

    def test_the_call_is_due_as_before_and_the_journal_keeps_both(self, story, mai):
        story.claimed_by(mai)
        attempted = log_attempt(story.task, result="no_answer", contact_point=story.phone, actor=mai)

        take_back_attempt(attempted.attempt, actor=mai)

        task = CareTask.objects.get(pk=story.task.pk)
        assert (task.attempts, task.next_attempt_at, task.action) == (0, None, "call")
        assert not CallAttempt.objects.exists()
        logged, undone = Entry.objects.filter(event__startswith="care.attempt:").order_by("pk")
        assert (logged.event, undone.event) == ("care.attempt:logged", "care.attempt:taken_back")
        assert logged.detail("attempt") == undone.detail("attempt")

    def test_the_fifth_try_taken_back_is_a_call_again(self, story, mai):
        for _try in range(5):
            story.claimed_by(mai)
            attempted = log_attempt(story.task, result="no_answer", contact_point=story.phone, actor=mai)

        take_back_attempt(attempted.attempt, actor=mai)

        task = CareTask.objects.get(pk=story.task.pk)
        assert (task.action, task.attempts) == ("call", 4)
        assert task.next_attempt_at is not None

    @pytest.mark.parametrize("why", ["a colleague's", "not the last", "too late", "wrong number"])
    def test_what_stands(self, story, mai, manager, why):
        story.claimed_by(mai)
        result = "wrong_number" if why == "wrong number" else "no_answer"
        attempt = log_attempt(story.task, result=result, contact_point=story.phone, actor=mai).attempt
        if why == "not the last":
            log_attempt(story.task, result="busy", contact_point=story.phone, actor=mai)
        if why == "too late":
            CallAttempt.objects.filter(pk=attempt.pk).update(made_at=timezone.now() - timedelta(minutes=6))

        with pytest.raises(AttemptStands):
            take_back_attempt(attempt, actor=manager if why == "a colleague's" else mai)

        assert CallAttempt.objects.filter(pk=attempt.pk).exists()
