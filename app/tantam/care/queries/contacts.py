"""What was said with a patient before: the last tries and conversations, and the questions they asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet

from tantam.accounts.models import Member
from tantam.accounts.permissions import Permission
from tantam.care.models import (
    AttemptResult,
    CallAttempt,
    CareTask,
    Confirmation,
    Conversation,
    Experience,
    Health,
    Question,
)
from tantam.lib.prepared import Prepared
from tantam.patients.models import ContactPoint, Patient

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


def _attempts(patient_id: int, sites: Sequence[int]) -> QuerySet[CallAttempt]:
    """The last tries, newest first, and behind them the last one that was answered if it is not among them."""
    theirs = CallAttempt.objects.filter(patient=patient_id, site__in=sites).order_by("-made_at")
    last = theirs.values("pk")[:MOST_CONTACTS]
    spoken = theirs.filter(result=AttemptResult.ANSWERED).values("pk")[:1]
    return (
        theirs.filter(Q(pk__in=last) | Q(pk__in=spoken))
        .select_related("member", "task__conversation")
        .only(*_OF_AN_ATTEMPT)
    )


_attempts_of = Prepared(_attempts)


def conversation_of(task: CareTask, contacts: Sequence[Contact]) -> Conversation | None:
    """What was said in this call; looked for among the last contacts before it is asked for."""
    if task.is_open:
        return None
    for contact in contacts:
        if contact.conversation is not None and contact.conversation.task_id == task.pk:
            return contact.conversation
    return Conversation.objects.filter(task=task).select_related("member").first()


def working_points(patient: Patient) -> list[ContactPoint]:
    """The ways to reach the patient, without those known to be wrong."""
    return list(patient.contact_points.filter(is_wrong=False))


def tries_of(task: CareTask) -> list[CallAttempt]:
    """The last tries of one contact, newest first, at most ten."""
    return list(task.call_attempts.select_related("member").order_by("-made_at")[:MOST_CONTACTS])


def open_questions(patient: Patient, member: Member) -> list[Question]:
    """The patient's questions that wait for an answer, then those answered last. One query.

    Those of sites where the member sees care or receives patients: who may answer a question also sees it.
    """
    sites = {*member.sites_where(Permission.CARE_SEE), *member.sites_where(Permission.BEFORE_ENCOUNTER)}
    return _questions_of(patient.pk, sorted(sites))


def last_contacts(patient: Patient, member: Member, limit: int = CONTACTS_SHOWN) -> list[Contact]:
    """The last tries to reach the patient and what was said, newest first, at most ten. One query."""
    return contacts_and_last_spoken(patient, member, limit)[0]


def contacts_and_last_spoken(
    patient: Patient, member: Member, limit: int = CONTACTS_SHOWN
) -> tuple[list[Contact], Contact | None]:
    """`last_contacts`, and the last contact in which the patient was reached, however long ago. One query."""
    attempts = _attempts_of(patient.pk, member.sites_where(Permission.CARE_SEE))
    contacts = [_contact(attempt) for attempt in attempts]
    return contacts[: min(limit, MOST_CONTACTS)], next((one for one in contacts if one.was_reached), None)


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
