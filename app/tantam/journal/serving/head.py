"""The head of the journal's chain, kept in a file outside the database: who empties the journal cannot change it."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from tantam.journal.models import Seal


@dataclass(frozen=True, slots=True)
class Head:
    """The last seal that was made: its number, its digest in hexadecimal, and when."""

    number: int
    digest: str
    at: str


def path_of_head() -> Path:
    return Path(settings.DATA) / "journal_head.json"


def kept_head() -> Head | None:
    """The head in the file; None when there is no file. Raises ValueError when it cannot be read as one."""
    try:
        text = path_of_head().read_text()
    except FileNotFoundError:
        return None
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError("not a head")
    return Head(int(found["number"]), str(found["digest"]), str(found["at"]))


def keep_head(seal: Seal) -> None:
    """Write the head, for its owner alone; a reader sees the old one or the new one, whole."""
    path = path_of_head()
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(
            {"number": seal.number, "digest": bytes(seal.digest).hex(), "at": f"{seal.sealed_at:%FT%TZ}"},
            file,
        )
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
