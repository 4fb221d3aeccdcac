"""The person, the ways to reach them, what others call them, and who stands by them."""

from tantam.patients.models.contact_point import ContactKind, ContactOwner, ContactPoint
from tantam.patients.models.identifier import Identifier
from tantam.patients.models.patient import (
    Language,
    Patient,
    PatientQuerySet,
    PatientStatus,
    Salutation,
    Sex,
    Vulnerability,
)
from tantam.patients.models.relative import Relationship, Relative

__all__ = [
    "ContactKind",
    "ContactOwner",
    "ContactPoint",
    "Identifier",
    "Language",
    "Patient",
    "PatientQuerySet",
    "PatientStatus",
    "Relationship",
    "Relative",
    "Salutation",
    "Sex",
    "Vulnerability",
]
