"""What is held about one person, room by room, and who took copies of it or destroyed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from tantam.journal.models import Entry
from tantam.journal.registries.labels import event_label
from tantam.patients.models import Patient
from tantam.privacy.events import PrivacyEvent
from tantam.privacy.registries.personal_data import holdings, kept_until, tables_of_persons


@dataclass(frozen=True, slots=True)
class RoomHeld:
    """One room's share in rows: as they are now, and kept states of the past. `kept_until` by law, or None."""

    room: str
    name: str
    rows: int
    history: int
    kept_until: date | None


@dataclass(frozen=True, slots=True)
class Dealt:
    """A copy made or data destroyed: when, by whom, what."""

    at: datetime
    who: str
    what: str


def held_about(patient: Patient) -> list[RoomHeld]:
    """What every room holds, the person first."""
    counts: dict[str, list[int]] = {}
    for table in tables_of_persons():
        counts.setdefault(table.room, [0, 0])[table.is_history] += table.about(patient.pk).count()
    names = _names()
    return [
        RoomHeld(
            holding.room,
            names.get(holding.room, holding.room),
            counts.get(holding.room, [0, 0])[0] + (holding.room == "patients"),
            counts.get(holding.room, [0, 0])[1],
            holding.kept_until(patient.pk) if holding.kept_until else None,
        )
        for holding in reversed(holdings())
    ]


def held_until(patient: Patient) -> date | None:
    """The last day on which the law wants any of it kept."""
    return kept_until(patient.pk)


def dealt_with(patient: Patient) -> list[Dealt]:
    """Copies made and data destroyed, the newest first, at most fifty."""
    events = [PrivacyEvent.EXPORTED, PrivacyEvent.SHREDDED]
    entries = (
        Entry.objects.filter(patient_id=patient.pk, event__in=events)
        .select_related("actor")
        .order_by("-pk")[:50]
    )
    return [
        Dealt(entry.at, entry.actor.full_name if entry.actor else _("The system"), event_label(entry.event))
        for entry in entries
    ]


def _names() -> dict[str, str]:
    return {
        "patients": _("The person and how to reach them"),
        "journal": _("Lines in members' bells"),
        "privacy": _("Consents and their proof"),
        "records": _("Medical record"),
        "care": _("Care contacts and what was said"),
        "exchange": _("Where imported data came from"),
    }
