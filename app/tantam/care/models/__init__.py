"""Rules, the contacts they plan, and what is learnt in them."""

from tantam.care.models.conversations import Confirmation, Conversation, Experience, Health
from tantam.care.models.findings import Finding, FindingKind
from tantam.care.models.needs import UnmetNeed
from tantam.care.models.questions import Question
from tantam.care.models.rules import Action, CareRule, Priority
from tantam.care.models.tasks import (
    CLOSED_BY_PLANNER,
    HOUR_UNKNOWN,
    AttemptResult,
    CallAttempt,
    CareTask,
    Channel,
    ClosedReason,
    TaskStatus,
)

__all__ = [
    "CLOSED_BY_PLANNER",
    "HOUR_UNKNOWN",
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
]
