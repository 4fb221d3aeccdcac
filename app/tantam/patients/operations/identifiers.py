from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from tantam.accounts.models import Member
from tantam.journal.operations import nothing_changed, operation, record
from tantam.patients.errors import IdentifierHeld, IdentifierNeeded
from tantam.patients.events import PatientsEvent
from tantam.patients.models import Identifier, Patient
from tantam.patients.rules.keys import clean_identifier, identifier_index


@operation
def identify(
    patient: Patient, *, system: str, value: str, label: str = "", since: date | None = None, actor: Member
) -> Identifier:
    """Write down what another system calls the patient (B5). Said again, nothing changes.

    `system` is a code space (see `models.identifier.source_system`), `label` says whose number it is. Our own code,
    identity and insurance numbers are the patient's own columns: `correct_patient` writes those.

    Refuses with IdentifierNeeded, or with IdentifierHeld when the code means another patient in its code space.
    """
    code = clean_identifier(value)
    if not code:
        raise IdentifierNeeded(field="value")
    patient = Patient.objects.held(patient.pk)
    index = identifier_index(code)
    known = _current(system, index)
    if known is not None:
        if known.patient_id != patient.pk:
            raise _held(known)
        nothing_changed()
        return known
    try:
        with transaction.atomic():
            identifier = Identifier.objects.create(
                patient=patient, system=system, value=code, value_index=index, label=label, valid_from=since
            )
    except IntegrityError:
        # Another act wrote it between our look and our writing.
        known = _current(system, index)
        if known is None:
            raise
        raise _held(known) from None
    record(PatientsEvent.IDENTIFIER_ADDED, identifier, actor=actor, system=system)
    return identifier


@operation
def end_identifier(identifier: Identifier, *, on: date | None = None, actor: Member) -> Identifier:
    """Note that a number is no longer the patient's, from the day after `on` (today): it may mean another then."""
    Patient.objects.held(identifier.patient_id)
    identifier = Identifier.objects.select_related("patient").get(pk=identifier.pk)
    if identifier.valid_until is not None:
        nothing_changed()
        return identifier
    identifier.valid_until = on or timezone.localdate()
    identifier.save(update_fields=["valid_until"])
    record(PatientsEvent.IDENTIFIER_ENDED, identifier, actor=actor, system=identifier.system)
    return identifier


def _current(system: str, index: int) -> Identifier | None:
    return (
        Identifier.objects.select_related("patient")
        .filter(system=system, value_index=index, valid_until__isnull=True)
        .first()
    )


def _held(known: Identifier) -> IdentifierHeld:
    holder = known.patient
    return IdentifierHeld(field="value", patient_id=holder.pk, code=holder.code, name=holder.full_name)
