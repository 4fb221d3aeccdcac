"""The rows of a text file (CSV, TSV), in any encoding and with any ends of lines, bounded in memory.

A quotation mark that is never closed, or closed only rows further down, must not swallow the rows between: such a
record is refused where it was opened, and the reading goes on with the line behind it.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence
from functools import cache
from typing import BinaryIO, Final, NamedTuple

from django.utils.translation import gettext_lazy as _

from tantam.exchange.engine.problems import Problem
from tantam.exchange.engine.readers import FileRefused
from tantam.exchange.engine.sheets.cells import QUOTE_OPEN, TOO_LONG, Row

BLOCK: Final = 256 * 1024
LINE_LIMIT: Final = 1_000_000
FIELD_LIMIT: Final = 500_000
LINES_IN_A_CELL: Final = 200
# Each letter stands for one byte until `legacy` has said what the bytes mean.
ONE_BYTE: Final = "latin-1"

NOT_TEXT = _("This is not text. Save the sheet as CSV (UTF-8) or Excel (.xlsx).")
BROKEN_TEXT = _(
    "Line %(line)s is not in the encoding of the rest of the file (%(encoding)s). Save it as CSV UTF-8."
)
# A line that was longer than any honest one. No line of a file is this: NULs are made blanks.
_LONG_LINE: Final = "\x00\n"


def encoding_of(stream: BinaryIO) -> str:
    """UTF-8 (with or without its mark), UTF-16, or one byte a letter. Leaves the stream at 0."""
    stream.seek(0)
    head = stream.read(4096)
    stream.seek(0)
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head[1::2].count(0) > len(head) // 5:
        return "utf-16-le"
    if head[0::2].count(0) > len(head) // 5:
        return "utf-16-be"
    if head.count(0) > len(head) // 50 + 2:
        raise FileRefused(Problem.of("not_text", NOT_TEXT))
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while block := stream.read(BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return ONE_BYTE
    finally:
        stream.seek(0)
    return "utf-8"


def lines_of(stream: BinaryIO, encoding: str) -> Iterator[str]:
    """Lines, each ending in "\\n" whatever ended it in the file (also a carriage return alone)."""
    decoder = codecs.getincrementaldecoder(encoding)()
    held, skipping, number, waits_for_feed = "", False, 1, False
    while True:
        block = stream.read(BLOCK)
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError:
            problem = Problem.of("broken_text", BROKEN_TEXT, line=number, encoding=encoding)
            raise FileRefused(problem) from None
        if "\x00" in text:
            text = text.replace("\x00", " ")
        if waits_for_feed and text.startswith("\n"):
            text = text[1:]
        waits_for_feed = text.endswith("\r") if text else waits_for_feed
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        *whole, rest = (held + text).split("\n")
        for line in whole:
            number += 1
            yield _LONG_LINE if skipping or len(line) > LINE_LIMIT else line + "\n"
            skipping = False
        held = rest
        if len(held) > LINE_LIMIT:
            held, skipping = "", True
        if not block:
            if skipping or held:
                yield _LONG_LINE if skipping else held + "\n"
            return


def delimiter_of(lines: Sequence[str]) -> str:
    """Which of ; , tab | parts the columns: the one that parts most lines into the same, largest number."""
    return max(";,\t|", key=lambda delimiter: _evenness(lines, delimiter))


def _evenness(lines: Sequence[str], delimiter: str) -> tuple[int, int]:
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        return (0, 0)
    if not widths:
        return (0, 0)
    common = max(set(widths), key=lambda width: (widths.count(width) * (width > 1), width))
    return (widths.count(common) * (common > 1), common)


@cache
def _whole_record(delimiter: str) -> re.Pattern[str]:
    """A record all of whose quotation marks are closed, each at the end of its cell."""
    apart = re.escape(delimiter)
    cell = rf'(?: *+"(?:[^"]++|"")*+" *+|(?! *+")[^{apart}\n]*+)'
    return re.compile(rf"{cell}(?:{apart}{cell})*+\n")


class _Record(NamedTuple):
    """The lines of one row of the sheet; `is_open`: a quotation mark in it is not closed, or closed amid a cell."""

    number: int
    text: str
    is_open: bool = False


class _Records:
    """Puts lines together to records: a quoted cell may go over several lines."""

    def __init__(self, lines: Iterator[str], first: Sequence[str], *, delimiter: str, skipped: int) -> None:
        self._lines = lines
        self._ahead = deque(first)
        self._number = skipped
        self._delimiter = delimiter
        self._is_whole = _whole_record(delimiter).fullmatch
        widths = [line.count(delimiter) for line in first if '"' not in line and line.strip()]
        self._parts = max(set(widths), key=widths.count) if widths else 0

    def _next(self) -> str | None:
        return self._ahead.popleft() if self._ahead else next(self._lines, None)

    def __iter__(self) -> Iterator[_Record]:
        while (line := self._next()) is not None:
            self._number += 1
            number = self._number
            if '"' not in line or self._is_whole(line):
                yield _Record(number, line)
                continue
            yield self._gathered(number, line)

    def _gathered(self, number: int, line: str) -> _Record:
        """The record that begins in this line, with the lines its quoted cells go on in."""
        more: list[str] = []
        size = len(line)
        while len(more) < LINES_IN_A_CELL and size <= FIELD_LIMIT and (following := self._next()) is not None:
            more.append(following)
            size += len(following)
            if '"' not in following:
                if self._looks_like_a_row(following):
                    break
                continue
            whole = line + "".join(more)
            if self._is_whole(whole):
                self._number += len(more)
                return _Record(number, whole)
            if self._looks_like_a_row(following):
                break
        self._ahead.extendleft(reversed(more))
        return _Record(number, line, is_open=True)

    def _looks_like_a_row(self, line: str) -> bool:
        """Whether a line within a quoted cell is parted as the rows of this sheet are."""
        return self._parts >= 2 and line.count(self._delimiter) == self._parts


def text_rows(stream: BinaryIO, encoding: str) -> Iterator[Row]:
    """The rows of a text file with their line numbers; empty ones are passed over."""
    csv.field_size_limit(FIELD_LIMIT)
    lines = lines_of(stream, encoding)
    first: list[str] = []
    for line in lines:
        first.append(line)
        if len(first) == 60:
            break
    skipped = 0
    if first and first[0].lower().startswith("sep=") and len(first[0].strip()) == 5:
        delimiter, skipped = first[0].strip()[-1], 1
    else:
        delimiter = delimiter_of([line for line in first if line != _LONG_LINE])
    records = _Records(lines, first[skipped:], delimiter=delimiter, skipped=skipped)
    for number, text, is_open in records:
        if is_open:
            yield number, [QUOTE_OPEN, text.strip()[:200]]
        elif text == _LONG_LINE:
            yield number, TOO_LONG
        elif '"' not in text:
            # What the reader of the standard library makes of it, in a third of the time.
            cells = text[:-1].split(delimiter)
            if any(map(str.strip, cells)):
                yield number, cells
        else:
            yield from _quoted(number, text, delimiter)


def _quoted(number: int, text: str, delimiter: str) -> Iterator[Row]:
    try:
        cells = next(csv.reader(text.splitlines(keepends=True), delimiter=delimiter, skipinitialspace=True))
    except csv.Error:
        yield number, TOO_LONG
        return
    if any(cell.strip() for cell in cells):
        yield number, cells
