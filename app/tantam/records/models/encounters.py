from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Self

import pghistory
from django.db import connection, models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tantam.accounts.models import Member, Practitioner
from tantam.facility.models import Department, Site, Speciality
from tantam.lib.append_only import track
from tantam.lib.fields import EncryptedTextField
from tantam.patients.models import Patient
from tantam.records.models.rows import Row, RowsOfARecord
from tantam.records.rules.visibility import record_sites

# A medicine without a number of days counts as in use this long after it was prescribed.
OPEN_ENDED_DAYS = 365
# Clocks at the front desk run ahead of the server's.
CLOCK_TOLERANCE = timedelta(minutes=10)


class EncounterKind(models.TextChoices):
    OUTPATIENT = "outpatient", _("Outpatient visit")
    INPATIENT = "inpatient", _("Inpatient stay")
    EMERGENCY = "emergency", _("Emergency")
    DENTAL = "dental", _("Dental visit")
    REMOTE = "remote", _("Remote consultation")
    HOME = "home", _("Home visit")


class EncounterStatus(models.TextChoices):
    PLANNED = "planned", _("Planned")
    IN_PROGRESS = "in_progress", _("In progress")
    FINISHED = "finished", _("Finished")
    CANCELLED = "cancelled", _("Cancelled")

    @classmethod
    def took_place(cls) -> tuple[EncounterStatus, ...]:
        return cls.IN_PROGRESS, cls.FINISHED


_LAST_ENCOUNTERS = """
UPDATE patients_patient patient SET last_encounter_on = seen.day
FROM (SELECT asked.id, max((came.started_at AT TIME ZONE site.time_zone)::date) AS day
        FROM unnest(%(patients)s) AS asked (id)
        LEFT JOIN records_encounter came
          ON came.patient_id = asked.id AND came.status = ANY(%(took_place)s) AND came.started_at <= %(until)s
        LEFT JOIN facility_site site ON site.id = came.site_id
       GROUP BY asked.id) seen
WHERE patient.id = seen.id AND patient.last_encounter_on IS DISTINCT FROM seen.day"""


class EncounterQuerySet(RowsOfARecord["Encounter"]):
    def visible_to(self, member: Member) -> Self:
        return self.visible_at(record_sites(member))

    def visible_at(self, sites: Sequence[int]) -> Self:
        return self.filter(site__in=sites)

    def took_place(self) -> Self:
        """Those at which the patient came: a planned one is no visit yet, a cancelled one never was."""
        return self.filter(status__in=EncounterStatus.took_place())

    def standing(self) -> Self:
        """Those that took place or are planned: not the cancelled ones."""
        return self.exclude(status=EncounterStatus.CANCELLED)

    def awaited(self, patient: Patient, *, site: Site, on: date) -> Self:
        """The visit of somebody received here on that day with a need, whose slip is not written yet."""
        begins = timezone.make_aware(datetime.combine(on, time()))
        return self.filter(
            patient=patient,
            site=site,
            status=EncounterStatus.PLANNED,
            created_by__isnull=False,
            started_at__gte=begins,
            started_at__lt=begins + timedelta(days=1),
        ).order_by("pk")

    def date_last_encounters(self, patient_ids: Iterable[int]) -> None:
        """Bring the day on which these patients were last here into line with their visits. One statement.

        The day is that of the visit's site. Only visits that took place count, and none that is still to come.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                _LAST_ENCOUNTERS,
                {
                    "patients": sorted(set(patient_ids)),
                    "took_place": [str(status) for status in EncounterStatus.took_place()],
                    "until": timezone.now() + CLOCK_TOLERANCE,
                },
            )


class _PartOfEncounterQuerySet(RowsOfARecord[Row]):
    def visible_to(self, member: Member) -> Self:
        return self.visible_at(record_sites(member))

    def visible_at(self, sites: Sequence[int]) -> Self:
        """Those of visits at these sites, and those that belong to the person and to no visit."""
        if not sites:
            return self.none()
        return self.filter(Q(encounter__isnull=True) | Q(encounter__site__in=sites))

    def standing(self) -> Self:
        return self.filter(Q(encounter__isnull=True) | ~Q(encounter__status="cancelled"))


class DiagnosisQuerySet(_PartOfEncounterQuerySet["Diagnosis"]):
    def active(self) -> Self:
        return self.filter(status="active")


class PrescriptionQuerySet(_PartOfEncounterQuerySet["PrescriptionLine"]):
    def in_use_on(self, day: date) -> Self:
        """Not stopped, and the days it was prescribed for are not over; open-ended ones for a year."""
        over_on = models.ExpressionWrapper(
            F("started_on") + Coalesce(F("days"), Value(OPEN_ENDED_DAYS)), output_field=models.DateField()
        )
        return self.alias(over_on=over_on).filter(
            Q(started_on__isnull=True) | Q(over_on__gt=day), status=PrescriptionStatus.ACTIVE
        )


@track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Encounter(models.Model):
    """One examination or treatment: the examination slip (B2; FHIR Encounter).

    `clinical_notes` are for those with `record.notes`; what the patient may be asked about in a care call
    (reason, symptoms, advice) is apart from them. What the patient says is sealed (0053).
    `revision` counts corrections, so that a form opened before
    one is noticed; `submission` names the form that was sent, so that sending it twice writes one slip.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="encounters", db_index=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", db_index=False)
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    speciality = models.ForeignKey(
        Speciality, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    doctor = models.ForeignKey(
        Practitioner,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="encounters",
        db_index=False,
    )
    kind = models.CharField(
        _("Kind"), max_length=20, choices=EncounterKind.choices, default=EncounterKind.OUTPATIENT
    )
    status = models.CharField(
        max_length=20, choices=EncounterStatus.choices, default=EncounterStatus.FINISHED
    )
    started_at = models.DateTimeField(_("Start"))
    ended_at = models.DateTimeField(_("End"), null=True, blank=True)
    reason = EncryptedTextField(_("Reason for the visit"), max_length=500, blank=True, default="")
    symptoms = EncryptedTextField(_("Symptoms"), blank=True, default="")
    advice = models.TextField(_("Advice"), blank=True)
    clinical_notes = EncryptedTextField(_("Clinical notes"), blank=True, default="")
    came_from = models.CharField(max_length=120, blank=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    created_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", editable=False, db_index=False
    )
    revision = models.PositiveSmallIntegerField(default=0, editable=False)
    submission = models.UUIDField(null=True, unique=True, editable=False)
    cancel_reason = models.CharField(_("Why it was cancelled"), max_length=300, blank=True, editable=False)

    objects = EncounterQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True) | models.Q(ended_at__gte=models.F("started_at")),
                name="encounter_ends_after_it_starts",
            ),
        )
        indexes = (
            models.Index(fields=["patient", "-started_at"], name="encounter_by_patient"),
            models.Index(fields=["started_at", "site"], name="encounter_by_start"),
            models.Index(
                fields=["doctor", "-started_at"],
                name="encounter_by_doctor",
                condition=models.Q(doctor__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.started_at:%d/%m/%Y}"

    @property
    def is_cancelled(self) -> bool:
        return self.status == EncounterStatus.CANCELLED


class DiagnosisStatus(models.TextChoices):
    ACTIVE = "active", pgettext_lazy("diagnosis", "Active")
    RESOLVED = "resolved", _("Resolved")


@track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Diagnosis(models.Model):
    """A diagnosis: code and words (ICD-10 where known; FHIR Condition). Stored codes are never rewritten."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="diagnoses", db_index=False)
    encounter = models.ForeignKey(
        Encounter, on_delete=models.CASCADE, null=True, blank=True, related_name="diagnoses"
    )
    code = models.CharField(_("Code"), max_length=30, blank=True)
    code_system = models.CharField(max_length=20, default="icd10", blank=True)
    text = models.CharField(_("Diagnosis"), max_length=300)
    is_main = models.BooleanField(_("Main diagnosis"), default=False)
    status = models.CharField(max_length=10, choices=DiagnosisStatus.choices, default=DiagnosisStatus.ACTIVE)
    noted_on = models.DateField(null=True, blank=True)
    resolved_on = models.DateField(null=True, editable=False)
    came_from = models.CharField(max_length=120, blank=True, editable=False)

    objects = DiagnosisQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "diagnoses"
        indexes = (
            models.Index(fields=["patient", "-noted_on"], name="diagnosis_by_patient"),
            models.Index(fields=["code"], name="diagnosis_by_code", opclasses=["text_pattern_ops"]),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.text}".strip()


class MealRelation(models.TextChoices):
    ANY = "", _("At any time")
    BEFORE = "before", _("Before meals")
    WITH = "with", _("With meals")
    AFTER = "after", _("After meals")
    BEDTIME = "bedtime", _("At bedtime")


# Why a medicine was stopped, when a newer prescription took its place: a code, said in words where it is shown.
REPLACED = "replaced"


class PrescriptionStatus(models.TextChoices):
    ACTIVE = "active", _("In use")
    STOPPED = "stopped", pgettext_lazy("medicine", "Stopped")
    COMPLETED = "completed", _("Completed")


@track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class PrescriptionLine(models.Model):
    """One medicine of a prescription (B2; FHIR MedicationRequest): amount each time, times a day, days, with meals."""

    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="prescription_lines", db_index=False
    )
    encounter = models.ForeignKey(
        Encounter, on_delete=models.CASCADE, null=True, blank=True, related_name="prescription_lines"
    )
    drug = models.CharField(_("Medicine"), max_length=300)
    drug_code = models.CharField(max_length=40, blank=True)
    amount = models.CharField(_("Amount each time"), max_length=80, blank=True)
    times_a_day = models.PositiveSmallIntegerField(_("Times a day"), null=True, blank=True)
    days = models.PositiveSmallIntegerField(_("Days"), null=True, blank=True)
    meals = models.CharField(_("Meals"), max_length=10, choices=MealRelation.choices, blank=True, default="")
    note = models.CharField(_("Note"), max_length=300, blank=True)
    status = models.CharField(
        max_length=10, choices=PrescriptionStatus.choices, default=PrescriptionStatus.ACTIVE
    )
    started_on = models.DateField(null=True, blank=True)
    despite_allergy = models.CharField(_("Why in spite of the allergy"), max_length=300, blank=True)
    stopped_on = models.DateField(null=True, editable=False)
    stop_reason = models.CharField(_("Why it was stopped"), max_length=300, blank=True, editable=False)
    came_from = models.CharField(max_length=120, blank=True, editable=False)

    objects = PrescriptionQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["patient", "-started_on"], name="prescription_by_patient"),)

    def __str__(self) -> str:
        return self.drug
