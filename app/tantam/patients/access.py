"""An id becomes a patient only here. The directory is one for all sites: see docs/decisions/0042."""

from __future__ import annotations

from tantam.accounts.models import Member
from tantam.accounts.permissions import Permission
from tantam.journal.operations import record
from tantam.lib.errors import NotVisible
from tantam.patients.events import PatientsEvent
from tantam.patients.models import ContactPoint, Patient, Relative
from tantam.patients.queries.search import SearchResults, search_patients


def patient_for(
    member: Member, patient_id: int, *, look: str | None, permission: Permission = Permission.PATIENT_FIND
) -> Patient:
    """The patient, for someone who holds `permission` at any site; else NotVisible.

    With `look`, the name of the page (see looks.py), the look is written into the journal: once per page
    view, however many queries the page makes. Pass None only where nothing about the person is shown.
    """
    if not member.may(permission):
        raise NotVisible
    patient = Patient.objects.filter(pk=patient_id).first()
    if patient is None:
        raise NotVisible
    if look is not None:
        note_look(patient, look, actor=member)
    return patient


def note_look(patient: Patient, look: str, *, actor: Member) -> None:
    """Write into the journal that `actor` looked at the patient from the page called `look`."""
    record(PatientsEvent.VIEWED, patient, actor=actor, look=look, site=_site_of(actor))


def _site_of(member: Member) -> int | None:
    """Where the member works now, as the door sees it: the chosen site, else the first they have a role at."""
    held = member.permissions_by_site
    return member.current_site_id if member.current_site_id in held else next(iter(held), None)


def patients_found(member: Member, text: str, *, limit: int = 10) -> SearchResults:
    """What the member's search finds; NotVisible for someone who may find patients nowhere."""
    if not member.may(Permission.PATIENT_FIND):
        raise NotVisible
    return search_patients(text, limit=limit, with_identity=member.may(Permission.PATIENT_IDENTITY))


def contact_point_for(member: Member, patient_id: int, contact_point_id: int) -> ContactPoint:
    """A contact point of this patient, for someone who may correct it."""
    if not member.may(Permission.PATIENT_EDIT):
        raise NotVisible
    point = (
        ContactPoint.objects.select_related("patient")
        .filter(pk=contact_point_id, patient_id=patient_id)
        .first()
    )
    if point is None:
        raise NotVisible
    return point


def relative_for(member: Member, patient_id: int, relative_id: int) -> Relative:
    """A relative of this patient, for someone who may correct them."""
    if not member.may(Permission.PATIENT_EDIT):
        raise NotVisible
    relative = (
        Relative.objects.select_related("patient", "contact_point")
        .filter(pk=relative_id, patient_id=patient_id)
        .first()
    )
    if relative is None:
        raise NotVisible
    return relative
