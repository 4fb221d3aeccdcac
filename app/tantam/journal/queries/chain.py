"""Does the journal still say what it said when it was sealed? The first place where it does not (D9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from django.db import connection

from tantam.journal.models import Entry, Seal
from tantam.journal.models.seals import SAID
from tantam.journal.rules.chain import MARK_BYTES, Row, digest_of
from tantam.journal.serving.head import Head

_STRETCH: Final = f"SELECT id, {SAID} FROM journal_entry WHERE id > %s AND id <= %s ORDER BY id"
_THESE: Final = f"SELECT id, {SAID} FROM journal_entry WHERE id = ANY(%s)"


@dataclass(frozen=True, slots=True)
class Broken:
    """The first break: `what` is one of entry_changed, entry_removed, entry_added, seal_changed, seal_missing,
    head_missing_seal, head_differs; `number` is the seal, `entry` the entry where one can be named."""

    what: str
    number: int
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Examined:
    """What a walk along the whole chain found. `unsealed` entries wait for the next seal, the oldest from
    `unsealed_since`."""

    seals: int
    entries: int
    last: Seal | None
    broken: Broken | None
    unsealed: int
    unsealed_since: datetime | None


def examine(head: Head | None) -> Examined:
    """Walk along the chain from its beginning; stops at the first break. Reads every entry once."""
    previous, expected, sealed, last, broken = b"", 1, 0, None, None
    late_of = _late_ids()
    upto = 0
    for seal in Seal.objects.order_by("number").iterator(chunk_size=200):
        if seal.number != expected:
            broken = Broken("seal_missing", expected)
        else:
            broken = _break_in(seal, previous, upto, late_of)
        if broken is not None:
            break
        if head is not None and seal.number == head.number and bytes(seal.digest).hex() != head.digest:
            broken = Broken("head_differs", seal.number)
            break
        previous, expected, last, upto = bytes(seal.digest), expected + 1, seal, seal.upto
        sealed += seal.entries
    if broken is None and head is not None and head.number >= expected:
        broken = Broken("head_missing_seal", expected)
    waiting = Entry.objects.filter(pk__gt=upto)
    oldest = waiting.order_by("pk").values_list("at", flat=True).first()
    return Examined(expected - 1, sealed, last, broken, waiting.count() if broken is None else 0, oldest)


def _late_ids() -> set[int]:
    """Every id that was sealed later than its neighbours. Few: one for each transaction that overlapped a seal."""
    rows = Seal.objects.exclude(late=[]).values_list("late", flat=True).iterator()
    return {pk for late in rows for pk in late}


def _break_in(seal: Seal, previous: bytes, upto: int, late_ids: set[int]) -> Broken | None:
    if seal.after != upto or seal.upto < seal.after:
        return Broken("seal_changed", seal.number)
    with connection.cursor() as cursor:
        cursor.execute(_STRETCH, [seal.after, seal.upto])
        here = [(pk, bytes(said)) for pk, said in cursor.fetchall()]
        late: dict[int, bytes] = {}
        if seal.late:
            cursor.execute(_THESE, [seal.late])
            late = {pk: bytes(said) for pk, said in cursor.fetchall()}
    absent = _within(seal.absent)
    # What came later is another seal's to vouch for.
    rows = [row for row in here if not (row[0] in late_ids and absent(row[0]))]
    found = [*((pk, late[pk]) for pk in seal.late if pk in late), *rows]
    if digest_of(seal.link, found, previous=previous) == bytes(seal.digest):
        return None
    return _where(seal, found) or Broken("seal_changed", seal.number)


def _within(pairs: list[int]) -> _Absent:
    return _Absent(pairs)


class _Absent:
    def __init__(self, pairs: list[int]) -> None:
        self._pairs = list(zip(pairs[::2], pairs[1::2], strict=True))

    def __call__(self, pk: int) -> bool:
        return any(first <= pk <= last for first, last in self._pairs)


def _where(seal: Seal, found: Iterable[Row]) -> Broken | None:
    """The first entry that is not as its mark says."""
    marks = bytes(seal.marks)
    expected = dict(zip(seal.link.ids(), _pieces(marks), strict=False))
    known = dict(found)
    for pk, mark in expected.items():
        if pk not in known:
            return Broken("entry_removed", seal.number, pk)
        if known[pk][:MARK_BYTES] != mark:
            return Broken("entry_changed", seal.number, pk)
    added = next((pk for pk in known if pk not in expected), None)
    return Broken("entry_added", seal.number, added) if added is not None else None


def _pieces(marks: bytes) -> Iterator[bytes]:
    rest = iter(marks)
    while piece := bytes(islice(rest, MARK_BYTES)):
        yield piece
