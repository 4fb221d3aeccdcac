"""Marks: short digests of fields, by which an import sees what was changed since it last wrote."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache, lru_cache
from hashlib import blake2b
from typing import Any
from zlib import crc32

from tantam.lib.crypto import default_keyring

NOTHING: tuple[Any, ...] = (None, "", [], {})

# Columns that are encrypted where they are kept: a digest of them must not be open to guessing.
_SEALED = frozenset(
    ("identity_number", "insurance_number", "notes", "clinical_notes", "first_phone", "first_email")
)


def mark(column: str, value: object) -> int:
    """A short digest of a field's value, by which to see that it changed; keyed where the value is secret."""
    text = value if type(value) is str else _as_text(value)
    if column not in _SEALED:
        return crc32(text.encode())
    return int.from_bytes(blake2b(text.encode(), digest_size=4, key=_mark_key()).digest(), "big")


def _as_text(value: object) -> str:
    if isinstance(value, date):
        return _day_as_text(value)
    return "" if value in NOTHING else str(value)


@lru_cache(20_000)
def _day_as_text(value: date) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)


@cache
def _mark_key() -> bytes:
    """Made from the index key, so marks of two installations tell nothing of each other."""
    return default_keyring().blind_index("import:mark", "key").to_bytes(8, "big", signed=True)
