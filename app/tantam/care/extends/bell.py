"""How care's lines read in a colleague's bell: one short sentence each, the details are on the page they open."""

from __future__ import annotations

from tantam.care.models import FindingKind
from tantam.journal.registries.bell import register

QUESTION_ANSWERED = "care.question_answered"

_ICONS = {
    FindingKind.CONDITION_CHANGED: "activity",
    FindingKind.ALLERGY: "triangle-alert",
    FindingKind.REEXAMINATION_MOVED: "calendar-sync",
    FindingKind.DOCTOR_CHANGED: "user-round-cog",
    FindingKind.NEED_UNMET: "hand-heart",
    FindingKind.CONVERSATION: "phone-call",
    FindingKind.QUESTION: "message-circle-question-mark",
}


def bell_kind(kind: FindingKind | str) -> str:
    """The kind of line in the bell that tells of such a finding."""
    return f"care.{FindingKind(kind).value}"


for _kind, _icon in _ICONS.items():
    register(bell_kind(_kind), f"care/bell_items/{_kind.value}.html", icon=_icon)
register(QUESTION_ANSWERED, "care/bell_items/question_answered.html", icon="message-circle-reply")
