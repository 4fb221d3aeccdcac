from __future__ import annotations

from tantam.accounts.models import Member
from tantam.accounts.permissions import Permission
from tantam.patients.access import patient_for
from tantam.patients.models import Patient


def patient_whose_looks(member: Member, patient_id: int, *, is_part: bool = False) -> Patient:
    """The patient, for someone who may see who looked anywhere; asking is itself a look.

    `is_part`: an open page narrows its list.
    """
    return patient_for(member, patient_id, look="looks", permission=Permission.LOOKS_SEE, is_part=is_part)


def patient_whose_consents(member: Member, patient_id: int, *, is_part: bool = False) -> Patient:
    """The patient, for someone who may find patients; the look is written down.

    `is_part`: a dialog of the open page, or what it answers.
    """
    return patient_for(member, patient_id, look="consents", is_part=is_part)
