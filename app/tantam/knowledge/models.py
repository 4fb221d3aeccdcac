from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from tantam.accounts.models import Member
from tantam.facility.models import Speciality


class Occasion(models.TextChoices):
    BEFORE_REEXAMINATION = "before_reexamination", _("Before a re-examination")
    AFTER_ENCOUNTER = "after_encounter", _("After a visit")


class PatientFact(models.TextChoices):
    """Facts of this patient a guide can bring up beside its questions."""

    LAST_VISIT = "last_visit", _("The last visit")
    DIAGNOSES = "diagnoses", _("Diagnoses")
    MEDICINES = "medicines", _("Medicines in use")
    ALLERGIES = "allergies", _("Allergies")
    ADVICE = "advice", _("The doctor's advice")
    REEXAMINATION = "reexamination", _("The re-examination date")
    LAST_CONTACT = "last_contact", _("The last conversation")
    VULNERABILITY = "vulnerability", _("What needs particular care")


class Guide(models.Model):
    """A conversation guide for an occasion, for everyone or for a speciality or a range of diagnoses (C5).

    The most specific guide wins: diagnosis prefix, then speciality, then the general one.
    """

    title = models.CharField(_("Title"), max_length=160)
    occasion = models.CharField(_("Occasion"), max_length=30, choices=Occasion.choices)
    speciality = models.ForeignKey(Speciality, on_delete=models.PROTECT, null=True, blank=True)
    diagnosis_prefix = models.CharField(_("Diagnosis code begins with"), max_length=10, blank=True)
    is_active = models.BooleanField(_("In use"), default=True)

    class Meta:
        ordering = ("occasion", "title")

    def __str__(self) -> str:
        return self.title


class GuideVersion(models.Model):
    """One published state of a guide. Conversations keep the version they were held with."""

    guide = models.ForeignKey(Guide, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    goals = models.JSONField(default=list)
    questions = models.JSONField(default=list)
    facts = models.JSONField(default=list)
    cautions = models.JSONField(default=list)
    published_at = models.DateTimeField(db_default=Now(), editable=False)
    published_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=["guide", "number"], name="guide_version_once"),)

    def __str__(self) -> str:
        return f"{self.guide_id} v{self.number}"
