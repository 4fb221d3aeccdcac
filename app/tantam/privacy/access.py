from __future__ import annotations

from tantam.accounts.models import Member
from tantam.accounts.permissions import Permission
from tantam.patients.access import patient_for
from tantam.patients.models import Patient


def patient_whose_looks(member: Member, patient_id: int) -> Patient:
    """The patient, for someone who may see who looked anywhere; asking is itself a look."""
    return patient_for(member, patient_id, look="looks", permission=Permission.LOOKS_SEE)


def patient_whose_consents(member: Member, patient_id: int) -> Patient:
    """The patient, for someone who may find patients; the look is written down."""
    return patient_for(member, patient_id, look="consents")
