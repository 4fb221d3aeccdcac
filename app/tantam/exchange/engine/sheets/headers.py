"""Where the header row of a sheet is: under merged titles, addresses and dates of printing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, BinaryIO

from tantam.exchange.engine.sheets.cells import Cell, Row, is_too_long, rows_of
from tantam.exchange.engine.sheets.columns import Column, Heading, heading_of

SEARCHED_ROWS = 40
_TELLING = {Column.FULL_NAME, Column.PATIENT_CODE, Column.PHONE, Column.IDENTITY, Column.BIRTH}


def find_heading(rows: Sequence[Row]) -> Heading | None:
    """The row among the first forty that reads most like a header: at least two known columns, one telling who."""
    best: Heading | None = None
    score = 0
    for number, cells in rows[:SEARCHED_ROWS]:
        if is_too_long(cells):
            continue
        heading = heading_of(number, cells)
        known = [column for column in heading.columns if column is not None]
        if len(known) >= 2 and _TELLING & set(known) and len(known) > score:
            best, score = heading, len(known)
    return best


def opened(stream: BinaryIO, remembered: Mapping[str, Any]) -> tuple[Heading | None, Iterator[Row]]:
    """The heading of a file, with the meanings remembered for it, and the rows below it."""
    rows = rows_of(stream)
    first = list(islice(rows, SEARCHED_ROWS))
    heading = find_heading(first)
    if heading is None:
        return None, iter(first)
    heading = heading.matched(remembered.get(heading.signature, {}))
    return heading, _below(heading.row, first, rows)


def _below(header_row: int, first: Sequence[Row], rest: Iterator[Row]) -> Iterator[Row]:
    for number, cells in first:
        if number > header_row:
            yield number, cells
    yield from rest


def sample(
    stream: BinaryIO, remembered: Mapping[str, Any], *, rows: int = 8
) -> tuple[Heading | None, list[Sequence[Cell]]]:
    """The heading and the first rows below it, to show people how the columns were matched."""
    heading, below = opened(stream, remembered)
    return heading, [cells for _number, cells in islice(below, rows) if not is_too_long(cells)]
