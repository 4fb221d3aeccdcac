from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import pghistory
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from tantam.accounts.models import Member, Practitioner
from tantam.facility.models import Site, Speciality
from tantam.lib.append_only import track
from tantam.lib.fields import EncryptedTextField
from tantam.patients.models import Patient
from tantam.records.errors import ReexaminationClosed
from tantam.records.models.encounters import Encounter
from tantam.records.models.rows import RowsOfARecord
from tantam.records.rules.visibility import record_sites


class ReexaminationStatus(models.TextChoices):
    PLANNED = "planned", _("Planned")
    CONFIRMED = "confirmed", _("Confirmed by the patient")
    DONE = "done", _("Came")
    CANCELLED = "cancelled", _("Cancelled")


class ReexaminationQuerySet(RowsOfARecord["Reexamination"]):
    def visible_to(self, member: Member) -> Self:
        return self.visible_at(record_sites(member))

    def visible_at(self, sites: Sequence[int]) -> Self:
        return self.filter(site__in=sites)

    def open(self) -> Self:
        return self.filter(status__in=(ReexaminationStatus.PLANNED, ReexaminationStatus.CONFIRMED))

    def held_open(self, row: Reexamination) -> Reexamination:
        """The row as it is now, with its site, locked until the act ends. Refuses with ReexaminationClosed."""
        held = self.select_related("site").held(row.pk)
        if not held.is_open:
            raise ReexaminationClosed
        return held

    def standing(self) -> Self:
        """Those not given up."""
        return self.exclude(status=ReexaminationStatus.CANCELLED)


@track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Reexamination(models.Model):
    """A date on which the patient is to come again (tái khám), from the slip, an appointment or a plan (B2, B4).

    `met_by` is the visit with which the patient kept it. `submission` names the form that set it, so that a form
    sent twice sets one date.
    """

    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="reexaminations", db_index=False
    )
    encounter = models.ForeignKey(
        Encounter, on_delete=models.SET_NULL, null=True, blank=True, related_name="reexaminations"
    )
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", db_index=False)
    speciality = models.ForeignKey(
        Speciality, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    doctor = models.ForeignKey(
        Practitioner,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reexaminations",
        db_index=False,
    )
    due_on = models.DateField(_("Re-examination date"))
    at_time = models.TimeField(_("Time"), null=True, blank=True)
    purpose = models.CharField(_("What for"), max_length=300, blank=True)
    status = models.CharField(
        max_length=10, choices=ReexaminationStatus.choices, default=ReexaminationStatus.PLANNED
    )
    confirmed_at = models.DateTimeField(null=True, editable=False)
    met_by = models.ForeignKey(
        Encounter,
        on_delete=models.SET_NULL,
        null=True,
        related_name="met_reexaminations",
        editable=False,
        db_index=False,
    )
    change_reason = models.CharField(_("Why it was changed"), max_length=300, blank=True, editable=False)
    came_from = models.CharField(max_length=120, blank=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    submission = models.UUIDField(null=True, unique=True, editable=False)

    objects = ReexaminationQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(
                fields=["met_by"], name="reexam_by_encounter", condition=models.Q(met_by__isnull=False)
            ),
            models.Index(fields=["patient", "-due_on"], name="reexam_by_patient"),
            models.Index(fields=["due_on", "site"], name="reexam_by_day"),
            models.Index(
                fields=["doctor", "due_on"], name="reexam_by_doctor", condition=models.Q(doctor__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return f"{self.due_on:%d/%m/%Y}"

    @property
    def planned_for(self) -> str:
        """Day and time as one word, by which a form knows the date it was opened with."""
        return f"{self.due_on:%Y-%m-%d}" + (f"T{self.at_time:%H:%M}" if self.at_time else "")

    @property
    def is_open(self) -> bool:
        return self.status in (ReexaminationStatus.PLANNED, ReexaminationStatus.CONFIRMED)


class CarePlan(models.Model):
    """A treatment or care plan taken from the hospital's database (FHIR CarePlan)."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="care_plans")
    encounter = models.ForeignKey(
        Encounter, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    title = models.CharField(_("Plan"), max_length=300)
    activities = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    came_from = models.CharField(max_length=120, blank=True, editable=False)

    def __str__(self) -> str:
        return self.title


class Trend(models.TextChoices):
    BETTER = "better", _("Better")
    SAME = "same", _("The same")
    WORSE = "worse", _("Worse")
    NEW = "new", _("A new complaint")


class ConditionChangeQuerySet(RowsOfARecord["ConditionChange"]):
    def visible_to(self, member: Member) -> Self:
        return self.visible_at(record_sites(member))

    def visible_at(self, sites: Sequence[int]) -> Self:
        """Those told at these sites, and those that belong to the person and to no site."""
        if not sites:
            return self.none()
        return self.filter(models.Q(site__isnull=True) | models.Q(site__in=sites))


class ConditionChange(models.Model):
    """What the patient says has changed in their condition, between visits (B7). Added, never rewritten.

    Without a site it belongs to the person, not to a visit. `submission` names the form that told it.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="condition_changes")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    encounter = models.ForeignKey(
        Encounter, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    trend = models.CharField(_("Compared with before"), max_length=10, choices=Trend.choices)
    text = EncryptedTextField(_("What the patient says"))
    reported_at = models.DateTimeField(db_default=Now())
    reported_to = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    submission = models.UUIDField(null=True, unique=True, editable=False)

    objects = ConditionChangeQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.trend} {self.reported_at:%d/%m/%Y}"
