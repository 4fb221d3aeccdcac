from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from tantam.accounts.models import Member
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

    @property
    def is_worrying(self) -> bool:
        return self is Experience.BAD


class Health(models.TextChoices):
    BETTER = "better", _("Better")
    SAME = "same", _("About the same")
    WORSE = "worse", _("Worse")
    NOT_ASKED = "", _("Not asked")

    @property
    def is_worrying(self) -> bool:
        return self is Health.WORSE


class Confirmation(models.TextChoices):
    CONFIRMED = "confirmed", _("Will come")
    UNSURE = "unsure", _("Not sure yet")
    DECLINED = "declined", _("Will not come")
    NOT_ASKED = "", _("Not asked")


def is_worrying(*, health: str, experience: str) -> bool:
    """Whether what the patient answered must not wait: it needs words, and someone who holds the next step."""
    return Health(health).is_worrying or Experience(experience).is_worrying


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
    experience_note = EncryptedTextField(_("In their words"), max_length=500, blank=True, default="")
    health = models.CharField(_("Health now"), max_length=10, choices=Health.choices, blank=True, default="")
    symptoms_before = EncryptedTextField(_("Symptoms before"), max_length=500, blank=True, default="")
    symptoms_after = EncryptedTextField(_("Symptoms now"), max_length=500, blank=True, default="")
    confirmation = models.CharField(
        _("Re-examination"), max_length=10, choices=Confirmation.choices, blank=True, default=""
    )
    note = EncryptedTextField(_("Note"), blank=True, default="")
    held_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = (models.Index(fields=["patient", "-held_at"], name="conversation_by_patient"),)

    def __str__(self) -> str:
        return f"{self.patient_id} {self.held_at:%d/%m/%Y}"

    @property
    def is_worrying(self) -> bool:
        return is_worrying(health=self.health, experience=self.experience)
