"""Seals the journal every two seconds, in a thread of the worker that takes no place of a job."""

from __future__ import annotations

import threading
from typing import Final

import structlog
from django.db import connection

from tantam.journal.models import Listing, Seal
from tantam.journal.models.seals import MOST_AT_ONCE
from tantam.journal.serving.head import keep_head

EVERY_SECONDS: Final = 2.0

log = structlog.get_logger("tantam.journal")
_starting = threading.Lock()
_keeper: threading.Thread | None = None


def seal_what_is_new() -> int:
    """Seal everything written so far and keep the head; answers how many entries were sealed."""
    entries = 0
    while (seal := Seal.objects.extend()) is not None:
        keep_head(seal)
        entries += seal.entries
        if seal.entries < MOST_AT_ONCE:
            break
    return entries


def keep_sealing() -> None:
    """See to it that this process seals from now on. It is asked every minute; one thread does it."""
    global _keeper
    with _starting:
        if _keeper is None or not _keeper.is_alive():
            _keeper = threading.Thread(target=_seal_for_ever, name="journal-seals", daemon=True)
            _keeper.start()


def _seal_for_ever() -> None:
    pause = threading.Event()
    while True:
        try:
            Listing.objects.write_down()
            seal_what_is_new()
        except Exception as error:
            log.warning("journal.not_sealed", error=type(error).__name__)
        finally:
            connection.close()
        pause.wait(EVERY_SECONDS)
