"""Marks: short digests of fields, by which an import sees what was changed since it last wrote."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Final

from tantam.lib.crypto import keyed_digest

NOTHING: tuple[Any, ...] = (None, "", [], {})


# Kinds, states, codes and medicines are said again and again; a longer text hardly ever is.
_OFTEN_SAID: Final = 40


def mark(column: str, value: object) -> int:
    """A short keyed digest of a field's value, by which to see that it changed."""
    text = value if type(value) is str else _as_text(value)
    return _often_said(column, text) if len(text) <= _OFTEN_SAID else _mark(column, text)


def _mark(column: str, text: str) -> int:
    return int.from_bytes(keyed_digest("import:mark", f"{column}\0{text}".encode(), size=4), "big")


_often_said = lru_cache(20_000)(_mark)


def _as_text(value: object) -> str:
    if isinstance(value, date):
        return _day_as_text(value)
    return "" if value in NOTHING else str(value)


@lru_cache(20_000)
def _day_as_text(value: date) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)
