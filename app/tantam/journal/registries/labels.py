"""Words for events: rooms name theirs in `events.py` as TextChoices; the journal's pages read them here."""

from __future__ import annotations

from django.db import models

_choices: dict[str, models.TextChoices] = {}


def name_events(*enums: type[models.TextChoices]) -> None:
    """Make the labels of a room's events known. Called from the room's `apps.ready()`."""
    for enum in enums:
        for event in enum:
            _choices[event.value] = event


def event_label(event: str) -> str:
    """The event in words, in the active language; its code when no room has named it."""
    known = _choices.get(event)
    return str(known.label) if known is not None else event


def event_choices() -> list[tuple[str, str]]:
    """Every named event, sorted by its words."""
    return sorted(((code, str(event.label)) for code, event in _choices.items()), key=lambda pair: pair[1])
