"""A file as rows of readable cells: which kind it is, in which encoding, in which old font it was typed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import BinaryIO, Final

from django.utils.translation import gettext_lazy as _

from tantam.exchange.engine.problems import Problem
from tantam.exchange.engine.readers import FileRefused
from tantam.exchange.engine.sheets.cells import Cell, Row, is_broken, old_workbook_rows, workbook_rows
from tantam.exchange.engine.sheets.legacy import Convert, as_it_is, how_to_read
from tantam.exchange.engine.sheets.text import ONE_BYTE, encoding_of, text_rows

LOOKED_AT: Final = 400

LETTERS_UNKNOWN = _(
    "We cannot tell in which encoding the letters of this file are; it is none of UTF-8, UTF-16, Windows 1258,"
    " TCVN3 (ABC) and VNI. Open it in the program it comes from and save it as CSV UTF-8 or Excel (.xlsx)."
)


def rows_of(stream: BinaryIO) -> Iterator[Row]:
    """Every row of the first sheet that has any, with its number from 1, its text in Unicode."""
    start = stream.read(8)
    stream.seek(0)
    if start[:4] == b"PK\x03\x04":
        return _readable(workbook_rows(stream), is_unicode=True)
    if start == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return _readable(old_workbook_rows(stream), is_unicode=True)
    encoding = encoding_of(stream)
    return _readable(text_rows(stream, encoding), is_unicode=encoding != ONE_BYTE)


def _readable(rows: Iterator[Row], *, is_unicode: bool) -> Iterator[Row]:
    first = list(islice(rows, LOOKED_AT))
    whole = chain(first, rows)
    if not is_unicode:
        # The rows that tell may come late in a file whose first pages have no accents.
        kept: list[Row] = []
        for row in whole:
            kept.append(row)
            if len(kept) > 50 * LOOKED_AT or (len(kept) > len(first) and _foreign([row])):
                break
        first, whole = kept, chain(kept, whole)
    convert = how_to_read(_texts(first), is_unicode=is_unicode)
    if convert is None:
        raise FileRefused(Problem.of("letters_unknown", LETTERS_UNKNOWN))
    return whole if convert is as_it_is else ((number, _converted(cells, convert)) for number, cells in whole)


def _texts(rows: Iterable[Row]) -> Iterator[str]:
    for _number, cells in rows:
        if not is_broken(cells):
            yield from (cell for cell in cells if isinstance(cell, str))


def _foreign(rows: Iterable[Row]) -> bool:
    return any(not text.isascii() for text in _texts(rows))


def _converted(cells: Sequence[Cell], convert: Convert) -> Sequence[Cell]:
    if is_broken(cells):
        return cells
    return [convert(cell) if isinstance(cell, str) and not cell.isascii() else cell for cell in cells]
