"""An id becomes a row of the record only here, and only at a site where the member may do what they came for."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import QuerySet

from tantam.accounts.models import Member
from tantam.accounts.permissions import Permission
from tantam.lib.errors import NotVisible
from tantam.records.models import Allergy, Diagnosis, Encounter, PrescriptionLine, Reexamination

Part = TypeVar("Part", Diagnosis, PrescriptionLine)


def encounter_for(
    member: Member, encounter_id: int, permission: Permission = Permission.RECORD_SEE
) -> Encounter:
    """The visit, with patient, site, doctor and speciality, when the member holds `permission` at its site.

    Clinical notes are not even read from the database for who lacks `record.notes` there: the attribute then
    holds empty text. Raises NotVisible.
    """
    encounter = (
        Encounter.objects.visible_to(member)
        .filter(pk=encounter_id, site__in=member.sites_where(permission))
        .select_related("patient", "site", "doctor", "speciality", "department", "created_by")
        .defer("clinical_notes")
        .first()
    )
    if encounter is None:
        raise NotVisible
    if member.may(Permission.RECORD_NOTES, encounter.site_id):
        encounter.refresh_from_db(fields=["clinical_notes"])
    else:
        encounter.clinical_notes = ""
    return encounter


def reexamination_for(
    member: Member, reexamination_id: int, permission: Permission = Permission.RECORD_SEE
) -> Reexamination:
    """The re-examination, when the member holds `permission` at its site. Raises NotVisible."""
    row = (
        Reexamination.objects.visible_to(member)
        .filter(pk=reexamination_id, site__in=member.sites_where(permission))
        .select_related("patient", "site", "doctor", "speciality")
        .first()
    )
    if row is None:
        raise NotVisible
    return row


def allergy_for(member: Member, allergy_id: int, permission: Permission = Permission.RECORD_SEE) -> Allergy:
    """The allergy: visible to whoever may see records anywhere. Raises NotVisible."""
    row = (
        Allergy.objects.visible_to(member).filter(pk=allergy_id).select_related("patient", "noted_by").first()
    )
    if row is None or not member.may(permission):
        raise NotVisible
    return row


def diagnosis_for(
    member: Member, diagnosis_id: int, permission: Permission = Permission.RECORD_SEE
) -> Diagnosis:
    """The diagnosis; one of no visit belongs to the person. Raises NotVisible."""
    return _part_of_encounter(Diagnosis.objects.visible_to(member), diagnosis_id, member, permission)


def prescription_line_for(
    member: Member, line_id: int, permission: Permission = Permission.RECORD_SEE
) -> PrescriptionLine:
    """The prescribed medicine; one of no visit belongs to the person. Raises NotVisible."""
    return _part_of_encounter(PrescriptionLine.objects.visible_to(member), line_id, member, permission)


def _part_of_encounter(visible: QuerySet[Part], part_id: int, member: Member, permission: Permission) -> Part:
    row = (
        visible.filter(pk=part_id)
        .select_related("patient", "encounter__site")
        .defer("encounter__clinical_notes")
        .first()
    )
    if row is None or not member.may(permission, row.encounter.site_id if row.encounter else None):
        raise NotVisible
    return row
