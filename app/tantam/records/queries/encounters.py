"""One visit with all that belongs to it, as on the examination slip (B2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from tantam.facility.models import Site
from tantam.patients.models import Patient
from tantam.records.models import Diagnosis, Encounter, PrescriptionLine, Reexamination, VitalSign
from tantam.records.queries.lines import DiagnosisLine, MedicineLine, ReexaminationLine

MOST_MEASUREMENTS = 30


@dataclass(frozen=True, slots=True)
class WholeEncounter:
    diagnoses: Sequence[DiagnosisLine]
    medicines: Sequence[MedicineLine]
    reexaminations: Sequence[ReexaminationLine]
    vital_signs: Sequence[VitalSign]


def whole_encounter(encounter: Encounter) -> WholeEncounter:
    """What the slip holds. Four statements."""
    diagnoses = Diagnosis.objects.filter(encounter=encounter).order_by("-is_main", "pk")
    lines = PrescriptionLine.objects.filter(encounter=encounter).order_by("pk")
    dates = (
        Reexamination.objects.filter(encounter=encounter).select_related("doctor").order_by("due_on", "pk")
    )
    measured = VitalSign.objects.filter(encounter=encounter).order_by("measured_at", "kind", "pk")
    return WholeEncounter(
        [DiagnosisLine.of(row) for row in diagnoses],
        [MedicineLine.of(row) for row in lines],
        [ReexaminationLine.of(row) for row in dates],
        list(measured[:MOST_MEASUREMENTS]),
    )


def need_told(patient: Patient, site: Site) -> str:
    """What the patient said at the front desk today that they came for; empty when nothing was written."""
    received = Encounter.objects.awaited(patient, site=site, on=timezone.localdate()).first()
    return received.reason if received is not None else ""


def open_reexamination_of(encounter: Encounter) -> Reexamination | None:
    """The date to come again that the slip set and that still stands; the nearest of several."""
    return Reexamination.objects.open().filter(encounter=encounter).order_by("due_on", "pk").first()
