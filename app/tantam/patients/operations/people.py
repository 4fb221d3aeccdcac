from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from tantam.accounts.models import Member
from tantam.facility.models import Site
from tantam.journal.operations import nothing_changed, operation, record
from tantam.lib.crypto import blind_index
from tantam.lib.dates import Birth
from tantam.patients.errors import (
    ChangedMeanwhile,
    DiedBeforeBirth,
    DiedInFuture,
    IdentityNumberHeld,
    IdentityNumberHeldMeanwhile,
    LikelyDuplicates,
)
from tantam.patients.events import PatientsEvent
from tantam.patients.models import ContactKind, ContactPoint, Patient, PatientStatus, Relative
from tantam.patients.models.codes import next_code
from tantam.patients.queries.changes import changed_since
from tantam.patients.queries.likely import Person, identity_holder, likely_duplicates
from tantam.patients.rules.details import (
    NewContactPoint,
    NewRelative,
    PersonDetails,
    clean_contact,
    clean_details,
    clean_full_name,
    clean_value,
)
from tantam.patients.rules.keys import contact_keys, identity_index, insurance_index, name_keys, person_keys

# Advisory locks: a form that was sent, and what people are alike by.
_FORM: Final = 0x5EED
_LIKE: Final = 0x11CE
# A phone and the Zalo account of the same number reach the same person.
_REACHED_BY: Final[dict[str, str]] = {ContactKind.ZALO: ContactKind.PHONE}

CORRECTABLE = frozenset(one.name for one in fields(PersonDetails))


@operation
def register_patient(
    details: PersonDetails,
    *,
    contact_points: Sequence[NewContactPoint] = (),
    relatives: Sequence[NewRelative] = (),
    home_site: Site | None = None,
    form_key: UUID | None = None,
    is_another_person: bool = False,
    actor: Member,
) -> Patient:
    """Register a patient from the slip, with how to reach them and who stands by them (B1, E1, D2, A8).

    The first phone, email and Zalo are preferred. `form_key` is the registration form's own: the same form
    sent twice gives back the patient the first one made.

    Refuses with IdentityNumberHeld when an active patient has the identity number; with LikelyDuplicates when
    someone very like is registered, unless `is_another_person`; and with what the readers of names, births,
    numbers and phones refuse.
    """
    if form_key is not None:
        _wait_for(form_key)
        known = Patient.objects.filter(form_key=form_key).first()
        if known is not None:
            nothing_changed()
            return known

    details = clean_details(details)
    points = _clean_points(contact_points, relatives)
    _wait_for_the_like(details, points)
    _refuse_held_identity(details.identity_number)
    alike = _alike(details, points)
    if alike and not is_another_person:
        raise LikelyDuplicates(found=alike)

    keys = person_keys(
        full_name=details.full_name,
        identity_number=details.identity_number,
        insurance_number=details.insurance_number,
    )
    patient = Patient(
        code=next_code(),
        name_key=keys.name_key,
        name_key_reversed=keys.name_key_reversed,
        identity_index=keys.identity_index,
        insurance_index=keys.insurance_index,
        home_site=home_site,
        form_key=form_key,
        created_by=actor,
        **_columns({one.name: getattr(details, one.name) for one in fields(details)}),
    )
    with _identity_kept_unique(patient):
        patient.save(force_insert=True)
    _reach(patient, points)
    for relative in relatives:
        phone = clean_contact(ContactKind.PHONE, relative.phone) if relative.phone.strip() else ""
        Relative.objects.create(
            patient=patient,
            full_name=clean_full_name(relative.full_name),
            relationship=relative.relationship,
            is_guardian=relative.is_guardian,
            contact_point=ContactPoint.objects.get(patient=patient, value_index=_phone_index(phone))
            if phone
            else None,
        )

    record(PatientsEvent.REGISTERED, patient, actor=actor, code=patient.code, home_site=home_site)
    if alike:
        record(
            PatientsEvent.REGISTERED_DESPITE_LIKENESS,
            patient,
            actor=actor,
            alike=[one.patient.id for one in alike],
        )
    return patient


@operation
def correct_patient(
    patient: Patient, *, changes: Mapping[str, Any], version: int | None = None, actor: Member
) -> Patient:
    """Correct who a patient is. Only what really differs is written, and journalled by name (D9).

    `changes` has fields of PersonDetails. `version` is that of the patient when the form was opened: when
    somebody corrected them since, ChangedMeanwhile tells what. Refuses also with IdentityNumberHeld and with
    what the readers of values refuse.
    """
    unknown = set(changes) - CORRECTABLE
    if unknown:
        raise TypeError(f"correct_patient knows no {', '.join(sorted(unknown))}")
    patient = Patient.objects.held(patient.pk)
    if version is not None and version != patient.version:
        raise ChangedMeanwhile(fields=", ".join(changed_since(patient, version)))

    wanted = _columns({name: clean_value(name, value) for name, value in changes.items()})
    changed = [name for name, value in wanted.items() if getattr(patient, name) != value]
    if not changed:
        nothing_changed()
        return patient
    if "identity_number" in changed:
        _refuse_held_identity(
            wanted["identity_number"], but=patient.pk, is_active=patient.status == PatientStatus.ACTIVE
        )
    for name in changed:
        setattr(patient, name, wanted[name])
    patient.version += 1
    with _identity_kept_unique(patient):
        patient.save(update_fields=[*changed, *_rekey(patient, changed), "version"])
    record(PatientsEvent.CORRECTED, patient, actor=actor, fields=changed, version=patient.version)
    return patient


@operation
def mark_vulnerability(patient: Patient, *, marks: Iterable[str], actor: Member) -> Patient:
    """Set the marks that change how we speak to and receive a patient (C7)."""
    return correct_patient(patient, changes={"vulnerability": tuple(marks)}, actor=actor)


@operation
def mark_deceased(patient: Patient, *, on: date | None = None, actor: Member) -> Patient:
    """Note that the patient has died: nobody calls or writes to them any more. Undone by `mark_active`.

    Refuses with DiedInFuture or DiedBeforeBirth.
    """
    patient = Patient.objects.held(patient.pk)
    if on is not None and on > timezone.localdate():
        raise DiedInFuture(field="deceased_on")
    if on is not None and patient.birth_year is not None and _before_birth(on, patient):
        raise DiedBeforeBirth(field="deceased_on")
    return _set_status(patient, PatientStatus.DECEASED, on, PatientsEvent.MARKED_DECEASED, actor)


@operation
def mark_inactive(patient: Patient, *, actor: Member) -> Patient:
    """Note that this is no longer our patient: care contacts end. Undone by `mark_active`."""
    patient = Patient.objects.held(patient.pk)
    return _set_status(patient, PatientStatus.INACTIVE, None, PatientsEvent.MARKED_INACTIVE, actor)


@operation
def mark_active(patient: Patient, *, actor: Member) -> Patient:
    """Take back that the patient died or left.

    Refuses with IdentityNumberHeldMeanwhile when their identity number was given to another since.
    """
    patient = Patient.objects.held(patient.pk)
    holder = identity_holder(patient.identity_number, but=patient.pk)
    if holder is not None:
        raise IdentityNumberHeldMeanwhile(patient_id=holder[0], code=holder[1], name=holder[2])
    return _set_status(patient, PatientStatus.ACTIVE, None, PatientsEvent.MARKED_ACTIVE, actor)


def _set_status(
    patient: Patient, status: PatientStatus, deceased_on: date | None, event: PatientsEvent, actor: Member
) -> Patient:
    if patient.status == status and patient.deceased_on == deceased_on:
        nothing_changed()
        return patient
    patient.status = status
    patient.deceased_on = deceased_on
    patient.version += 1
    patient.save(update_fields=["status", "deceased_on", "version"])
    record(event, patient, actor=actor, version=patient.version)
    return patient


def _before_birth(day: date, patient: Patient) -> bool:
    if patient.birth_date is not None:
        return day < patient.birth_date
    return patient.birth_year is not None and day.year < patient.birth_year


def _columns(values: dict[str, Any]) -> dict[str, Any]:
    """Fields of PersonDetails as columns of Patient: a birth is a year and perhaps a day."""
    columns = dict(values)
    if "birth" in columns:
        birth: Birth | None = columns.pop("birth")
        columns["birth_year"] = birth.year if birth else None
        columns["birth_date"] = birth.date if birth else None
    if "vulnerability" in columns:
        columns["vulnerability"] = list(columns["vulnerability"])
    return columns


def _rekey(patient: Patient, changed: Sequence[str]) -> list[str]:
    """Bring the columns a patient is found by into line; answers which were touched."""
    touched: list[str] = []
    if "full_name" in changed:
        patient.name_key, patient.name_key_reversed = name_keys(patient.full_name)
        touched += ["name_key", "name_key_reversed"]
    if "identity_number" in changed:
        patient.identity_index = identity_index(patient.identity_number)
        touched.append("identity_index")
    if "insurance_number" in changed:
        patient.insurance_index = insurance_index(patient.insurance_number)
        touched.append("insurance_index")
    return touched


def _refuse_held_identity(number: str, *, but: int | None = None, is_active: bool = True) -> None:
    holder = identity_holder(number, but=but) if number and is_active else None
    if holder is not None:
        pk, code, name = holder
        raise IdentityNumberHeld(field="identity_number", patient_id=pk, code=code, name=name)


@contextmanager
def _identity_kept_unique(patient: Patient) -> Iterator[None]:
    """When another act took the identity number between our look and our writing, refuse as if we had seen it."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "identity_once_among_active" not in str(error):
            raise
        _refuse_held_identity(patient.identity_number, but=patient.pk)
        raise


def _clean_points(
    contact_points: Sequence[NewContactPoint], relatives: Sequence[NewRelative]
) -> list[NewContactPoint]:
    """Every way to reach the patient, clean and once; a relative's phone is one of them."""
    points = [replace(point, value=clean_contact(point.kind, point.value)) for point in contact_points]
    for relative in relatives:
        if relative.phone.strip():
            phone = clean_contact(ContactKind.PHONE, relative.phone)
            name = clean_full_name(relative.full_name)
            points.append(NewContactPoint(ContactKind.PHONE, phone, relative.owner, name))
    once: dict[tuple[str, str], NewContactPoint] = {}
    for point in points:
        once.setdefault((point.kind, point.value), point)
    return list(once.values())


def _reach(patient: Patient, points: Sequence[NewContactPoint]) -> None:
    preferred: set[str] = set()
    rows = []
    for point in points:
        keys = contact_keys(point.kind, point.value)
        rows.append(
            ContactPoint(
                patient=patient,
                kind=point.kind,
                value=point.value,
                value_index=keys.value_index,
                tail_index=keys.tail_index,
                owner=point.owner,
                owner_name=point.owner_name,
                note=point.note,
                is_preferred=point.kind not in preferred,
            )
        )
        preferred.add(point.kind)
    ContactPoint.objects.bulk_create(rows)


def _phone_index(phone: str) -> int:
    return contact_keys(ContactKind.PHONE, phone).value_index


def _alike(details: PersonDetails, points: Sequence[NewContactPoint]) -> list[Any]:
    person = Person(
        full_name=details.full_name,
        birth=details.birth,
        sex=details.sex,
        phones=tuple(point.value for point in points if point.kind != ContactKind.EMAIL),
        emails=tuple(point.value for point in points if point.kind == ContactKind.EMAIL),
        insurance_number=details.insurance_number,
    )
    return [one for one in likely_duplicates(person) if one.must_be_answered]


def _wait_for(form_key: UUID) -> None:
    """Two sendings of one form go one after the other, so the second sees what the first made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_FORM, form_key.int % 2**31])


def _wait_for_the_like(details: PersonDetails, points: Sequence[NewContactPoint]) -> None:
    """Registrations of people who may be one go one after the other: of equal forms sent at once by many hands,
    each sees those before it, and all but the first are asked whether it is another person.

    People are alike by name, number or contact (see queries/likely.py), so there is a lock for each, taken in order.
    """
    keys = person_keys(
        full_name=details.full_name,
        identity_number=details.identity_number,
        insurance_number=details.insurance_number,
    )
    shared = {blind_index("likeness", " ".join(sorted(keys.name_key.split())))}
    shared |= {index for index in (keys.identity_index, keys.insurance_index) if index is not None}
    shared |= {
        contact_keys(_REACHED_BY.get(point.kind, point.kind), point.value).value_index for point in points
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, one) FROM unnest(%s::int[]) AS one",
            [_LIKE, sorted({index % 2**31 for index in shared})],
        )
