"""What is known around a care call, read for one page: few statements, nothing asked twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _

from tantam.accounts.models import Member
from tantam.care.models import (
    HOUR_UNKNOWN,
    Action,
    CareTask,
    Conversation,
    Finding,
    Question,
    TaskStatus,
)
from tantam.care.queries.contacts import (
    Contact,
    contacts_and_last_spoken,
    conversation_of,
    open_questions,
)
from tantam.care.queries.guides import guide_beside, is_child
from tantam.care.queries.holding import reexamination_of
from tantam.care.rules.outcomes import COVERED_DAYS
from tantam.knowledge.models import GuideVersion, Occasion
from tantam.knowledge.rules.filling import FilledGuide
from tantam.lib.prepared import Prepared
from tantam.patients.models import ContactKind, ContactOwner, ContactPoint, Patient
from tantam.patients.queries.header import PatientHeader, header_for
from tantam.patients.queries.phones import in_order_to_try
from tantam.privacy.models import Consent, ConsentDecision, Purpose
from tantam.records.queries import RecordSummary, ReexaminationLine, record_summary
from tantam.records.queries.summary import MOST_REEXAMINATIONS

OTHERS_SHOWN = 6
LEARNT_SHOWN = 50

# What the page shows of each row: the rest would only be read and thrown away.
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
class OtherTask:
    """Another open contact with the same patient: what for, when, how."""

    pk: int
    name: str
    due_on: date
    action: str

    @classmethod
    def of(cls, row: dict[str, Any]) -> OtherTask:
        name = row["rule"] or str(Occasion(row["occasion"]).label)
        return cls(int(row["pk"]), name, date.fromisoformat(row["due_on"]), str(Action(row["action"]).label))


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
    def rung_first(self) -> ContactPoint | None:
        """The number to ring: for a child the guardian's, else the best one."""
        phones = self.phones
        if self.is_child:
            phones = [point for point in phones if point.owner != ContactOwner.SELF] or phones
        return next(iter(phones), None)

    @property
    def is_child(self) -> bool:
        return is_child(self.patient, self.today)

    @property
    def soon(self) -> list[int]:
        """The other contacts one conversation usually settles: those due by the day after tomorrow."""
        until = self.today + timedelta(days=COVERED_DAYS)
        return [other.pk for other in self.other_tasks if other.due_on <= until]

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


_findings_of = Prepared(
    lambda task_id: (
        Finding.objects.filter(task=task_id)
        .order_by("-id")
        .select_related("learnt_by", "doctor")
        .only(*_OF_A_FINDING)[:LEARNT_SHOWN]
    )
)
_points_of = Prepared(lambda patient_id: ContactPoint.objects.filter(patient=patient_id))


def with_surroundings(tasks: QuerySet[CareTask]) -> QuerySet[CareTask]:
    """Tasks with what tells which further questions are worth asking: most calls have nothing there."""
    patient = OuterRef("patient_id")
    consent = Consent.objects.filter(patient=patient, purpose=Purpose.CARE_CONTACT).order_by("-id")
    others = (
        CareTask.objects.filter(patient=patient, status=TaskStatus.OPEN, site=OuterRef("site"))
        .exclude(pk=OuterRef("pk"))
        .order_by("due_on", "pk")
        .values(
            row=JSONObject(pk="pk", rule="rule__name", occasion="occasion", due_on="due_on", action="action")
        )
    )[:OTHERS_SHOWN]
    return tasks.annotate(
        care_consent=Subquery(consent.values("decision")[:1]),
        has_findings=Exists(Finding.objects.filter(task=OuterRef("pk"))),
        has_questions=Exists(Question.objects.filter(patient=patient)),
        others=ArraySubquery(others),
    )


def call_screen(task: CareTask, member: Member, *, guide_seen: GuideVersion | None = None) -> CallScreen:
    """Read the call screen for a task the member may see: eight statements, two more when there are questions
    of the patient and things already recorded in this call.

    The task comes from `access.task_for`, which has looked `with_surroundings`. `guide_seen` is the version of the
    guide that stands beside the call already, when the page is shown again.
    """
    patient = task.patient
    points = in_order_to_try(_points_of(patient.pk))
    record = record_summary(patient, member)
    contacts, last_spoken = contacts_and_last_spoken(patient, member)
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
        guide=guide_beside(
            task,
            patient,
            record,
            reexamination,
            doctor,
            last_spoken,
            points,
            seen=guide_seen,
        ),
        conversation=conversation_of(task, contacts),
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
        allergies_withheld=not record.is_visible,
        next_reexamination=reexamination.due_on if reexamination else None,
        consent_label=_("Does not agree to care calls") if refused else label,
        consent_kind="wait" if refused else "good",
    )


def _reexamination(task: CareTask, record: RecordSummary) -> ReexaminationLine | None:
    if task.reexamination is not None and task.reexamination.is_open:
        return ReexaminationLine.of(task.reexamination)
    if len(record.reexaminations) >= MOST_REEXAMINATIONS:
        # The summary's list ends somewhere, and the date of this visit at this site may lie behind its end.
        coming = reexamination_of(task)
        return ReexaminationLine.of(coming) if coming is not None else None
    here = [one for one in record.reexaminations if one.site_id == task.site_id]
    of_this_encounter = [one for one in here if task.encounter_id and one.encounter_id == task.encounter_id]
    return next(iter(of_this_encounter or here), None)


def _doctor(task: CareTask, record: RecordSummary, reexamination: ReexaminationLine | None) -> str:
    if reexamination is not None and reexamination.doctor:
        return reexamination.doctor
    if task.doctor is not None:
        return str(task.doctor)
    return record.last_encounter.doctor if record.last_encounter else ""
