from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tantam.patients.models import Patient
from tantam.records.models.encounters import Encounter


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
