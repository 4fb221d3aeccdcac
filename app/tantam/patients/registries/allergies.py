"""Who knows the allergies that warn: they stand in the header of every page about a person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tantam.patients.models import Patient

AllergySource = Callable[[Patient], Sequence[Any]]
_source: list[AllergySource] = []


def allergies_come_from(source: AllergySource) -> None:
    """Called from `apps.ready()` of the room above that keeps them; a second call replaces the first."""
    _source[:] = [source]


def warning_allergies(patient: Patient) -> Sequence[Any] | None:
    """The allergies that warn; None when no room keeps any."""
    return _source[0](patient) if _source else None
