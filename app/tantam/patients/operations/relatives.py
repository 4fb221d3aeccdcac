from __future__ import annotations

from tantam.accounts.models import Member
from tantam.journal.operations import nothing_changed, operation, record
from tantam.patients.events import PatientsEvent
from tantam.patients.models import ContactKind, ContactPoint, Patient, Relative
from tantam.patients.operations.contact_points import add_contact_point
from tantam.patients.rules.details import NewContactPoint, NewRelative, clean_contact, clean_full_name
from tantam.patients.rules.keys import contact_keys


@operation
def add_relative(patient: Patient, new: NewRelative, *, actor: Member) -> Relative:
    """Write down a relative or guardian, and the phone they answer as a contact point (B1).

    A phone the patient already has is not written twice. Refuses with NameNeeded or PhoneInvalid.
    """
    relative = Relative.objects.create(
        patient=patient,
        full_name=clean_full_name(new.full_name),
        relationship=new.relationship,
        is_guardian=new.is_guardian,
        contact_point=_answered(patient, new, actor),
    )
    record(
        PatientsEvent.RELATIVE_ADDED,
        relative,
        actor=actor,
        relationship=new.relationship,
        is_guardian=new.is_guardian,
    )
    return relative


@operation
def correct_relative(relative: Relative, new: NewRelative, *, actor: Member) -> Relative:
    """Correct a relative. A number they no longer answer stays with the patient until it is taken off there."""
    relative = Relative.objects.select_for_update(of=("self",)).select_related("patient").get(pk=relative.pk)
    wanted = {
        "full_name": clean_full_name(new.full_name),
        "relationship": new.relationship,
        "is_guardian": new.is_guardian,
        "contact_point": _answered(relative.patient, new, actor),
    }
    changed = [name for name, wish in wanted.items() if getattr(relative, name) != wish]
    if not changed:
        nothing_changed()
        return relative
    for name in changed:
        setattr(relative, name, wanted[name])
    relative.save(update_fields=changed)
    record(PatientsEvent.RELATIVE_CORRECTED, relative, actor=actor, fields=changed)
    return relative


@operation
def remove_relative(relative: Relative, *, actor: Member) -> None:
    """Take a relative off the patient. Their number stays until it is taken off by itself; history keeps both."""
    relative = Relative.objects.select_for_update(of=("self",)).select_related("patient").get(pk=relative.pk)
    record(PatientsEvent.RELATIVE_REMOVED, relative, actor=actor, relationship=relative.relationship)
    relative.delete()


def _answered(patient: Patient, new: NewRelative, actor: Member) -> ContactPoint | None:
    if not new.phone.strip():
        return None
    phone = clean_contact(ContactKind.PHONE, new.phone)
    known = ContactPoint.objects.filter(
        patient=patient,
        kind=ContactKind.PHONE,
        value_index=contact_keys(ContactKind.PHONE, phone).value_index,
    ).first()
    if known is not None:
        return known
    return add_contact_point(
        patient,
        NewContactPoint(ContactKind.PHONE, phone, new.owner, clean_full_name(new.full_name)),
        actor=actor,
    )
