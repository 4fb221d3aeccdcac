from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from tantam.accounts.models import Member, Practitioner
from tantam.care.models.tasks import CareTask
from tantam.facility.models import Site
from tantam.knowledge.models import GuideVersion
from tantam.lib.fields import EncryptedTextField
from tantam.patients.models import Patient


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
    # The guide's questions that were asked, in the words of that version.
    asked = models.JSONField(default=list)
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
