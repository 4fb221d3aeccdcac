from __future__ import annotations

import re
from collections.abc import Iterable

import pghistory
import pgtrigger
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from tantam.accounts.models import Member
from tantam.facility.models import Speciality
from tantam.lib.append_only import track
from tantam.patients.models import Vulnerability


class Occasion(models.TextChoices):
    BEFORE_REEXAMINATION = "before_reexamination", _("Before a re-examination")
    AFTER_ENCOUNTER = "after_encounter", _("After a visit")


class PatientFact(models.TextChoices):
    """Facts of this patient a guide can bring up beside its questions."""

    LAST_ENCOUNTER = "last_encounter", _("The last visit")
    DIAGNOSES = "diagnoses", _("Diagnoses")
    MEDICINES = "medicines", _("Medicines in use")
    ALLERGIES = "allergies", _("Allergies")
    ADVICE = "advice", _("The doctor's advice")
    REEXAMINATION = "reexamination", _("The re-examination date")
    LAST_CONTACT = "last_contact", _("The last conversation")
    VULNERABILITY = "vulnerability", _("What needs particular care")


@track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Guide(models.Model):
    """A conversation guide for an occasion, for everyone or for some patients (C5).

    The most specific guide wins: the longest fitting diagnosis prefix, then a mark of the patient, then the
    speciality, then the general one. `starter_key` tells apart the guides we ship, so that they come once.
    """

    title = models.CharField(_("Title"), max_length=160)
    occasion = models.CharField(_("Occasion"), max_length=30, choices=Occasion.choices)
    speciality = models.ForeignKey(
        Speciality, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("Speciality")
    )
    diagnosis_prefixes = models.CharField(_("Diagnosis codes begin with"), max_length=120, blank=True)
    mark = models.CharField(
        _("Patients who need particular care"), max_length=30, choices=Vulnerability.choices, blank=True
    )
    is_active = models.BooleanField(_("In use"), default=True)
    starter_key = models.SlugField(max_length=40, blank=True, default="", editable=False)
    submission = models.UUIDField(null=True, unique=True, editable=False)

    class Meta:
        ordering = ("occasion", "title")
        constraints = (
            models.UniqueConstraint(
                fields=["starter_key"], name="starter_guide_once", condition=~models.Q(starter_key="")
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def prefixes(self) -> list[str]:
        """The diagnosis codes it is for, as written codes begin: `["K01", "K08.3"]`."""
        return re.split(r"[\s,;]+", self.diagnosis_prefixes) if self.diagnosis_prefixes else []

    def is_about(self, codes: Iterable[str]) -> bool:
        """Whether it is written for one of these diagnoses."""
        return any(code.startswith(prefix) for prefix in self.prefixes for code in codes)

    def fit(self, *, speciality_id: int | None, codes: Iterable[str], marks: Iterable[str]) -> int | None:
        """How closely it fits such a patient: higher is closer, None when it is not for them.

        A guide with diagnosis prefixes and a mark is for those who have either; a speciality narrows it.
        """
        if self.speciality_id is not None and self.speciality_id != speciality_id:
            return None
        score = 1 if self.speciality_id is not None else 0
        if not self.diagnosis_prefixes and not self.mark:
            return score
        fitting = [len(prefix) for prefix in self.prefixes if any(code.startswith(prefix) for code in codes)]
        if fitting:
            return score + 100 * max(fitting)
        return score + 10 if self.mark and self.mark in marks else None


class GuideVersion(models.Model):
    """One published state of a guide, never changed. Conversations keep the version they were held with."""

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
        triggers = (
            pgtrigger.Protect(name="guide_version_fixed", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.guide_id} v{self.number}"
