"""What the record adds to the top of every page about a patient."""

from __future__ import annotations

from tantam.patients.models import Patient
from tantam.patients.registries.allergies import allergies_come_from
from tantam.records.models import Allergy
from tantam.records.queries.lines import AllergyLine


def allergies_that_warn(patient: Patient) -> list[AllergyLine]:
    """The allergies to be shown in red wherever the patient is: for safety, at every site (B7)."""
    rows = Allergy.objects.warning().filter(patient=patient).order_by("-pk")
    return sorted((AllergyLine.of(row) for row in rows), key=lambda line: line.severity != "severe")


allergies_come_from(allergies_that_warn)
