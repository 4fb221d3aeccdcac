"""What was said with a patient before: the last tries and conversations, and the questions they asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from tantam.accounts.models import Member
from tantam.accounts.permissions import Permission
from tantam.care.models import (
    AttemptResult,
    CallAttempt,
    Confirmation,
    Conversation,
    Experience,
    Health,
    Question,
)
from tantam.lib.prepared import Prepared
from tantam.patients.models import Patient

CONTACTS_SHOWN = 5
MOST_CONTACTS = 10
QUESTIONS_SHOWN = 5

# What the page shows of each row: the rest would only be read and thrown away.
_OF_A_QUESTION = (
    "patient",
    "site",
    "task",
    "text",
    "answer",
    "asked_at",
    "answered_at",
    "asked_by__full_name",
    "answered_by__full_name",
)
_OF_AN_ATTEMPT = (
    "made_at",
    "result",
    "note",
    "member__full_name",
    "task__status",
    *(
        f"task__conversation__{name}"
        for name in (
            "task_id",
            "experience",
            "experience_note",
            "health",
            "symptoms_after",
            "confirmation",
            "note",
            "held_at",
            "member_id",
        )
    ),
)


@dataclass(frozen=True, slots=True)
class Contact:
    """One earlier contact: when, who, what came of it, and what was said."""

    at: datetime
    by: str
    result: str
    result_label: str
    note: str
    conversation: Conversation | None

    @property
    def was_reached(self) -> bool:
        return self.conversation is not None

    @property
    def answers(self) -> list[str]:
        """What the patient answered, as short words."""
        if self.conversation is None:
            return []
        held = self.conversation
        labels = [
            Experience(held.experience).label if held.experience else "",
            Health(held.health).label if held.health else "",
            Confirmation(held.confirmation).label if held.confirmation else "",
        ]
        return [str(label) for label in labels if label]

    @property
    def words(self) -> str:
        if self.conversation is None:
            return self.note
        held = self.conversation
        return " · ".join(part for part in (held.symptoms_after, held.experience_note, held.note) if part)


_questions_of = Prepared(
    lambda patient_id, sites: (
        Question.objects.filter(patient=patient_id, site__in=sites)
        .select_related("asked_by", "answered_by")
        .only(*_OF_A_QUESTION)
        .order_by(F("answered_at").desc(nulls_first=True), "-id")[:QUESTIONS_SHOWN]
    )
)
_attempts_of = Prepared(
    lambda patient_id, sites: (
        CallAttempt.objects.filter(patient=patient_id, site__in=sites)
        .select_related("member", "task__conversation")
        .only(*_OF_AN_ATTEMPT)
        .order_by("-made_at")[:MOST_CONTACTS]
    )
)


def open_questions(patient: Patient, member: Member) -> list[Question]:
    """The patient's questions that wait for an answer, then those answered last. One query.

    Those of sites where the member sees care or receives patients: who may answer a question also sees it.
    """
    sites = {*member.sites_where(Permission.CARE_SEE), *member.sites_where(Permission.BEFORE_VISIT)}
    return _questions_of(patient.pk, sorted(sites))


def last_contacts(patient: Patient, member: Member, limit: int = CONTACTS_SHOWN) -> list[Contact]:
    """The last tries to reach the patient and what was said, newest first, at most ten. One query."""
    attempts = _attempts_of(patient.pk, member.sites_where(Permission.CARE_SEE))[:limit]
    return [_contact(attempt) for attempt in attempts]


def _contact(attempt: CallAttempt) -> Contact:
    answered = attempt.result == AttemptResult.ANSWERED
    return Contact(
        at=attempt.made_at,
        by=attempt.member.full_name,
        result=attempt.result,
        result_label=str(AttemptResult(attempt.result).label),
        note=attempt.note,
        conversation=getattr(attempt.task, "conversation", None) if answered else None,
    )
