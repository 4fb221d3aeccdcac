"""Marks: short digests of fields, by which an import sees what was changed since it last wrote."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from tantam.lib.crypto import keyed_digest

NOTHING: tuple[Any, ...] = (None, "", [], {})


def mark(column: str, value: object) -> int:
    """A short keyed digest of a field's value, by which to see that it changed."""
    text = value if type(value) is str else _as_text(value)
    return int.from_bytes(keyed_digest("import:mark", f"{column}\0{text}".encode(), size=4), "big")


def _as_text(value: object) -> str:
    if isinstance(value, date):
        return _day_as_text(value)
    return "" if value in NOTHING else str(value)


@lru_cache(20_000)
def _day_as_text(value: date) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)
