"""What the record adds to the top of every page about a patient."""

from __future__ import annotations

from tantam.patients.models import Patient
from tantam.patients.registries.allergies import allergies_come_from
from tantam.records.queries import AllergyLine, warning_allergies


def allergies_that_warn(patient: Patient) -> list[AllergyLine]:
    """The allergies to be shown in red wherever the patient is: for safety, at every site (B7)."""
    return warning_allergies([patient.pk]).get(patient.pk, [])


allergies_come_from(allergies_that_warn)
