"""An id becomes a patient only here. The directory is one for all sites: see docs/decisions/0042."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.utils import timezone

from tantam.accounts.models import Member
from tantam.accounts.permissions import Permission
from tantam.journal.models import Entry
from tantam.journal.operations import note_list, record, record_many
from tantam.lib.errors import NotVisible
from tantam.lib.prepared import Prepared
from tantam.patients.events import PatientsEvent
from tantam.patients.models import ContactPoint, Patient, Relative
from tantam.patients.queries.search import SearchResults, search_patients

# A part of a page that is asked for later than this after the page was opened is a look of its own.
ONE_VIEW = timedelta(minutes=30)

_by_id = Prepared(lambda patient_id: Patient.objects.filter(pk=patient_id))


def patient_for(
    member: Member,
    patient_id: int,
    *,
    look: str | None,
    permission: Permission = Permission.PATIENT_FIND,
    is_part: bool = False,
) -> Patient:
    """The patient, for someone who holds `permission` at any site; else NotVisible.

    With `look`, the name of the page (see registries/looks.py), the look is written into the journal: once per page
    view, however many queries the page makes. Pass None only where nothing about the person is shown.
    `is_part` is for what an open page fetches later: it is a look only when the member has not looked at this
    patient within half an hour, so that nobody reads a record by asking for its parts alone.
    """
    if not member.may(permission):
        raise NotVisible
    patient = next(iter(_by_id(patient_id)), None)
    if patient is None:
        raise NotVisible
    if look is not None:
        note_look(patient, look, is_part=is_part, actor=member)
    return patient


def _looked_just_now(member: Member, patient: Patient) -> bool:
    looks = Entry.objects.filter(patient_id=patient.pk, event=PatientsEvent.VIEWED, actor=member)
    return looks.filter(at__gte=timezone.now() - ONE_VIEW).exists()


def note_look(patient: Patient, look: str, *, is_part: bool = False, actor: Member) -> None:
    """Write into the journal that `actor` looked at the patient from the page called `look`.

    `is_part`: a part of an open page, or what a form answers; nothing when they looked within half an hour.
    """
    if is_part and _looked_just_now(actor, patient):
        return
    record(PatientsEvent.VIEWED, patient, actor=actor, look=look, site=_site_of(actor))


def note_looks(patients: Iterable[Patient], look: str, *, actor: Member) -> None:
    """The same for several patients on one list: each once a day, since a list that refreshes itself is one look."""
    shown = {patient.pk: patient for patient in patients}
    if not shown:
        return
    begins = timezone.make_aware(datetime.combine(timezone.localdate(), time()))
    known = set(
        Entry.objects.filter(
            patient_id__in=shown, actor=actor, event=PatientsEvent.VIEWED, at__gte=begins, details__look=look
        ).values_list("patient_id", flat=True)
    )
    fresh = [patient for pk, patient in shown.items() if pk not in known]
    if fresh:
        record_many(PatientsEvent.VIEWED, fresh, actor=actor, look=look, site=_site_of(actor))


def _site_of(member: Member) -> int | None:
    """Where the member works now, as the door sees it: the chosen site, else the first they have a role at."""
    held = member.permissions_by_site
    return member.current_site_id if member.current_site_id in held else next(iter(held), None)


def patients_found(member: Member, text: str, *, limit: int = 10) -> SearchResults:
    """What the member's search finds; NotVisible for someone who may find patients nowhere."""
    if not member.may(Permission.PATIENT_FIND):
        raise NotVisible
    found = search_patients(text, limit=limit, with_identity=member.may(Permission.PATIENT_IDENTITY))
    note_list(member, "search", [one.id for one in found.patients])
    return found


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
