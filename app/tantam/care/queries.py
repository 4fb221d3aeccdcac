"""What is known around a care call, read for one page: few statements, nothing asked twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _

from tantam.accounts.models import Member
from tantam.accounts.permissions import Permission
from tantam.care.guides import guide_beside
from tantam.care.models import (
    HOUR_UNKNOWN,
    Action,
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
from tantam.knowledge.models import Occasion
from tantam.knowledge.queries import FilledGuide
from tantam.lib.prepared import Prepared
from tantam.patients.models import ContactKind, ContactPoint, Patient
from tantam.patients.queries.header import PatientHeader, header_for
from tantam.patients.queries.phones import in_order_to_try
from tantam.privacy.models import Consent, ConsentDecision, Purpose
from tantam.records.queries import RecordSummary, ReexaminationLine, record_summary

CONTACTS_SHOWN = 5
MOST_CONTACTS = 10
QUESTIONS_SHOWN = 5
OTHERS_SHOWN = 6

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
_OF_A_FINDING = (
    "kind",
    "summary",
    "details",
    "learnt_at",
    "learnt_by__full_name",
    "doctor__full_name",
    "doctor__title",
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


@dataclass(frozen=True, slots=True)
class OtherTask:
    """Another open contact with the same patient: what for, when, how."""

    name: str
    due_on: date
    action: str

    @classmethod
    def of(cls, row: dict[str, Any]) -> OtherTask:
        name = row["rule"] or str(Occasion(row["occasion"]).label)
        return cls(name, date.fromisoformat(row["due_on"]), str(Action(row["action"]).label))


@dataclass(frozen=True, slots=True)
class CallScreen:
    """Everything the call screen shows (B6)."""

    task: CareTask
    patient: Patient
    header: PatientHeader
    record: RecordSummary
    reexamination: ReexaminationLine | None
    doctor: str
    other_tasks: list[OtherTask]
    points: list[ContactPoint]
    contacts: list[Contact]
    questions: list[Question]
    learnt: list[Finding]
    guide: FilledGuide | None
    conversation: Conversation | None
    today: date

    @property
    def phones(self) -> list[ContactPoint]:
        """Numbers to ring, the best first; those known to be wrong are not offered."""
        return [point for point in self.points if point.kind == ContactKind.PHONE and not point.is_wrong]

    @property
    def wrong_phones(self) -> list[ContactPoint]:
        return [point for point in self.points if point.kind == ContactKind.PHONE and point.is_wrong]

    @property
    def best_hours(self) -> str:
        """The two hours in which the patient answers most often, or nothing when that is not known."""
        hour = self.task.best_hour
        return f"{hour}–{hour + 2}" if hour < HOUR_UNKNOWN else ""

    @property
    def has_passed(self) -> bool:
        return self.reexamination is not None and self.reexamination.due_on < self.today

    @property
    def diagnoses(self) -> Iterable[str]:
        return [str(line) for line in self.record.conditions]


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
_findings_of = Prepared(
    lambda task_id: (
        Finding.objects.filter(task=task_id)
        .order_by("-id")
        .select_related("learnt_by", "doctor")
        .only(*_OF_A_FINDING)
    )
)
_points_of = Prepared(lambda patient_id: ContactPoint.objects.filter(patient=patient_id))


def open_questions(patient: Patient, member: Member) -> list[Question]:
    """The patient's questions that wait for an answer, then those answered last. One query."""
    return _questions_of(patient.pk, member.sites_where(Permission.CARE_SEE))


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


def with_surroundings(tasks: QuerySet[CareTask]) -> QuerySet[CareTask]:
    """Tasks with what tells which further questions are worth asking: most calls have nothing there."""
    patient = OuterRef("patient_id")
    consent = Consent.objects.filter(patient=patient, purpose=Purpose.CARE_CONTACT).order_by("-id")
    others = (
        CareTask.objects.filter(patient=patient, status=TaskStatus.OPEN, site=OuterRef("site"))
        .exclude(pk=OuterRef("pk"))
        .order_by("due_on", "pk")
        .values(row=JSONObject(rule="rule__name", occasion="occasion", due_on="due_on", action="action"))
    )[:OTHERS_SHOWN]
    return tasks.annotate(
        care_consent=Subquery(consent.values("decision")[:1]),
        has_findings=Exists(Finding.objects.filter(task=OuterRef("pk"))),
        has_questions=Exists(Question.objects.filter(patient=patient)),
        others=ArraySubquery(others),
    )


def call_screen(task: CareTask, member: Member) -> CallScreen:
    """Read the call screen for a task the member may see: eight statements, two more when there are questions
    of the patient and things already recorded in this call.

    The task comes from `access.task_for`, which has looked `with_surroundings`.
    """
    patient = task.patient
    points = in_order_to_try(_points_of(patient.pk))
    record = record_summary(patient, member)
    contacts = last_contacts(patient, member)
    reexamination = _reexamination(task, record)
    doctor = _doctor(task, record, reexamination)
    return CallScreen(
        task=task,
        patient=patient,
        header=_header(task, patient, points, record, reexamination),
        record=record,
        reexamination=reexamination,
        doctor=doctor,
        other_tasks=[OtherTask.of(row) for row in getattr(task, "others", None) or []],
        points=points,
        contacts=contacts,
        questions=open_questions(patient, member) if getattr(task, "has_questions", True) else [],
        learnt=_findings_of(task.pk) if getattr(task, "has_findings", True) else [],
        guide=guide_beside(task, patient, record, reexamination, doctor, contacts),
        conversation=next((one.conversation for one in contacts if _is_of(one, task)), None),
        today=timezone.localdate(),
    )


def _header(
    task: CareTask,
    patient: Patient,
    points: list[ContactPoint],
    record: RecordSummary,
    reexamination: ReexaminationLine | None,
) -> PatientHeader:
    decision = getattr(task, "care_consent", None)
    refused = decision in (ConsentDecision.REFUSED, ConsentDecision.WITHDRAWN)
    label = _("Agreed to care calls") if decision == ConsentDecision.GIVEN else ""
    return header_for(
        patient,
        contact_points=points,
        allergies=record.warning_allergies,
        next_reexamination=reexamination.due_on if reexamination else None,
        consent_label=_("Does not agree to care calls") if refused else label,
        consent_kind="wait" if refused else "good",
    )


def _is_of(contact: Contact, task: CareTask) -> bool:
    return contact.conversation is not None and contact.conversation.task_id == task.pk


def _reexamination(task: CareTask, record: RecordSummary) -> ReexaminationLine | None:
    if task.reexamination is not None and task.reexamination.is_open:
        return ReexaminationLine.of(task.reexamination)
    here = [one for one in record.reexaminations if one.site_id == task.site_id]
    of_this_visit = [one for one in here if task.encounter_id and one.encounter_id == task.encounter_id]
    return next(iter(of_this_visit or here), None)


def _doctor(task: CareTask, record: RecordSummary, reexamination: ReexaminationLine | None) -> str:
    if reexamination is not None and reexamination.doctor:
        return reexamination.doctor
    if task.doctor is not None:
        return str(task.doctor)
    return record.last_encounter.doctor if record.last_encounter else ""
