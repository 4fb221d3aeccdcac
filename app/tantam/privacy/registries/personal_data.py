"""What each room keeps about a person, to give out and to destroy (A10). Rooms register from `apps.ready()`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

Export = Callable[[int], dict[str, Any]]
Shred = Callable[[int], None]
KeptUntil = Callable[[int], date | None]


@dataclass(frozen=True, slots=True)
class Holding:
    """One room's share: `export` gives plain values for JSON, `shred` destroys what names the person.

    `kept_until` is the last day on which the law requires this room's share to be kept, or None.
    """

    room: str
    export: Export
    shred: Shred
    kept_until: KeptUntil | None = None


_holdings: dict[str, Holding] = {}


def register(room: str, *, export: Export, shred: Shred, kept_until: KeptUntil | None = None) -> None:
    """All take the patient's id. `shred` runs in one transaction with the others; it must be idempotent."""
    _holdings[room] = Holding(room, export, shred, kept_until)


def registered_rooms() -> list[str]:
    return sorted(_holdings)


def export_of(patient_id: int) -> dict[str, dict[str, Any]]:
    """Everything every room keeps about a patient, by room."""
    return {room: _holdings[room].export(patient_id) for room in registered_rooms()}


def kept_until(patient_id: int) -> date | None:
    """Until when some room must keep its share; None when nothing stands against destroying it."""
    days = [holding.kept_until(patient_id) for holding in _holdings.values() if holding.kept_until]
    return max((day for day in days if day is not None), default=None)


def shredders() -> list[Holding]:
    """Rooms in the order in which they destroy: what points at the patient before the patient."""
    return [_holdings[room] for room in sorted(_holdings, key=lambda room: (room == "patients", room))]
