"""Cut a stream of JSON into its resources without ever holding more than one of them.

A bundle of 1 GB is one JSON value, so it cannot be parsed whole. This finds where each entry begins and
ends by looking at strings and braces only, and leaves the content to the JSON parser. It takes a bundle, one
resource, a list of resources, or several of these one after another (NDJSON without line discipline).
An entry that is too large is passed over and said; everything else that is not JSON refuses the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from tantam.exchange.engine.problems import Problem
from tantam.exchange.engine.readers import FileRefused

PIECE_LIMIT = 20_000_000
_BLOCK = 512 * 1024

# Possessive: what is matched is never given back, so no input makes these slow.
_TO_BRACE = re.compile(rb'[^"{}]*+(?:"[^"\\]*+(?:\\.[^"\\]*+)*+"[^"{}]*+)*+[{}]', re.DOTALL)
_TO_OPEN_STRING = re.compile(rb'[^"]*+(?:"[^"\\]*+(?:\\.[^"\\]*+)*+"[^"]*+)*+', re.DOTALL)
_IN_STRING = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_GAP_TOKEN = re.compile(rb'\s*+("[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]:,{}\x1e]|[-+.\w]+)', re.DOTALL)
_OPENING = ord("{")

NOT_JSON = _("This is not JSON: the file has something else at line %(line)s.")
BROKEN = _("The JSON is broken at line %(line)s (byte %(byte)s).")
TRUNCATED = _(
    "The file ends too early, at line %(line)s (byte %(byte)s): it was cut off or not fully copied."
)
TOO_LARGE = _("The entry at line %(line)s is larger than %(limit)s MB; it was passed over.")


def broken(line: int, byte: int) -> FileRefused:
    return FileRefused(Problem.of("json_broken", BROKEN, refuses=True, line=line, byte=byte))


@dataclass(frozen=True, slots=True)
class Piece:
    """The bytes of one bundle entry or resource (None when too large), where it is, and whether in a bundle."""

    content: bytes | None
    number: int
    line: int
    byte: int
    is_entry: bool


class Splitter:
    """One pass over one stream. `pieces()` yields, in the order of the file."""

    def __init__(self, stream: BinaryIO, limit: int = PIECE_LIMIT) -> None:
        self._stream = stream
        self._limit = limit
        self._data = b""
        self._start = 0  # byte of the file at which _data begins
        self._line, self._line_at = 1, 0  # the line at place _line_at of _data
        self._depth = 0
        self._number = 0
        self._held: list[bytes] = []  # what earlier blocks had of the piece under way
        self._held_size = 0
        self._piece_at: int | None = None  # its beginning in _data; 0 when it began in an earlier block
        self._piece_line = self._piece_byte = 0
        self._skipping = False
        self._base = 0  # the depth at which pieces lie: 0 whole resources, 1 entries of a bundle
        self._gap: list[bytes] = []
        self._gap_size = 0
        self._gap_at = 0
        self._root_list = False
        self._after_piece = False
        self._new_root()

    def _new_root(self) -> None:
        self._base = 0
        self._root_type = ""
        self._key = ""
        self._lists = 0
        self._in_entries = False

    def pieces(self) -> Iterator[Piece]:
        in_string, carry = False, b""
        while block := self._stream.read(_BLOCK):
            self._take(carry + block)
            carry = b""
            data, place = self._data, 0
            if in_string:
                place = _IN_STRING.match(data).end()  # type: ignore[union-attr]
                if place < len(data) and data[place : place + 1] == b'"':
                    in_string, place = False, place + 1
            if not in_string:
                while match := _TO_BRACE.match(data, place):
                    place = match.end()
                    opening = data[place - 1] == _OPENING
                    if self._depth > 2:  # nothing begins or ends down here
                        self._depth += 1 if opening else -1
                    else:
                        yield from self._brace(opening, place - 1)
                place = _TO_OPEN_STRING.match(data, place).end()  # type: ignore[union-attr]
                if place < len(data):
                    in_string = True
                    place = _IN_STRING.match(data, place + 1).end()  # type: ignore[union-attr]
            if place < len(data):  # a lone backslash at the very end
                carry = data[place:]
                self._data = data[:place]
            yield from self._leave_block()
        self._end(in_string or bool(carry))

    def _take(self, data: bytes) -> None:
        self._data, self._line_at = data, 0
        self._gap_at = 0

    def _leave_block(self) -> Iterator[Piece]:
        data = self._data
        if self._piece_at is not None:
            if not self._skipping:
                self._held.append(data[self._piece_at :])
                self._held_size += len(data) - self._piece_at
            self._piece_at = 0
            if self._held_size > self._limit and not self._skipping:
                yield from self._pass_over()
        if self._depth <= 1 and self._gap_at < len(data):
            self._gap.append(data[self._gap_at :])
            self._gap_size += len(data) - self._gap_at
            if self._skipping:
                self._gap, self._gap_size = [], 0
            elif self._gap_size > 2 * self._limit:
                raise broken(self._line, self._start + self._gap_at)
        self._count_lines(len(data))
        self._start += len(data)

    def _pass_over(self) -> Iterator[Piece]:
        """The piece under way is too large: say so now, and keep nothing more of it."""
        self._skipping = True
        self._held, self._held_size = [], 0
        yield Piece(None, self._number, self._piece_line, self._piece_byte, self._base == 1)

    def _count_lines(self, place: int) -> int:
        self._line += self._data.count(b"\n", self._line_at, place)
        self._line_at = place
        return self._line

    def _brace(self, opening: bool, place: int) -> Iterator[Piece]:
        if opening:
            if self._depth <= 1 and not self._skipping:
                self._read_gap(place)
                if self._depth == 1 and self._base == 0 and self._in_entries:
                    self._becomes_bundle()
                if self._depth == self._base and (self._base == 0 or self._in_entries):
                    self._begin(place)
            self._depth += 1
        else:
            if self._depth == 0:
                raise broken(self._count_lines(place), self._start + place)
            if self._depth == 1 and not self._skipping:
                self._read_gap(place)
            self._depth -= 1
            if self._depth == self._base and self._piece_at is not None:
                yield from self._finish(place + 1)
            if self._depth == 0:
                self._new_root()
                self._after_piece = True
        if self._depth <= 1:
            self._gap_at = place + 1

    def _begin(self, place: int) -> None:
        self._number += 1
        self._piece_at = place
        self._piece_line = self._count_lines(place)
        self._piece_byte = self._start + place

    def _finish(self, end: int) -> Iterator[Piece]:
        start, self._piece_at = self._piece_at or 0, None
        skipped, self._skipping = self._skipping, False
        self._after_piece = True
        held, self._held, self._held_size = self._held, [], 0
        if skipped:
            return
        content = self._data[start:end] if not held else b"".join((*held, self._data[:end]))
        is_entry = self._base == 1
        if len(content) > self._limit:
            yield Piece(None, self._number, self._piece_line, self._piece_byte, is_entry)
        else:
            yield Piece(content, self._number, self._piece_line, self._piece_byte, is_entry)

    def _becomes_bundle(self) -> None:
        """The root turned out to be a bundle: its entries are the pieces, not itself."""
        self._base = 1
        self._number = 0
        self._piece_at, self._held, self._held_size = None, [], 0
        self._skipping = False
        self._after_piece = False

    def _read_gap(self, place: int) -> None:
        """Understand what stands between objects: which list we are in, and the type of the root."""
        gap = b"".join((*self._gap, self._data[self._gap_at : place]))
        self._gap, self._gap_size = [], 0
        after_piece, self._after_piece = self._after_piece, False
        if self._in_entries and self._depth == 1 and gap.strip() == b",":
            return
        try:
            if self._depth == 0:
                self._read_outside(gap, after_piece)
            else:
                self._read_inside(gap, after_piece)
        except ValueError:
            line = self._count_lines(place)
            if self._depth == 0:
                raise FileRefused(Problem.of("not_json", NOT_JSON, refuses=True, line=line)) from None
            raise broken(line, self._start + place) from None

    def _read_outside(self, gap: bytes, after_piece: bool) -> None:
        """Between whole values: nothing, or the brackets and commas of a list of resources."""
        for token in _tokens(gap):
            if token == b"[" and not self._root_list and not after_piece:
                self._root_list = True
            elif token == b"]" and self._root_list:
                self._root_list = False
            elif not (token == b"\x1e" or (token == b"," and self._root_list)):
                raise ValueError

    def _read_inside(self, gap: bytes, after_piece: bool) -> None:
        text = ""
        for token in _tokens(gap):
            if after_piece and token not in b",]":
                raise ValueError
            after_piece = False
            if token[:1] == b'"':
                text = token[1:-1].decode("utf-8", "replace")
                if self._lists == 0 and self._key == "resourceType":
                    self._root_type, self._key = text, ""
            elif token == b":" and self._lists == 0:
                self._key = text
            elif token == b"[":
                self._lists += 1
                if self._lists == 1 and self._key == "entry" and self._root_type in ("", "Bundle"):
                    self._in_entries = True
            elif token == b"]":
                self._lists -= 1
                if self._lists == 0:
                    self._in_entries = False
                if self._lists < 0:
                    raise ValueError
            elif token == b"," and self._lists == 0:
                self._key = ""
        if after_piece:
            raise ValueError

    def _end(self, in_string: bool) -> None:
        byte = self._start
        if not (self._depth or in_string):
            self._data, self._gap_at = b"", 0
            self._read_gap(0)
        if self._depth or in_string or self._root_list:
            raise FileRefused(
                Problem.of("file_truncated", TRUNCATED, refuses=True, line=self._line, byte=byte)
            )


def _tokens(gap: bytes) -> Iterator[bytes]:
    place = 0
    while match := _GAP_TOKEN.match(gap, place):
        yield match[1]
        place = match.end()
    if gap[place:].strip(b" \t\r\n\x00"):
        raise ValueError
