from __future__ import annotations

from uuid import UUID

from tantam.accounts.models import Member
from tantam.journal.operations import nothing_changed, operation, record
from tantam.patients.errors import RelativeKnown
from tantam.patients.events import PatientsEvent
from tantam.patients.models import ContactKind, ContactPoint, Patient, Relative
from tantam.patients.operations.contact_points import add_contact_point
from tantam.patients.rules.details import NewContactPoint, NewRelative, clean_contact, clean_full_name
from tantam.patients.rules.keys import contact_keys
from tantam.patients.rules.same_person import is_same_name


@operation
def add_relative(
    patient: Patient, new: NewRelative, *, form_key: UUID | None = None, actor: Member
) -> Relative:
    """Write down a relative or guardian, and the phone they answer as a contact point (B1).

    `form_key` is the form's own: the same form sent twice gives back the relative the first one made. A phone the
    patient already has is not written twice.

    Refuses with NameNeeded, PhoneInvalid, or RelativeKnown for a relative of this name and relationship.
    """
    full_name = clean_full_name(new.full_name)
    # Two sendings at once go one after the other, so the second sees what the first made.
    patient = Patient.objects.held(patient.pk)
    theirs = list(Relative.objects.filter(patient=patient))
    sent = next((one for one in theirs if form_key is not None and one.form_key == form_key), None)
    if sent is not None:
        nothing_changed()
        return sent
    if any(is_same_name(one.full_name, full_name) and one.relationship == new.relationship for one in theirs):
        raise RelativeKnown(field="full_name", name=full_name)
    relative = Relative.objects.create(
        patient=patient,
        full_name=full_name,
        form_key=form_key,
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
    relative = _locked(relative)
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
    relative = _locked(relative)
    record(PatientsEvent.RELATIVE_REMOVED, relative, actor=actor, relationship=relative.relationship)
    relative.delete()


def _locked(relative: Relative) -> Relative:
    """The relative as they are now, the patient locked: their phone is one of the patient's contact points."""
    Patient.objects.held(relative.patient_id)
    return Relative.objects.select_related("patient").get(pk=relative.pk)


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
