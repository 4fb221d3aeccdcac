from __future__ import annotations

import pghistory
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from tantam.accounts.models import Member, Practitioner
from tantam.accounts.permissions import Role
from tantam.facility.models import Site, Speciality
from tantam.knowledge.models import Guide, GuideVersion, Occasion
from tantam.lib.fields import EncryptedTextField
from tantam.patients.models import ContactPoint, Patient
from tantam.records.models import Encounter, Reexamination


class Action(models.TextChoices):
    CALL = "call", _("Call")
    MESSAGE = "message", _("Message")


class Priority(models.IntegerChoices):
    URGENT = 1, _("Urgent")
    HIGH = 2, _("High")
    NORMAL = 3, _("Normal")
    LOW = 4, _("Low")


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class CareRule(models.Model):
    """When a patient is to be contacted, how, and by whom (B4). `days` before the re-examination, or after the visit."""

    name = models.CharField(_("Name"), max_length=160)
    occasion = models.CharField(_("When"), max_length=30, choices=Occasion.choices)
    days = models.PositiveSmallIntegerField(_("Days"))
    action = models.CharField(_("What"), max_length=10, choices=Action.choices, default=Action.CALL)
    priority = models.SmallIntegerField(_("Priority"), choices=Priority.choices, default=Priority.NORMAL)
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("Site"), related_name="+"
    )
    speciality = models.ForeignKey(
        Speciality,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("Speciality"),
        related_name="+",
    )
    diagnosis_prefix = models.CharField(_("Diagnosis code begins with"), max_length=10, blank=True)
    assigned_role = models.CharField(_("Who"), max_length=30, choices=Role.choices, default=Role.CARE_AGENT)
    assigned_to = models.ForeignKey(
        Member,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("One colleague"),
        related_name="+",
    )
    guide = models.ForeignKey(
        Guide,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("Conversation guide"),
        related_name="+",
    )
    is_active = models.BooleanField(_("In use"), default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    created_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    class Meta:
        ordering = ("occasion", "days", "name")

    def __str__(self) -> str:
        return self.name


class TaskStatus(models.TextChoices):
    OPEN = "open", _("To do")
    DONE = "done", _("Done")
    CLOSED = "closed", _("No longer needed")
    UNREACHED = "unreached", _("Not reached")


class ClosedReason(models.TextChoices):
    REEXAMINATION_CANCELLED = "reexamination_cancelled", _("The re-examination was cancelled")
    REEXAMINATION_DONE = "reexamination_done", _("The patient has already come")
    RULE_STOPPED = "rule_stopped", _("The rule was stopped or changed")
    PATIENT_INACTIVE = "patient_inactive", _("The patient has died or left us")
    REFUSED = "refused", _("The patient does not want to be called")
    BY_SUPERVISOR = "by_supervisor", _("Closed by a supervisor")
    NO_CONTACT = "no_contact", _("No way to reach the patient")


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class CareTask(models.Model):
    """One contact to be made (B4, B6; FHIR Task).

    Its natural key is source + rule + occurrence: `source_kind` and `source_id` name the re-examination or
    encounter, `occurrence` tells apart repeated occasions of one source (0 the first). The planner inserts with
    ON CONFLICT DO NOTHING on it, so no run ever makes a second. A claim is compare-and-set on `claimed_by`.
    `due_on` is the day the contact is due, in the site's zone; `next_attempt_at` holds it back after a try.
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
    due_on = models.DateField()
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
        )
        indexes = (
            models.Index(
                fields=["site", "due_on", "priority", "id"],
                name="care_work_list",
                condition=models.Q(status="open"),
            ),
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


class AttemptResult(models.TextChoices):
    ANSWERED = "answered", _("Answered")
    NO_ANSWER = "no_answer", _("No answer")
    BUSY = "busy", _("Busy")
    UNREACHABLE = "unreachable", _("Phone off or out of coverage")
    WRONG_NUMBER = "wrong_number", _("Wrong number")
    CALL_BACK = "call_back", _("Asked to be called later")
    REFUSED = "refused", _("Does not want to be called")


class CallAttempt(models.Model):
    """One try to reach a patient (B6). Added, never changed."""

    task = models.ForeignKey(CareTask, on_delete=models.PROTECT, related_name="call_attempts")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+", db_index=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", db_index=False)
    contact_point = models.ForeignKey(
        ContactPoint, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    result = models.CharField(_("Result"), max_length=15, choices=AttemptResult.choices)
    note = models.CharField(_("Note"), max_length=300, blank=True)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = (
            models.Index(fields=["patient", "-made_at"], name="attempt_by_patient"),
            models.Index(fields=["made_at", "site"], name="attempt_by_time"),
        )

    def __str__(self) -> str:
        return f"{self.get_result_display()} {self.made_at:%d/%m/%Y}"


class Experience(models.TextChoices):
    GOOD = "good", _("Satisfied")
    FAIR = "fair", _("So-so")
    BAD = "bad", _("Not satisfied")
    NOT_ASKED = "", _("Not asked")


class Health(models.TextChoices):
    BETTER = "better", _("Better")
    SAME = "same", _("About the same")
    WORSE = "worse", _("Worse")
    NOT_ASKED = "", _("Not asked")


class Confirmation(models.TextChoices):
    CONFIRMED = "confirmed", _("Will come")
    UNSURE = "unsure", _("Not sure yet")
    DECLINED = "declined", _("Will not come")
    NOT_ASKED = "", _("Not asked")


class Conversation(models.Model):
    """What the patient told us in one care call (B6): examination experience, health now, symptoms, confirmation."""

    task = models.OneToOneField(CareTask, on_delete=models.PROTECT, related_name="conversation")
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="conversations", db_index=False
    )
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", db_index=False)
    guide_version = models.ForeignKey(GuideVersion, on_delete=models.PROTECT, null=True, related_name="+")
    spoke_with = models.CharField(_("Spoke with"), max_length=120, blank=True)
    experience = models.CharField(
        _("How the examination went"), max_length=10, choices=Experience.choices, blank=True, default=""
    )
    experience_note = models.CharField(_("In their words"), max_length=500, blank=True)
    health = models.CharField(_("Health now"), max_length=10, choices=Health.choices, blank=True, default="")
    symptoms_before = models.CharField(_("Symptoms before"), max_length=500, blank=True)
    symptoms_after = models.CharField(_("Symptoms now"), max_length=500, blank=True)
    confirmation = models.CharField(
        _("Re-examination"), max_length=10, choices=Confirmation.choices, blank=True, default=""
    )
    note = EncryptedTextField(_("Note"), blank=True, default="")
    held_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = (models.Index(fields=["patient", "-held_at"], name="conversation_by_patient"),)

    def __str__(self) -> str:
        return f"{self.patient_id} {self.held_at:%d/%m/%Y}"


class Question(models.Model):
    """A question the patient asked that waits for an answer, and then the answer (B6, D3)."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="questions")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    task = models.ForeignKey(CareTask, on_delete=models.PROTECT, null=True, related_name="questions")
    text = models.TextField(_("Question"))
    answer = models.TextField(_("Answer"), blank=True)
    asked_at = models.DateTimeField(db_default=Now())
    asked_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.text[:60]


class UnmetNeed(models.Model):
    """A need we cannot meet, with the explanation given to the patient (B8)."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="unmet_needs")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    task = models.ForeignKey(CareTask, on_delete=models.PROTECT, null=True, related_name="unmet_needs")
    need = models.TextField(_("What the patient needs"))
    explanation = models.TextField(_("What we explained"))
    noted_at = models.DateTimeField(db_default=Now())
    noted_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.need[:60]


class FindingKind(models.TextChoices):
    CONDITION_CHANGED = "condition_changed", _("Condition changed")
    ALLERGY = "allergy", _("Drug allergy")
    REEXAMINATION_MOVED = "reexamination_moved", _("Re-examination date moved")
    DOCTOR_CHANGED = "doctor_changed", _("Responsible doctor changed")
    NEED_UNMET = "need_unmet", _("A need we cannot meet")
    CONVERSATION = "conversation", _("Care call")
    QUESTION = "question", _("Question for the doctor")


class Finding(models.Model):
    """One thing care learnt since the last visit, on the responsible doctor's "before the visit" list (B9).

    `summary` is what the doctor reads; `details` holds codes and ids. It stays unread until the doctor has seen it.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="findings", db_index=False)
    doctor = models.ForeignKey(
        Practitioner, on_delete=models.PROTECT, null=True, related_name="findings", db_index=False
    )
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", db_index=False)
    task = models.ForeignKey(CareTask, on_delete=models.PROTECT, null=True, related_name="findings")
    kind = models.CharField(max_length=25, choices=FindingKind.choices)
    summary = EncryptedTextField()
    details = models.JSONField(default=dict)
    learnt_at = models.DateTimeField(db_default=Now())
    learnt_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    seen_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        indexes = (
            models.Index(fields=["patient", "-learnt_at"], name="finding_by_patient"),
            models.Index(
                fields=["doctor", "-learnt_at"],
                name="finding_unseen",
                condition=models.Q(seen_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.learnt_at:%d/%m/%Y}"
