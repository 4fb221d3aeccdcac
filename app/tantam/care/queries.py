"""What is known around a care call, read for one page: few statements, nothing asked twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone

from tantam.accounts.models import Member, Practitioner
from tantam.accounts.permissions import Permission
from tantam.care.guides import guide_beside
from tantam.care.models import (
    AttemptResult,
    CallAttempt,
    CareTask,
    Confirmation,
    Conversation,
    Experience,
    Finding,
    Health,
    Question,
    TaskStatus,
)
from tantam.knowledge.queries import FilledGuide
from tantam.patients.models import ContactKind, ContactPoint, Patient
from tantam.patients.queries.header import PatientHeader, patient_header
from tantam.records.models import Reexamination
from tantam.records.queries.summary import RecordSummary, record_summary

CONTACTS_SHOWN = 5
QUESTIONS_SHOWN = 5


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


@dataclass(frozen=True, slots=True)
class CallScreen:
    """Everything the call screen shows (B6)."""

    task: CareTask
    patient: Patient
    header: PatientHeader
    record: RecordSummary
    reexamination: Reexamination | None
    doctor: Practitioner | None
    other_tasks: list[CareTask]
    points: list[ContactPoint]
    contacts: list[Contact]
    questions: list[Question]
    learnt: list[Finding]
    guide: FilledGuide | None
    conversation: Conversation | None = None
    today: date = field(default_factory=timezone.localdate)

    @property
    def phones(self) -> list[ContactPoint]:
        """Numbers to ring, the best first; those known to be wrong are not offered."""
        return [point for point in self.points if point.kind == ContactKind.PHONE and not point.is_wrong]

    @property
    def wrong_phones(self) -> list[ContactPoint]:
        return [point for point in self.points if point.kind == ContactKind.PHONE and point.is_wrong]

    @property
    def days_until(self) -> int | None:
        """Days to the re-examination; negative when it has passed."""
        return (self.reexamination.due_on - self.today).days if self.reexamination else None


def open_questions(patient: Patient, member: Member) -> list[Question]:
    """The patient's questions that wait for an answer, and those answered lately, the unanswered first."""
    sites = member.sites_where(Permission.CARE_SEE)
    return list(
        Question.objects.filter(patient=patient, site__in=sites)
        .select_related("asked_by", "answered_by")
        .order_by("-answered_at", "-id")[:QUESTIONS_SHOWN]
    )


def last_contacts(patient: Patient, member: Member, limit: int = CONTACTS_SHOWN) -> list[Contact]:
    """The last tries to reach the patient and what was said, newest first. One query."""
    sites = member.sites_where(Permission.CARE_SEE)
    attempts = (
        CallAttempt.objects.filter(patient=patient, site__in=sites)
        .select_related("member", "task__conversation")
        .order_by("-made_at")[:limit]
    )
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


def call_screen(task: CareTask, patient: Patient, member: Member) -> CallScreen:
    """Read the call screen for a task the member may see; at most a dozen statements."""
    points = sorted(
        patient.contact_points.all(),
        key=lambda point: (point.is_wrong, not point.is_preferred, point.owner != "self", point.pk),
    )
    record = record_summary(patient, member)
    contacts = last_contacts(patient, member)
    related = list(
        CareTask.objects.filter(patient=patient, status=TaskStatus.OPEN, site_id=task.site_id)
        .exclude(pk=task.pk)
        .select_related("rule")
        .order_by("due_on", "pk")[:6]
    )
    reexamination = _reexamination(task, record)
    doctor = (
        (reexamination.doctor if reexamination else None)
        or task.doctor
        or (record.last_visit.doctor if record.last_visit else None)
    )
    screen = CallScreen(
        task=task,
        patient=patient,
        header=patient_header(patient, member, points=points, allergies=record.allergies),
        record=record,
        reexamination=reexamination,
        doctor=doctor,
        other_tasks=related,
        points=points,
        contacts=contacts,
        questions=open_questions(patient, member),
        learnt=list(task.findings.order_by("-id").select_related("learnt_by")),
        guide=guide_beside(task, patient, record, reexamination, doctor, contacts),
        conversation=next((one.conversation for one in contacts if _is_of(one, task)), None),
    )
    return screen


def _is_of(contact: Contact, task: CareTask) -> bool:
    return contact.conversation is not None and contact.conversation.task_id == task.pk


def _reexamination(task: CareTask, record: RecordSummary) -> Reexamination | None:
    if task.reexamination is not None and task.reexamination.is_open:
        return task.reexamination
    here: Sequence[Reexamination] = [one for one in record.reexaminations if one.site_id == task.site_id]
    of_this_visit = [one for one in here if task.encounter_id and one.encounter_id == task.encounter_id]
    return next(iter(of_this_visit or here), None)


