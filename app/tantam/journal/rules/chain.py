"""How entries are sealed into a chain: which ids a seal speaks of, and the digest that binds them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from tantam.lib.crypto import keyed_digest

MARK_BYTES: Final = 8
"""Of each entry's digest a seal keeps so much, to name the entry that changed."""

Row = tuple[int, bytes]
"""The id of an entry and the SHA-256 of what it says."""


@dataclass(frozen=True, slots=True)
class Link:
    """What one seal speaks of.

    `after` and `upto` bound the ids it covers (after < id <= upto). `absent` are pairs of first and last ids in
    there which nobody had written by then: given up, or still being written. `late` are ids that lay absent in
    an earlier seal and have arrived since.
    """

    number: int
    after: int
    upto: int
    absent: tuple[int, ...]
    late: tuple[int, ...]

    def ids(self) -> Iterator[int]:
        """Every id it seals, those that came late first."""
        yield from self.late
        at = self.after + 1
        for first, last in zip(self.absent[::2], self.absent[1::2], strict=True):
            yield from range(at, first)
            at = last + 1
        yield from range(at, self.upto + 1)


def absent_between(after: int, ids: Sequence[int]) -> tuple[int, ...]:
    """Pairs of first and last id missing in `ids` (ascending, above `after`)."""
    gaps: list[int] = []
    for before, here in pairwise([after, *ids]):
        if here > before + 1:
            gaps += (before + 1, here - 1)
    return tuple(gaps)


def marks_of(rows: Iterable[Row]) -> bytes:
    return b"".join(digest[:MARK_BYTES] for _, digest in rows)


def digest_of(link: Link, rows: Iterable[Row], *, previous: bytes) -> bytes:
    """The digest of a seal: keyed, over the one before, what it speaks of, and what every entry says."""
    content = hashlib.sha256()
    for pk, said in rows:
        content.update(pk.to_bytes(8, "big"))
        content.update(said)
    bounds = repr((link.number, link.after, link.upto, link.absent, link.late)).encode()
    return keyed_digest("journal:chain", previous + content.digest() + bounds, size=32)
