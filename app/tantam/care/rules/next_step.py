"""What follows a try to reach a patient (B6).

Pure: no database, no clock. Times are aware; the zone of `now` is the site's, and days and calling
hours are counted in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from tantam.care.models import Action, AttemptResult, ClosedReason
from tantam.care.policy import DEFAULT, CarePolicy


class Step(StrEnum):
    """What happens after an attempt."""

    TALK = "talk"
    """The patient is on the line: hold the conversation."""
    RETRY = "retry"
    """Try again at `at`."""
    OTHER_NUMBER = "other_number"
    """Try another contact point, at `at`."""
    OTHER_CHANNEL = "other_channel"
    """Write instead of calling: the task becomes a message."""
    SUPERVISOR = "supervisor"
    """Nothing is left to try by rule: a supervisor decides."""
    CLOSE = "close"
    """The patient does not want it: close with `closed_reason`."""


@dataclass(frozen=True, slots=True)
class NextStep:
    step: Step
    at: datetime | None = None
    closed_reason: ClosedReason | None = None


class Tried(Protocol):
    """An earlier attempt: a CallAttempt, or anything with these two."""

    @property
    def result(self) -> str: ...

    @property
    def made_at(self) -> datetime: ...


class Contactable(Protocol):
    @property
    def action(self) -> str: ...


# What uses up our tries: the patient was not reached, through no wish of theirs.
NOT_REACHED = frozenset({AttemptResult.NO_ANSWER, AttemptResult.BUSY, AttemptResult.UNREACHABLE})


def next_step(
    task: Contactable,
    result: str,
    history: Sequence[Tried],
    now: datetime,
    policy: CarePolicy = DEFAULT,
    *,
    asked_for: datetime | None = None,
    other_numbers: int = 0,
    other_channels: bool = False,
    is_open_on: Callable[[date], bool] = lambda _day: True,
) -> NextStep:
    """What follows this attempt (B6).

    `history` holds the earlier attempts of the task, without this one. `asked_for` is when the patient
    asked to be called back; `other_numbers` counts their numbers that are not known to be wrong, apart
    from the one just tried; `other_channels` says whether we may write to them instead. The answer's `at`
    is never before `now`, never outside calling hours, never on a day the site is closed, and never
    makes a day hold more attempts than the policy allows, except when the patient asked for the call.
    """
    if result == AttemptResult.ANSWERED:
        return NextStep(Step.TALK)
    if result == AttemptResult.REFUSED:
        return NextStep(Step.CLOSE, closed_reason=ClosedReason.REFUSED)
    wait = timedelta(minutes=policy.wait_minutes.get(result, 0))
    if result == AttemptResult.CALL_BACK:
        return NextStep(Step.RETRY, _within_hours(max(asked_for or now + wait, now), policy, is_open_on))

    failures = sum(attempt.result in NOT_REACHED for attempt in history) + (result in NOT_REACHED)
    if failures >= policy.attempts_in_all or (result == AttemptResult.WRONG_NUMBER and other_numbers == 0):
        if other_channels and task.action == Action.CALL:
            return NextStep(Step.OTHER_CHANNEL)
        return NextStep(Step.SUPERVISOR)

    at = _within_hours(now + wait, policy, is_open_on)
    today = now.date()
    tries_today = 1 + sum(attempt.made_at.astimezone(now.tzinfo).date() == today for attempt in history)
    if at.date() == today and tries_today >= policy.attempts_a_day:
        at = _within_hours(_opening(today + timedelta(days=1), now, policy), policy, is_open_on)
    return NextStep(Step.OTHER_NUMBER if result == AttemptResult.WRONG_NUMBER else Step.RETRY, at)


def _opening(day: date, now: datetime, policy: CarePolicy) -> datetime:
    return datetime.combine(day, policy.calls_from, tzinfo=now.tzinfo)


def _within_hours(at: datetime, policy: CarePolicy, is_open_on: Callable[[date], bool]) -> datetime:
    """`at`, or the first moment after it in calling hours of an open day (looked for within a month)."""
    if not policy.may_call_at(at):
        early = at.timetz().replace(tzinfo=None) < policy.calls_from
        at = _opening(at.date() if early else at.date() + timedelta(days=1), at, policy)
    for _day in range(31):
        if is_open_on(at.date()):
            break
        at = _opening(at.date() + timedelta(days=1), at, policy)
    return at
