from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from tantam.accounts.models import Member
from tantam.journal.operations import nothing_changed, operation, record
from tantam.lib import phones
from tantam.patients.errors import ContactPointKnown, ContactPointWrong
from tantam.patients.events import PatientsEvent
from tantam.patients.models import ContactKind, ContactPoint, Patient
from tantam.patients.rules.details import NewContactPoint, clean_contact
from tantam.patients.rules.keys import contact_keys


@operation
def add_contact_point(patient: Patient, new: NewContactPoint, *, actor: Member) -> ContactPoint:
    """Write down another way to reach the patient (B1, B12). The first of its kind is preferred.

    Refuses with PhoneInvalid, EmailInvalid or ContactPointKnown.
    """
    value = clean_contact(new.kind, new.value)
    # The patient's row is the one lock of everything that touches their contact points.
    Patient.objects.held(patient.pk)
    _refuse_known(patient.pk, new.kind, value)
    keys = contact_keys(new.kind, value)
    point = ContactPoint.objects.create(
        patient=patient,
        kind=new.kind,
        value=value,
        value_index=keys.value_index,
        tail_index=keys.tail_index,
        owner=new.owner,
        owner_name=new.owner_name,
        note=new.note,
        is_preferred=not _usable(patient.pk, new.kind).exists(),
    )
    record(PatientsEvent.CONTACT_ADDED, point, actor=actor, kind=new.kind, owner=new.owner)
    return point


@operation
def correct_contact_point(point: ContactPoint, new: NewContactPoint, *, actor: Member) -> ContactPoint:
    """Correct a number, its owner or its note. A number that changed has to be checked again.

    Refuses with PhoneInvalid, EmailInvalid or ContactPointKnown.
    """
    value = clean_contact(point.kind, new.value)
    point = _locked(point)
    wanted = {"value": value, "owner": new.owner, "owner_name": new.owner_name, "note": new.note}
    changed = [name for name, wish in wanted.items() if getattr(point, name) != wish]
    if not changed:
        nothing_changed()
        return point
    for name in changed:
        setattr(point, name, wanted[name])
    also: list[str] = []
    if "value" in changed:
        _refuse_known(point.patient_id, point.kind, value, but=point.pk)
        keys = contact_keys(point.kind, value)
        point.value_index, point.tail_index = keys.value_index, keys.tail_index
        point.verified_at, point.is_wrong = None, False
        also = ["value_index", "tail_index", "verified_at", "is_wrong"]
    point.save(update_fields=[*changed, *also])
    record(PatientsEvent.CONTACT_CORRECTED, point, actor=actor, kind=point.kind, fields=changed)
    return point


@operation
def remove_contact_point(point: ContactPoint, *, actor: Member) -> None:
    """Take a contact point off the patient. History keeps what it was."""
    point = _locked(point)
    record(PatientsEvent.CONTACT_REMOVED, point, actor=actor, kind=point.kind)
    was_preferred = point.is_preferred
    patient_id, kind = point.patient_id, point.kind
    point.delete()
    if was_preferred:
        _prefer_another(patient_id, kind)


@operation
def prefer_contact_point(point: ContactPoint, *, actor: Member) -> ContactPoint:
    """Make this the one to try first of its kind. Refuses with ContactPointWrong for a wrong number."""
    point = _locked(point)
    if point.is_wrong:
        raise ContactPointWrong
    if point.is_preferred:
        nothing_changed()
        return point
    # History notices a change row by row, so each is written by itself.
    for other in ContactPoint.objects.filter(patient_id=point.patient_id, kind=point.kind, is_preferred=True):
        other.is_preferred = False
        other.save(update_fields=["is_preferred"])
    point.is_preferred = True
    point.save(update_fields=["is_preferred"])
    record(PatientsEvent.CONTACT_PREFERRED, point, actor=actor, kind=point.kind)
    return point


@operation
def mark_contact_wrong(point: ContactPoint, *, actor: Member) -> ContactPoint:
    """Note that this reaches somebody else or nobody: it is not tried again, and another becomes preferred."""
    point = _locked(point)
    if point.is_wrong:
        nothing_changed()
        return point
    was_preferred = point.is_preferred
    point.is_wrong, point.is_preferred, point.verified_at = True, False, None
    point.save(update_fields=["is_wrong", "is_preferred", "verified_at"])
    if was_preferred:
        _prefer_another(point.patient_id, point.kind)
    record(PatientsEvent.CONTACT_WRONG, point, actor=actor, kind=point.kind)
    return point


@operation
def mark_contact_right(point: ContactPoint, *, actor: Member) -> ContactPoint:
    """Take back that a contact point is wrong."""
    point = _locked(point)
    if not point.is_wrong:
        nothing_changed()
        return point
    point.is_wrong = False
    point.is_preferred = not _usable(point.patient_id, point.kind).exclude(pk=point.pk).exists()
    point.save(update_fields=["is_wrong", "is_preferred"])
    record(PatientsEvent.CONTACT_RIGHT, point, actor=actor, kind=point.kind)
    return point


@operation
def verify_contact_point(point: ContactPoint, *, actor: Member) -> ContactPoint:
    """Note that the patient confirmed this contact point just now. Refuses with ContactPointWrong."""
    point = _locked(point)
    if point.is_wrong:
        raise ContactPointWrong
    point.verified_at = timezone.now()
    point.save(update_fields=["verified_at"])
    record(PatientsEvent.CONTACT_VERIFIED, point, actor=actor, kind=point.kind)
    return point


def _locked(point: ContactPoint) -> ContactPoint:
    """The contact point as it is now, its patient locked: preferring one touches the others."""
    Patient.objects.held(point.patient_id)
    return ContactPoint.objects.select_related("patient").get(pk=point.pk)


def _usable(patient_id: int, kind: str) -> QuerySet[ContactPoint]:
    return ContactPoint.objects.filter(patient_id=patient_id, kind=kind, is_wrong=False)


def _prefer_another(patient_id: int, kind: str) -> None:
    heir = min(
        _usable(patient_id, kind),
        key=lambda point: (point.owner != "self", point.verified_at is None, point.pk),
        default=None,
    )
    if heir is not None:
        heir.is_preferred = True
        heir.save(update_fields=["is_preferred"])


def _refuse_known(patient_id: int, kind: str, value: str, *, but: int | None = None) -> None:
    index = contact_keys(kind, value).value_index
    known = ContactPoint.objects.filter(patient_id=patient_id, kind=kind, value_index=index).exclude(
        pk=but or 0
    )
    if known.exists():
        shown = value if kind == ContactKind.EMAIL else phones.display(value)
        raise ContactPointKnown(field="value", value=shown)
