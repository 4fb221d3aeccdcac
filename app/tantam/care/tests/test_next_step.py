"""What follows a try to reach a patient (B6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.care.models import AttemptResult
from tantam.care.policy import DEFAULT, CarePolicy
from tantam.care.rules.next_step import Step, next_step

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
FAILURES = [AttemptResult.NO_ANSWER, AttemptResult.BUSY, AttemptResult.UNREACHABLE]
RETRIED = [*FAILURES, AttemptResult.CALL_BACK, AttemptResult.WRONG_NUMBER]
# The strategy gives them their zone.
EARLIEST, LATEST = datetime(2026, 1, 1), datetime(2027, 12, 31)  # noqa: DTZ001
moments = st.datetimes(EARLIEST, LATEST, timezones=st.just(VIETNAM))


@dataclass
class Task:
    action: str = "call"


@dataclass
class Try:
    result: str
    made_at: datetime


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 18, hour, minute, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("result", "now", "then"),
    [
        ("no_answer", at(9), at(11)),
        ("busy", at(9), at(9, 20)),
        ("unreachable", at(9), at(13)),
        ("call_back", at(9), at(11)),
        ("no_answer", at(19), at(8) + timedelta(days=1)),
        ("busy", at(6), at(8)),
    ],
)
def test_the_next_try_waits_by_result_and_within_hours(result, now, then):
    step = next_step(Task(), result, [], now)
    assert (step.step, step.at) == (Step.RETRY, then)


def test_an_answer_is_a_talk_and_a_refusal_closes():
    assert next_step(Task(), "answered", [], at(9)).step is Step.TALK
    refused = next_step(Task(), "refused", [], at(9))
    assert (refused.step, refused.closed_reason) == (Step.CLOSE, "refused")


def test_a_wrong_number_goes_to_the_next_number_then_the_next_channel_then_a_supervisor():
    def after(**more):
        return next_step(Task(), "wrong_number", [], at(9), **more)

    assert (after(other_numbers=1).step, after(other_numbers=1).at) == (Step.OTHER_NUMBER, at(9))
    assert after(other_channels=True).step is Step.OTHER_CHANNEL
    assert after().step is Step.SUPERVISOR


def test_the_fourth_try_of_a_day_waits_for_tomorrow():
    history = [Try("busy", at(8, 5)), Try("busy", at(8, 30))]
    assert next_step(Task(), "busy", history, at(9)).at == at(8) + timedelta(days=1)


def test_after_five_tries_in_vain_another_channel_or_a_supervisor():
    history = [Try("no_answer", at(9) - timedelta(days=day)) for day in range(1, 5)]
    assert next_step(Task(), "no_answer", history, at(9)).step is Step.SUPERVISOR
    assert next_step(Task(), "no_answer", history, at(9), other_channels=True).step is Step.OTHER_CHANNEL


def test_what_the_patient_asked_for_counts_as_no_failure():
    history = [Try("call_back", at(9) - timedelta(days=day)) for day in range(1, 9)]
    wanted = at(15) + timedelta(days=3)
    step = next_step(Task(), "call_back", history, at(9), asked_for=wanted)
    assert (step.step, step.at) == (Step.RETRY, wanted)


def test_closed_days_are_passed_over():
    sunday_free = next_step(Task(), "no_answer", [], at(19), is_open_on=lambda day: day > date(2026, 11, 20))
    assert sunday_free.at == datetime(2026, 11, 21, 8, tzinfo=VIETNAM)


@given(
    now=moments,
    result=st.sampled_from(RETRIED),
    ago=st.lists(st.tuples(st.sampled_from(RETRIED), st.integers(0, 6_000)), max_size=8),
    numbers=st.integers(0, 2),
    asked=st.none() | moments,
    closed=st.sets(st.integers(0, 6), max_size=6),
)
def test_a_next_try_is_never_in_the_past_nor_outside_hours_nor_on_a_closed_day(
    now, result, ago, numbers, asked, closed
):
    history = [Try(was, now - timedelta(minutes=minutes)) for was, minutes in ago]
    step = next_step(
        Task(),
        result,
        history,
        now,
        asked_for=asked,
        other_numbers=numbers,
        is_open_on=lambda day: day.weekday() not in closed,
    )
    if step.step in (Step.RETRY, Step.OTHER_NUMBER):
        assert step.at is not None
        assert step.at >= now
        assert DEFAULT.may_call_at(step.at)
        assert step.at.weekday() not in closed
    else:
        assert step.at is None


@given(
    start=moments,
    results=st.lists(st.sampled_from(FAILURES), min_size=12, max_size=12),
    most=st.integers(1, 6),
)
def test_no_day_sees_more_tries_than_allowed_and_trying_ends(start, results, most):
    """However a patient fails to answer, we stop after the policy's tries and never pester them in a day."""
    policy = CarePolicy(attempts_a_day=most)
    history: list[Try] = []
    now = start
    for result in results:
        step = next_step(Task(), result, history, now, policy)
        history.append(Try(result, now))
        if step.step is Step.SUPERVISOR:
            break
        assert step.at is not None
        now = step.at
    assert len(history) == policy.attempts_in_all
    days = [attempt.made_at.date() for attempt in history]
    assert max(days.count(day) for day in days) <= most
