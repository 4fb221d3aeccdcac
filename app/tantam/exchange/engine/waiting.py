"""Staged items as the engine handles them by the thousand: plain tuples opened when needed, not model rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import orjson
from django.db import connection

from tantam.exchange.engine.drafts import DRAFTS, Draft
from tantam.exchange.models import PAYLOAD_CONTEXT, PROBLEMS_CONTEXT, ImportRun, StagedItem
from tantam.lib.crypto import default_keyring

# Staged payloads held in memory at once, here and while staging: there are documents as long as a book.
BYTES_AT_ONCE = 16_000_000
_COLUMNS = (
    'id, seq, rank, kind, external_id, patient_ref, digest, payload, file, "row", verdict, problems, meant'
)


_NEXT = f"""
    SELECT {_COLUMNS} FROM (
        SELECT {_COLUMNS}, sum(octet_length(payload)) OVER (ORDER BY seq) - octet_length(payload) AS before
        FROM {StagedItem._meta.db_table}
        WHERE run_id = %s AND rank = %s AND seq > %s AND verdict = ANY(%s) ORDER BY seq LIMIT %s
    ) item WHERE coalesce(before, 0) < %s ORDER BY seq
"""


def open_sealed(sealed: Any, context: bytes = PAYLOAD_CONTEXT) -> Any:
    """The JSON in a sealed column of the staging table; in that of payloads unless another is named."""
    return orjson.loads(default_keyring().decrypt_bytes(bytes(sealed), context=context))


def seal(content: bytes, context: bytes = PAYLOAD_CONTEXT) -> bytes:
    """JSON as the staging table keeps it."""
    return default_keyring().encrypt(content, context=context)


class Waiting(NamedTuple):
    """One staged item."""

    id: int
    seq: int
    rank: int
    kind: str
    external_id: str
    patient_ref: str
    digest: bytes
    payload: bytes | None
    file: str
    row: int | None
    verdict: str
    problems: bytes | None
    meant: str = ""

    def draft(self) -> Draft:
        said = open_sealed(self.payload) if self.payload else {}
        return DRAFTS[self.kind].read_back(said, external_id=self.external_id, file=self.file, row=self.row)

    def noted(self) -> list[dict[str, Any]]:
        """Its problems, as kept."""
        return open_sealed(self.problems, PROBLEMS_CONTEXT) if self.problems else []


def next_waiting(
    run: ImportRun, *, rank: int, after: int, verdicts: Sequence[str], limit: int
) -> list[Waiting]:
    """The next items of one rank behind a place, in their order; fewer where they are large."""
    with connection.cursor() as cursor:
        cursor.execute(
            _NEXT, [run.pk, rank, after, [str(verdict) for verdict in verdicts], limit, BYTES_AT_ONCE]
        )
        return list(map(Waiting._make, cursor.fetchall()))


def opened(items: Sequence[Waiting]) -> list[Draft]:
    """The drafts of items, in their order."""
    return [item.draft() for item in items]
