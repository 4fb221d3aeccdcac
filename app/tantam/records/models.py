from __future__ import annotations

import pghistory
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from tantam.accounts.models import Member, Practitioner
from tantam.facility.models import Department, Site, Speciality
from tantam.lib.fields import EncryptedTextField
from tantam.patients.models import Patient


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


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Encounter(models.Model):
    """One examination or treatment: the examination slip (B2; FHIR Encounter).

    `clinical_notes` are for those with `record.notes`; what the patient may be asked about in a care call
    (reason, symptoms, advice) is apart from them.
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
    reason = models.CharField(_("Reason for the visit"), max_length=500, blank=True)
    symptoms = models.TextField(_("Symptoms"), blank=True)
    advice = models.TextField(_("Advice"), blank=True)
    clinical_notes = EncryptedTextField(_("Clinical notes"), blank=True, default="")
    came_from = models.CharField(max_length=120, blank=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    created_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", editable=False, db_index=False
    )

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


class DiagnosisStatus(models.TextChoices):
    ACTIVE = "active", _("Active")
    RESOLVED = "resolved", _("Resolved")


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Diagnosis(models.Model):
    """A diagnosis: code and words (ICD-10 where the source has it; FHIR Condition). Stored codes are never rewritten."""

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
    came_from = models.CharField(max_length=120, blank=True, editable=False)

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


class PrescriptionStatus(models.TextChoices):
    ACTIVE = "active", _("In use")
    STOPPED = "stopped", _("Stopped")
    COMPLETED = "completed", _("Completed")


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
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
    came_from = models.CharField(max_length=120, blank=True, editable=False)

    class Meta:
        indexes = (models.Index(fields=["patient", "-started_on"], name="prescription_by_patient"),)

    def __str__(self) -> str:
        return self.drug


class AllergyKind(models.TextChoices):
    DRUG = "drug", _("Medicine")
    FOOD = "food", _("Food")
    ENVIRONMENT = "environment", _("Environment")
    OTHER = "other", _("Other")


class Severity(models.TextChoices):
    UNKNOWN = "unknown", _("Severity not known")
    MILD = "mild", _("Mild")
    MODERATE = "moderate", _("Moderate")
    SEVERE = "severe", _("Severe")


class Certainty(models.TextChoices):
    SUSPECTED = "suspected", _("Suspected")
    CONFIRMED = "confirmed", _("Confirmed")
    REFUTED = "refuted", _("Refuted")


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Allergy(models.Model):
    """An allergy or intolerance (B7; FHIR AllergyIntolerance). Refuted ones are kept and no longer warn."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="allergies")
    kind = models.CharField(_("Kind"), max_length=15, choices=AllergyKind.choices, default=AllergyKind.DRUG)
    agent = models.CharField(_("Allergic to"), max_length=200)
    agent_key = models.CharField(max_length=200, editable=False)
    reaction = models.CharField(_("Reaction"), max_length=300, blank=True)
    severity = models.CharField(
        _("Severity"), max_length=10, choices=Severity.choices, default=Severity.UNKNOWN
    )
    certainty = models.CharField(
        _("Certainty"), max_length=10, choices=Certainty.choices, default=Certainty.SUSPECTED
    )
    noted_at = models.DateTimeField(db_default=Now())
    noted_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    came_from = models.CharField(max_length=120, blank=True, editable=False)

    class Meta:
        verbose_name_plural = "allergies"
        constraints = (
            models.UniqueConstraint(fields=["patient", "agent_key"], name="allergy_agent_once_a_patient"),
        )

    def __str__(self) -> str:
        return self.agent

    @property
    def warns(self) -> bool:
        return self.certainty != Certainty.REFUTED


class ReexaminationStatus(models.TextChoices):
    PLANNED = "planned", _("Planned")
    CONFIRMED = "confirmed", _("Confirmed by the patient")
    DONE = "done", _("Came")
    CANCELLED = "cancelled", _("Cancelled")


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Reexamination(models.Model):
    """A date on which the patient is to come again (tái khám), from the slip, an appointment or a plan (B2, B4)."""

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
    came_from = models.CharField(max_length=120, blank=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = (
            models.Index(fields=["patient", "-due_on"], name="reexam_by_patient"),
            models.Index(fields=["due_on", "site"], name="reexam_by_day"),
            models.Index(
                fields=["doctor", "due_on"], name="reexam_by_doctor", condition=models.Q(doctor__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return f"{self.due_on:%d/%m/%Y}"

    @property
    def is_open(self) -> bool:
        return self.status in (ReexaminationStatus.PLANNED, ReexaminationStatus.CONFIRMED)


class VitalKind(models.TextChoices):
    """Vital signs by LOINC code (interoperability facts; E2)."""

    SYSTOLIC = "8480-6", _("Systolic blood pressure")
    DIASTOLIC = "8462-4", _("Diastolic blood pressure")
    HEART_RATE = "8867-4", _("Heart rate")
    RESPIRATORY_RATE = "9279-1", _("Respiratory rate")
    TEMPERATURE = "8310-5", _("Temperature")
    OXYGEN = "59408-5", _("Oxygen saturation")
    WEIGHT = "29463-7", _("Weight")
    HEIGHT = "8302-2", _("Height")
    BMI = "39156-5", _("Body mass index")


class VitalSign(models.Model):
    """One measurement (FHIR Observation, category vital-signs). `value` is in `unit` (UCUM)."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="vital_signs", db_index=False)
    encounter = models.ForeignKey(
        Encounter, on_delete=models.CASCADE, null=True, blank=True, related_name="vital_signs"
    )
    kind = models.CharField(max_length=10, choices=VitalKind.choices)
    value = models.DecimalField(max_digits=8, decimal_places=2)
    unit = models.CharField(max_length=20)
    measured_at = models.DateTimeField()
    came_from = models.CharField(max_length=120, blank=True, editable=False)

    class Meta:
        indexes = (models.Index(fields=["patient", "kind", "-measured_at"], name="vital_by_patient"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.value} {self.unit}"


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


class ConditionChange(models.Model):
    """What the patient says has changed in their condition, between visits (B7). Added, never rewritten."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="condition_changes")
    encounter = models.ForeignKey(
        Encounter, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    trend = models.CharField(_("Compared with before"), max_length=10, choices=Trend.choices)
    text = models.TextField(_("What the patient says"))
    reported_at = models.DateTimeField(db_default=Now())
    reported_to = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.trend} {self.reported_at:%d/%m/%Y}"
