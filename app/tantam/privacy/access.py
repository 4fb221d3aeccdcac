from __future__ import annotations

from tantam.accounts.models import Member
from tantam.accounts.permissions import Permission
from tantam.lib.errors import NotVisible
from tantam.patients.access import patient_for
from tantam.patients.models import Patient
from tantam.privacy.models import Consent, ConsentEvidence


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


def patient_whose_data(member: Member, patient_id: int, permission: Permission) -> Patient:
    """The patient, for someone who may give out or destroy everything kept about them; asking is a look."""
    return patient_for(member, patient_id, look="personal_data", permission=permission)


def may_publish_texts(member: Member) -> bool:
    """Whether the member changes what patients of every site are asked."""
    return member.may_everywhere(Permission.CONSENT_TEXTS)


def consent_to_prove(member: Member, patient_id: int, consent_id: int) -> Consent:
    """A decision of this patient, for someone who records decisions anywhere. A part of the page of consents."""
    patient_for(member, patient_id, look="consents", permission=Permission.CONSENT_RECORD, is_part=True)
    found: Consent | None = (
        Consent.objects.filter(pk=consent_id, patient_id=patient_id).select_related("text").first()
    )
    if found is None:
        raise NotVisible
    return found


def evidence_for(member: Member, patient_id: int, evidence_id: int) -> ConsentEvidence:
    """The scan behind a decision of this patient, for someone who records decisions; opening it is a look."""
    if not member.may(Permission.CONSENT_RECORD):
        raise NotVisible
    found: ConsentEvidence | None = ConsentEvidence.objects.filter(
        pk=evidence_id, consent__patient_id=patient_id
    ).first()
    if found is None:
        raise NotVisible
    patient_for(member, patient_id, look="consent_evidence", permission=Permission.CONSENT_RECORD)
    return found
