"""What the pages about who a patient is show beside the patient."""

from __future__ import annotations

from dataclasses import dataclass

from tantam.patients.models import ContactPoint, Patient, Relative
from tantam.patients.queries.identifiers import KnownAs, identifiers_of
from tantam.patients.queries.phones import in_order_to_try


@dataclass(frozen=True, slots=True)
class AroundPatient:
    """Ways to reach a patient (wrong ones last, by kind, the first to try before others), relatives, numbers."""

    points: list[ContactPoint]
    relatives: list[Relative]
    known_as: list[KnownAs]


def around(patient: Patient) -> AroundPatient:
    """Three statements."""
    points = in_order_to_try(ContactPoint.objects.filter(patient=patient))
    return AroundPatient(
        points=sorted(points, key=lambda point: (point.is_wrong, point.kind)),
        relatives=list(Relative.objects.filter(patient=patient).select_related("contact_point")),
        known_as=identifiers_of(patient),
    )


def patient_again(patient: Patient) -> Patient:
    """The patient as they are after an act."""
    return Patient.objects.get(pk=patient.pk)
