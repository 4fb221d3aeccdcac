from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final, Self

import pghistory
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tantam.accounts.models import Member, Practitioner
from tantam.accounts.permissions import Role
from tantam.care.models.rules import Action, CareRule, Priority
from tantam.facility.models import Site, Speciality
from tantam.knowledge.models import Occasion
from tantam.lib.fields import EncryptedTextField
from tantam.patients.models import ContactPoint, Patient
from tantam.records.models import Encounter, Reexamination

if TYPE_CHECKING:
    from tantam.care.models.findings import Finding


class TaskStatus(models.TextChoices):
    OPEN = "open", _("To do")
    DONE = "done", _("Done")
    CLOSED = "closed", _("No longer needed")
    UNREACHED = "unreached", _("Not reached")


class ClosedReason(models.TextChoices):
    REEXAMINATION_CANCELLED = "reexamination_cancelled", _("The re-examination was cancelled")
    REEXAMINATION_DONE = "reexamination_done", _("The patient has already come")
    ENCOUNTER_CANCELLED = "encounter_cancelled", _("The visit was cancelled")
    TOO_LATE = "too_late", _("Too much time has passed")
    RULE_STOPPED = "rule_stopped", _("The rule was stopped or changed")
    PATIENT_INACTIVE = "patient_inactive", _("The patient has died or left us")
    CONSENT_REFUSED = "consent_refused", _("The patient does not agree to care contacts")
    REFUSED = "refused", _("The patient does not want to be called")
    BY_SUPERVISOR = "by_supervisor", _("Closed by a supervisor")
    NO_CONTACT = "no_contact", _("No way to reach the patient")


# What the planner closes by itself: when its cause is gone, the contact is planned again as a new occurrence.
CLOSED_BY_PLANNER = (
    ClosedReason.REEXAMINATION_CANCELLED,
    ClosedReason.REEXAMINATION_DONE,
    ClosedReason.ENCOUNTER_CANCELLED,
    ClosedReason.TOO_LATE,
    ClosedReason.RULE_STOPPED,
    ClosedReason.PATIENT_INACTIVE,
    ClosedReason.CONSENT_REFUSED,
)
# What a supervisor may say when closing a contact by hand.
CLOSED_BY_HAND = (ClosedReason.REFUSED, ClosedReason.NO_CONTACT, ClosedReason.BY_SUPERVISOR)
HOUR_UNKNOWN = 24
# What a contact no longer has once it is closed, by whomever; the planner writes the same columns in SQL.
RESET_BY_CLOSING: Final[Mapping[str, object]] = {
    "claimed_by_id": None,
    "claimed_at": None,
    "next_attempt_at": None,
    "needs_supervisor": False,
}


class CareTaskQuerySet(models.QuerySet["CareTask"]):
    def open(self) -> Self:
        return self.filter(status=TaskStatus.OPEN)

    def held(
        self, patient_id: int, *, and_task: int | None = None, around: Sequence[str] = ("claimed_by",)
    ) -> list[CareTask]:
        """The patient's open contacts as they are now, locked until the act ends; with `and_task` also that one.

        The patient is locked first, then the contacts in key order: the order of every act on them, so that no two
        acts wait for each other.
        """
        Patient.objects.held(patient_id)
        wanted = models.Q(status=TaskStatus.OPEN) | models.Q(pk=and_task)
        return list(
            self.filter(wanted, patient_id=patient_id)
            .select_related(*around)
            .order_by("pk")
            .select_for_update(of=("self",), no_key=True)
        )

    def held_task(self, task: CareTask, *, around: Sequence[str] = ("claimed_by",)) -> CareTask:
        """One contact as it is now, open or not, locked with all that `held` locks."""
        for each in self.held(task.patient_id, and_task=task.pk, around=around):
            if each.pk == task.pk:
                return each
        raise CareTask.DoesNotExist


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class CareTask(models.Model):
    """One contact to be made (B4, B6; FHIR Task).

    Its natural key is source + rule + occurrence: `source_kind` and `source_id` name the re-examination or
    encounter, `occurrence` tells apart repeated occasions of one source (0 the first). The planner inserts with
    ON CONFLICT DO NOTHING on it, so no run ever makes a second. A claim is compare-and-set on `claimed_by`,
    and one patient has at most one claimed task, so two agents never call the same person.
    `anchor_on` is the day of the re-examination or visit the contact is about, `due_on` the day the contact is
    due, both in the site's zone; `next_attempt_at` holds it back after a try. `best_hour` begins the two hours
    in which the patient answers most often (24: not known).
    """

    rule = models.ForeignKey(
        CareRule, on_delete=models.PROTECT, null=True, related_name="tasks", db_index=False
    )
    source_kind = models.CharField(max_length=20)
    source_id = models.BigIntegerField()
    occurrence = models.PositiveSmallIntegerField(default=0)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="care_tasks", db_index=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", db_index=False)
    speciality = models.ForeignKey(
        Speciality, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    encounter = models.ForeignKey(
        Encounter, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    reexamination = models.ForeignKey(
        Reexamination, on_delete=models.SET_NULL, null=True, related_name="care_tasks", db_index=False
    )
    doctor = models.ForeignKey(
        Practitioner, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    occasion = models.CharField(max_length=30, choices=Occasion.choices)
    action = models.CharField(max_length=10, choices=Action.choices, default=Action.CALL)
    priority = models.SmallIntegerField(choices=Priority.choices, default=Priority.NORMAL)
    anchor_on = models.DateField()
    due_on = models.DateField()
    best_hour = models.PositiveSmallIntegerField(default=HOUR_UNKNOWN)
    status = models.CharField(max_length=10, choices=TaskStatus.choices, default=TaskStatus.OPEN)
    assigned_role = models.CharField(max_length=30, choices=Role.choices, default=Role.CARE_AGENT)
    assigned_to = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    claimed_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    needs_supervisor = models.BooleanField(default=False)
    closed_reason = models.CharField(max_length=30, choices=ClosedReason.choices, blank=True, default="")
    closed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = CareTaskQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["source_kind", "source_id", "rule", "occurrence"],
                name="care_task_natural_key",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(claimed_by__isnull=True, claimed_at__isnull=True)
                    | models.Q(claimed_by__isnull=False, claimed_at__isnull=False)
                ),
                name="claim_has_its_time",
            ),
            models.UniqueConstraint(
                fields=["patient"],
                name="one_claim_a_patient",
                condition=models.Q(status="open", claimed_by__isnull=False),
            ),
        )
        indexes = (
            models.Index(
                fields=["site", "action", "priority", "due_on", "best_hour", "id"],
                name="care_work_list",
                # The list and its counts are answered from the index alone.
                include=["speciality", "assigned_to", "claimed_by"],
                condition=models.Q(status="open", needs_supervisor=False),
            ),
            models.Index(
                fields=["assigned_to", "due_on"],
                name="care_task_assigned",
                condition=models.Q(status="open", assigned_to__isnull=False),
            ),
            models.Index(
                fields=["site", "due_on", "id"],
                name="care_task_supervisor",
                condition=models.Q(status="open", needs_supervisor=True),
            ),
            models.Index(fields=["due_on", "site"], name="care_task_by_day"),
            models.Index(fields=["patient", "-due_on"], name="care_task_by_patient"),
            models.Index(
                fields=["reexamination"],
                name="care_task_by_reexam",
                condition=models.Q(reexamination__isnull=False),
            ),
            models.Index(
                fields=["claimed_by"],
                name="care_task_claimed",
                condition=models.Q(status="open", claimed_by__isnull=False),
            ),
            models.Index(
                fields=["closed_at", "site"],
                name="care_task_closed",
                condition=models.Q(closed_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_occasion_display()} {self.due_on:%d/%m/%Y}"

    @property
    def is_open(self) -> bool:
        return self.status == TaskStatus.OPEN

    @property
    def responsible_doctor(self) -> Practitioner | None:
        """Who answers for the patient in this matter: of the re-examination, else of the task, else of the visit."""
        if self.reexamination is not None and self.reexamination.doctor_id is not None:
            return self.reexamination.doctor
        if self.doctor_id is not None:
            return self.doctor
        return self.encounter.doctor if self.encounter is not None else None

    def close(self, status: TaskStatus, *, at: datetime, reason: str = "", also: Sequence[str] = ()) -> None:
        """End the contact: done, unreached, or closed with its reason. `also` names what else has changed on it."""
        self.status, self.closed_reason, self.closed_at = status, reason, at
        for column, value in RESET_BY_CLOSING.items():
            setattr(self, column, value)
        columns = ("status", "closed_reason", "closed_at", *RESET_BY_CLOSING)
        self.save(update_fields=[*columns, *also])

    def add_attempt(
        self,
        result: str,
        *,
        member: Member,
        at: datetime,
        point: ContactPoint | None = None,
        note: str = "",
        channel: str = "",
    ) -> CallAttempt:
        """Count one more try. Whoever asks saves `attempts` with what follows from it."""
        self.attempts += 1
        return CallAttempt.objects.create(
            task=self,
            patient_id=self.patient_id,
            site_id=self.site_id,
            member=member,
            contact_point=point,
            channel=channel or Channel.PHONE,
            result=result,
            note=note,
            made_at=at,
        )

    def is_theirs(self, point: ContactPoint | None) -> bool:
        """Whether the number is one of the patient's; none at all is no stranger's."""
        return point is None or point.patient_id == self.patient_id

    def keep_claim(self, member: Member) -> bool:
        """The holder is still at it: the claim's time starts anew. No act of its own, so no entry."""
        mine = CareTask.objects.open().filter(pk=self.pk, claimed_by=member)
        return bool(mine.update(claimed_at=timezone.now()))

    def noted_before(self, once: str) -> Finding | None:
        """The finding made by an earlier sending of the same form; ask while the task is held."""
        return self.findings.filter(details__once=once).first() if once else None


class AttemptResult(models.TextChoices):
    ANSWERED = "answered", _("Answered")
    NO_ANSWER = "no_answer", _("No answer")
    BUSY = "busy", _("Busy")
    UNREACHABLE = "unreachable", _("Phone off or out of coverage")
    WRONG_NUMBER = "wrong_number", _("Wrong number")
    CALL_BACK = "call_back", _("Asked to be called later")
    REFUSED = "refused", _("Does not want to be called")
    SENT = "sent", _("Message sent")


class Channel(models.TextChoices):
    PHONE = "phone", _("Phone")
    ZALO = "zalo", _("Zalo")
    SMS = "sms", _("SMS")
    EMAIL = "email", _("Email")


class CallAttempt(models.Model):
    """One try to reach a patient (B6), by phone or by a message sent by hand. Added, never changed."""

    task = models.ForeignKey(CareTask, on_delete=models.PROTECT, related_name="call_attempts")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+", db_index=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", db_index=False)
    contact_point = models.ForeignKey(
        ContactPoint, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    channel = models.CharField(_("Channel"), max_length=10, choices=Channel.choices, default=Channel.PHONE)
    result = models.CharField(_("Result"), max_length=15, choices=AttemptResult.choices)
    note = EncryptedTextField(_("Note"), max_length=300, blank=True, default="")
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = (
            models.Index(fields=["patient", "-made_at"], name="attempt_by_patient"),
            models.Index(fields=["made_at", "site"], name="attempt_by_time"),
        )

    def __str__(self) -> str:
        return f"{self.get_result_display()} {self.made_at:%d/%m/%Y}"
