"""What each room keeps about a person, to give out and to destroy (A10). Rooms register from `apps.ready()`.

Besides what rooms say, the tables themselves are asked: every table that points at a patient, and the history kept
of it, is known by its foreign keys, so that nothing is forgotten when a room grows a table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models

from tantam.journal.models import Entry
from tantam.lib.history import destroy_kept
from tantam.patients.models import Patient

Export = Callable[[int], dict[str, Any]]
Shred = Callable[[int], None]
KeptUntil = Callable[[int], date | None]


class SomethingIsLeft(RuntimeError):
    """A room's shredder left rows about the person. A programming error: everything is rolled back."""


@dataclass(frozen=True, slots=True)
class Holding:
    """One room's share: `export` gives plain values for JSON, `shred` destroys what names the person.

    `kept_until` is the last day on which the law requires this room's share to be kept, or None.
    """

    room: str
    export: Export
    shred: Shred
    kept_until: KeptUntil | None = None


@dataclass(frozen=True, slots=True)
class PersonTable:
    """A table with rows about patients: `lookup` leads from a row to the patient's id."""

    room: str
    model: type[models.Model]
    lookup: str
    is_history: bool

    def about(self, patient_id: int) -> models.QuerySet[Any]:
        return self.model._default_manager.filter(**{self.lookup: patient_id})


_holdings: dict[str, Holding] = {}


def register(room: str, *, export: Export, shred: Shred, kept_until: KeptUntil | None = None) -> None:
    """All take the patient's id. `shred` runs in one transaction with the others; it must be idempotent.

    It need not see to the kept history of its rows: that goes with all others at the end.
    """
    _holdings[room] = Holding(room, export, shred, kept_until)


def registered_rooms() -> list[str]:
    return sorted(_holdings)


def holdings() -> list[Holding]:
    """Down the staircase: what points at a row comes before the row. Rooms are installed in that order."""
    stairs = [config.label for config in apps.get_app_configs()]
    return sorted(_holdings.values(), key=lambda holding: stairs.index(holding.room))


def export_of(patient_id: int) -> dict[str, dict[str, Any]]:
    """Everything every room keeps about a patient, by room, the person first."""
    return {holding.room: holding.export(patient_id) for holding in reversed(holdings())}


def kept_until(patient_id: int) -> date | None:
    """Until when some room must keep its share; None when nothing stands against destroying it."""
    days = [holding.kept_until(patient_id) for holding in _holdings.values() if holding.kept_until]
    return max((day for day in days if day is not None), default=None)


def destroy(patient_id: int) -> None:
    """Destroy every room's share with its kept history, down the stairs. Raises SomethingIsLeft.

    Only `shred_person` calls this: it asks whether the law allows it, and writes it down.
    """
    for holding in holdings():
        holding.shred(patient_id)
    # What was destroyed just now has left its last state in the history.
    for table in tables_of_persons():
        if table.is_history:
            destroy_kept(table.model._meta.db_table, patient_id)
    left = {
        table.model._meta.label: rows
        for table in tables_of_persons()
        if (rows := table.about(patient_id).count())
    }
    if left:
        raise SomethingIsLeft(", ".join(f"{label}: {rows}" for label, rows in left.items()))


@cache
def tables_of_persons() -> tuple[PersonTable, ...]:
    """Every table with rows about patients, but the row of the patient itself and the journal, which stay."""
    found = []
    for model in apps.get_models():
        if model in (Patient, Entry) or not model.__module__.startswith("tantam."):
            continue
        tracked = getattr(model, "pgh_tracked_model", None)
        lookup = "pgh_obj_id" if tracked is Patient else _way_to_patient(model)
        if lookup:
            found.append(PersonTable(model._meta.app_label, model, lookup, tracked is not None))
    return tuple(found)


def _way_to_patient(model: type[models.Model], *, steps: int = 2) -> str:
    """The shortest way over foreign keys to a patient's id; empty when there is none."""
    fields = [field for field in model._meta.concrete_fields if not field.name.startswith("pgh_")]
    for field in fields:
        if field.attname == "patient_id":
            return "patient_id"
    keys = [field for field in fields if isinstance(field, models.ForeignKey)]
    for field in keys:
        if field.related_model is Patient:
            return str(field.attname)
    if steps > 1:
        for field in keys:
            other = field.related_model
            if isinstance(other, type) and other is not model and other.__module__.startswith("tantam."):
                way = _way_to_patient(other, steps=steps - 1)
                if way:
                    return f"{field.name}__{way}"
    return ""
