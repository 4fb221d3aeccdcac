"""What this room keeps about a person, how long the law wants it kept, and how it is destroyed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Max

from tantam.patients.models import Patient
from tantam.records.models import (
    Allergy,
    CarePlan,
    ConditionChange,
    Diagnosis,
    Encounter,
    PrescriptionLine,
    Reexamination,
    VitalSign,
)

# Years a record is kept after the year in which the case ended.
YEARS, PSYCHIATRIC_YEARS, DEATH_YEARS = 10, 20, 30
_SHOWN = {
    "encounters": (
        Encounter,
        "kind status started_at ended_at reason symptoms advice clinical_notes came_from cancel_reason",
    ),
    "diagnoses": (Diagnosis, "encounter_id code text is_main status noted_on resolved_on came_from"),
    "prescriptions": (
        PrescriptionLine,
        "encounter_id drug amount times_a_day days meals note status started_on despite_allergy came_from",
    ),
    "allergies": (Allergy, "kind agent reaction severity certainty note noted_at came_from"),
    "reexaminations": (Reexamination, "due_on at_time purpose status confirmed_at change_reason came_from"),
    "vital_signs": (VitalSign, "kind value unit measured_at came_from"),
    "care_plans": (CarePlan, "title activities is_active starts_on ends_on came_from"),
    "condition_changes": (ConditionChange, "trend text reported_at"),
}


def export(patient_id: int) -> dict[str, Any]:
    """Everything in the record, as plain values; opened, since it is given to the patient themselves."""
    return {
        name: [
            {column: _plain(getattr(row, column)) for column in columns.split()}
            for row in model._default_manager.filter(patient_id=patient_id).order_by("pk")
        ]
        for name, (model, columns) in _SHOWN.items()
    }


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str | list | dict):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def kept_until(patient_id: int) -> date | None:
    """The last day on which the law requires the record: 10 years, 20 with a psychiatric case, 30 after death.

    Counted from the end of the year in which the last case ended; the longest of a mixed record holds.
    """
    latest = Encounter.objects.filter(patient_id=patient_id).aggregate(day=Max("started_at__date"))["day"]
    if latest is None:
        return None
    years = YEARS
    if Diagnosis.objects.filter(patient_id=patient_id, code__startswith="F").exists():
        years = PSYCHIATRIC_YEARS
    if Patient.objects.filter(pk=patient_id, status="deceased").exists():
        years = DEATH_YEARS
    return date(latest.year + years, 12, 31)


def shred(patient_id: int) -> None:
    """Destroy the whole record. Running it again changes nothing."""
    for model in (
        VitalSign, PrescriptionLine, Diagnosis, CarePlan, ConditionChange, Reexamination, Allergy, Encounter,
    ):  # fmt: skip
        model._default_manager.filter(patient_id=patient_id).delete()
