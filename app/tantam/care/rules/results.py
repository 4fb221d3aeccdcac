"""What the acts of care answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from tantam.accounts.models import Member
from tantam.care.models import AttemptResult, CallAttempt, CareTask, Conversation, Finding
from tantam.care.rules.next_step import NextStep, Step

TAKEN_BACK = frozenset(
    {
        AttemptResult.NO_ANSWER,
        AttemptResult.BUSY,
        AttemptResult.UNREACHABLE,
        AttemptResult.CALL_BACK,
    }
)
"""Tries that can be taken back: a number marked as wrong, and a patient's no, are corrected where they stand."""
TAKEN_BACK_WITHIN = timedelta(minutes=5)
"""… by whoever logged them, this long."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """A finding, and the colleagues who were told of it at once."""

    finding: Finding
    told: list[Member]

    @property
    def names_told(self) -> str:
        return ", ".join(member.full_name for member in self.told)


@dataclass(frozen=True, slots=True)
class Attempted:
    """A logged try, and what follows it."""

    task: CareTask
    attempt: CallAttempt
    next: NextStep

    @property
    def rings_on(self) -> bool:
        """Another number is rung right now, in the same call."""
        at = self.next.at
        return self.next.step == Step.OTHER_NUMBER and at is not None and at <= self.attempt.made_at

    @property
    def may_be_taken_back(self) -> bool:
        """A press on the wrong button: nobody was told anything, and the task is as it was but for its next try."""
        return self.attempt.result in TAKEN_BACK


@dataclass(frozen=True, slots=True)
class Completed:
    """A recorded conversation, what the doctor was told, and the follow-up when there is one."""

    conversation: Conversation
    learnt: Learnt
    follow_up: CareTask | None
    also_settled: int


@dataclass(frozen=True, slots=True)
class PlanResult:
    """How many contacts a run planned, moved to another day, and closed."""

    planned: int = 0
    moved: int = 0
    closed: int = 0
    sites: frozenset[int] = field(default_factory=frozenset)

    def __add__(self, other: PlanResult) -> PlanResult:
        return PlanResult(
            self.planned + other.planned,
            self.moved + other.moved,
            self.closed + other.closed,
            self.sites | other.sites,
        )

    def __bool__(self) -> bool:
        return bool(self.planned or self.moved or self.closed)
