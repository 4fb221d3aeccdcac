"""Everything kept about one person: given out, destroyed, and who looked at it."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from tantam.accounts.models import Member
from tantam.journal.operations import operation, record
from tantam.lib.dates import format_day
from tantam.patients.models import Patient
from tantam.privacy.errors import (
    StillKept,
)
from tantam.privacy.events import PrivacyEvent
from tantam.privacy.registries.personal_data import export_of, kept_until, registered_rooms, shredders


@operation
def note_looks_file(patient: Patient, *, actor: Member) -> None:
    """Note that the list of who looked at a patient was saved as a file."""
    record(PrivacyEvent.LOOKS_EXPORTED, patient, actor=actor)


@operation
def export_person(patient: Patient, *, actor: Member) -> dict[str, dict[str, Any]]:
    """Everything kept about a patient, by room, to give to them on request (A10; Law 91/2025 Art. 4)."""
    record(PrivacyEvent.EXPORTED, patient, actor=actor, rooms=registered_rooms())
    return export_of(patient.pk)


@operation
def shred_person(patient: Patient, *, actor: Member) -> None:
    """Destroy what names a patient, in every room and in the kept history. It cannot be undone.

    The journal keeps that it was done; it holds codes and ids only. Refuses with StillKept while a room must
    keep the record by law.
    """
    until = kept_until(patient.pk)
    if until is not None and until >= timezone.localdate():
        raise StillKept(until=format_day(until))
    for holding in shredders():
        holding.shred(patient.pk)
    record(PrivacyEvent.SHREDDED, patient, actor=actor, rooms=registered_rooms())
