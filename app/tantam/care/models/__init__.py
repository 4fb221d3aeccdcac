"""Rules, the contacts they plan, and what is learnt in them."""

from tantam.care.models.conversations import (
    Confirmation,
    Conversation,
    Experience,
    Health,
    is_worrying,
)
from tantam.care.models.findings import Finding, FindingKind
from tantam.care.models.needs import UnmetNeed
from tantam.care.models.questions import Question
from tantam.care.models.rules import IN_WORDS, Action, CareRule, Priority
from tantam.care.models.tasks import (
    CLOSED_BY_HAND,
    CLOSED_BY_PLANNER,
    HOUR_UNKNOWN,
    RESET_BY_CLOSING,
    AttemptResult,
    CallAttempt,
    CareTask,
    Channel,
    ClosedReason,
    TaskStatus,
)

__all__ = [
    "CLOSED_BY_HAND",
    "CLOSED_BY_PLANNER",
    "HOUR_UNKNOWN",
    "IN_WORDS",
    "RESET_BY_CLOSING",
    "Action",
    "AttemptResult",
    "CallAttempt",
    "CareRule",
    "CareTask",
    "Channel",
    "ClosedReason",
    "Confirmation",
    "Conversation",
    "Experience",
    "Finding",
    "FindingKind",
    "Health",
    "Priority",
    "Question",
    "TaskStatus",
    "UnmetNeed",
    "is_worrying",
]
