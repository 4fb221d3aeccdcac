"""The rows of a file, whatever it is: CSV in any of the encodings in use, Excel. Bounded in memory."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import BinaryIO, Final

from django.utils.translation import gettext_lazy as _

from tantam.exchange.engine.problems import Problem
from tantam.exchange.engine.readers import FileRefused
from tantam.exchange.engine.sheets.formulas import Place, formulas_without_results

Cell = str | int | float | bool | date | datetime | time | None
Row = tuple[int, Sequence[Cell]]

FIELD_LIMIT: Final = 500_000
COLUMNS_LIMIT: Final = 300
WORKBOOK_IN_MEMORY = 12_000_000
UNPACKED_LIMIT = 4_000_000_000
UNPACKED_RATIO = 300
SHARED_STRINGS_LIMIT = 120_000_000

WORKBOOK_BROKEN = _("The workbook cannot be opened. Open it in Excel and save it again.")
WORKBOOK_TOO_LARGE = _("The workbook unpacks to more than we open. Save it as CSV, which may be of any size.")
WORKBOOK_LOCKED = _("The workbook is protected by a password. Remove the password and save it again.")

# Rows that stand for something that is no row. No cell of a file is these: NULs are made blanks.
TOO_LONG: Final[list[Cell]] = ["\x00too long"]
QUOTE_OPEN: Final = "\x00quote open"
# What stands in a cell whose formula has no result.
NO_RESULT: Final = "=(\x00)"


def is_too_long(cells: Sequence[Cell]) -> bool:
    """Whether a row stands for a line that was longer than any honest one."""
    return cells is TOO_LONG


def is_open_quote(cells: Sequence[Cell]) -> bool:
    """Whether a row stands for a line with a quotation mark that is not closed; its second cell is the line."""
    return bool(cells) and cells[0] == QUOTE_OPEN


def is_broken(cells: Sequence[Cell]) -> bool:
    return is_too_long(cells) or is_open_quote(cells)


def workbook_rows(stream: BinaryIO) -> Iterator[Row]:
    """Every row of the first sheet that has any, with its number from 1."""
    try:
        with zipfile.ZipFile(stream) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, EOFError):
        raise FileRefused(Problem.of("workbook_broken", WORKBOOK_BROKEN)) from None
    packed = sum(member.compress_size for member in members) or 1
    unpacked = sum(member.file_size for member in members)
    strings = sum(member.file_size for member in members if member.filename.endswith("sharedStrings.xml"))
    is_bomb = unpacked > 50_000_000 and unpacked / packed > UNPACKED_RATIO
    if unpacked > UNPACKED_LIMIT or is_bomb or strings > SHARED_STRINGS_LIMIT:
        raise FileRefused(Problem.of("workbook_too_large", WORKBOOK_TOO_LARGE))
    stream.seek(0)
    empty = formulas_without_results(stream)
    if unpacked <= WORKBOOK_IN_MEMORY:
        return _calamine_rows(stream, empty)
    return _streamed_rows(stream, empty)


def old_workbook_rows(stream: BinaryIO) -> Iterator[Row]:
    """The same of a workbook of before 2007."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    if size > 4 * WORKBOOK_IN_MEMORY:
        raise FileRefused(Problem.of("workbook_too_large", WORKBOOK_TOO_LARGE))
    return _calamine_rows(stream, {})


def _calamine_rows(stream: BinaryIO, empty: dict[str, set[Place]]) -> Iterator[Row]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(stream.read()))
        for name in workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(name)
            if sheet.height:
                first_row, first_column = sheet.start or (0, 0)
                formulas = _by_row(empty.get(name, ()), first_column)
                for number, cells in enumerate(sheet.iter_rows(), start=first_row + 1):
                    yield from _filled(number, cells, formulas.get(number, ()))
                return
    except PasswordError:
        raise FileRefused(Problem.of("workbook_locked", WORKBOOK_LOCKED)) from None
    except CalamineError:
        raise FileRefused(Problem.of("workbook_broken", WORKBOOK_BROKEN)) from None


def _streamed_rows(stream: BinaryIO, empty: dict[str, set[Place]]) -> Iterator[Row]:
    from openpyxl import load_workbook

    try:
        workbook = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        for sheet in workbook.worksheets:
            found = False
            formulas = _by_row(empty.get(sheet.title, ()), 0)
            for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
                for row in _filled(number, cells, formulas.get(number, ())):
                    found = True
                    yield row
            if found:
                return
    except (KeyError, ValueError, OSError, zipfile.BadZipFile, SyntaxError):
        raise FileRefused(Problem.of("workbook_broken", WORKBOOK_BROKEN)) from None


def _by_row(places: set[Place] | Sequence[Place], first_column: int) -> dict[int, list[int]]:
    """Which cells (from 0) of a row are formulas without a result."""
    rows: dict[int, list[int]] = {}
    for row, column in places:
        if column > first_column:
            rows.setdefault(row, []).append(column - 1 - first_column)
    return rows


def _filled(number: int, cells: Sequence[object], formulas: Sequence[int]) -> Iterator[Row]:
    if not formulas and not any(cell not in (None, "") for cell in cells):
        return
    usable: list[Cell] = [
        cell if isinstance(cell, str | int | float | bool | date | datetime | time) else None
        for cell in cells
    ]
    if any(isinstance(cell, str) and "\x00" in cell for cell in usable):
        usable = [cell.replace("\x00", " ") if isinstance(cell, str) else cell for cell in usable]
    for place in formulas:
        usable += [None] * (place + 1 - len(usable))
        usable[place] = NO_RESULT
    if any(isinstance(cell, str) and len(cell) > FIELD_LIMIT for cell in usable):
        yield number, TOO_LONG
        return
    yield number, usable
