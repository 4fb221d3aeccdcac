"""The rows of a file, whatever it is: CSV in any of the encodings in use, Excel. Bounded in memory."""

from __future__ import annotations

import codecs
import csv
import io
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from tantam.exchange.engine.problems import Problem
from tantam.exchange.engine.readers import FileRefused

Cell = str | int | float | bool | date | datetime | time | None
Row = tuple[int, Sequence[Cell]]

BLOCK = 256 * 1024
LINE_LIMIT = 1_000_000
FIELD_LIMIT = 500_000
COLUMNS_LIMIT = 300
WORKBOOK_IN_MEMORY = 12_000_000
UNPACKED_LIMIT = 4_000_000_000
UNPACKED_RATIO = 300
SHARED_STRINGS_LIMIT = 120_000_000

NOT_TEXT = _("This is not text. Save the sheet as CSV (UTF-8) or Excel (.xlsx).")
BROKEN_TEXT = _(
    "Line %(line)s is not in the encoding of the rest of the file (%(encoding)s). Save it as CSV UTF-8."
)
WORKBOOK_BROKEN = _("The workbook cannot be opened. Open it in Excel and save it again.")
WORKBOOK_TOO_LARGE = _("The workbook unpacks to more than we open. Save it as CSV, which may be of any size.")
WORKBOOK_LOCKED = _("The workbook is protected by a password. Remove the password and save it again.")

TOO_LONG: list[Cell] = ["\x00too long"]


def is_too_long(cells: Sequence[Cell]) -> bool:
    """Whether a row stands for a line that was longer than any honest one."""
    return cells is TOO_LONG


def rows_of(stream: BinaryIO) -> Iterator[Row]:
    """Every row of the first sheet that has any, with its number from 1."""
    start = stream.read(8)
    stream.seek(0)
    if start[:4] == b"PK\x03\x04":
        return _workbook_rows(stream)
    if start == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return _old_workbook_rows(stream)
    return _text_rows(stream)


# --- text -----------------------------------------------------------------------------------------------------


def encoding_of(stream: BinaryIO) -> str:
    """UTF-8 (with or without its mark), UTF-16, or the Vietnamese Windows code page. Leaves the stream at 0."""
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
    if head.count(0) > len(head) // 50:
        raise FileRefused(Problem.of("not_text", NOT_TEXT))
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while block := stream.read(BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1258"
    finally:
        stream.seek(0)
    return "utf-8"


def _lines(stream: BinaryIO, encoding: str) -> Iterator[str]:
    """Lines with their ends. One longer than the limit is passed over and stands as a line of one NUL."""
    # cp1258 leaves a handful of bytes undefined; a stray one must not cost the file.
    decoder = codecs.getincrementaldecoder(encoding)("replace" if encoding == "cp1258" else "strict")
    held, skipping, number = "", False, 1
    while True:
        block = stream.read(BLOCK)
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError:
            problem = Problem.of("broken_text", BROKEN_TEXT, line=number, encoding=encoding)
            raise FileRefused(problem) from None
        if encoding == "cp1258":
            # The code page writes tones as marks of their own.
            text = unicodedata.normalize("NFC", text)
        *whole, rest = (held + text).split("\n")
        for line in whole:
            number += 1
            yield "\x00\n" if skipping or len(line) > LINE_LIMIT else line + "\n"
            skipping = False
        held = rest
        if len(held) > LINE_LIMIT:
            held, skipping = "", True
        if not block:
            if skipping or held:
                yield "\x00\n" if skipping else held
            return


def delimiter_of(lines: Sequence[str]) -> str:
    """Which of ; , tab | parts the columns: the one that parts most lines into the same, largest number."""

    def evenness(delimiter: str) -> tuple[int, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
        if not widths:
            return (0, 0)
        common = max(set(widths), key=lambda width: (widths.count(width) * (width > 1), width))
        return (widths.count(common) * (common > 1), common)

    return max(";,\t|", key=evenness)


def _text_rows(stream: BinaryIO) -> Iterator[Row]:
    encoding = encoding_of(stream)
    csv.field_size_limit(FIELD_LIMIT)
    lines = _lines(stream, encoding)
    first: list[str] = []
    for line in lines:
        first.append(line)
        if len(first) == 60:
            break
    if first and first[0].lower().startswith("sep=") and len(first[0].strip()) == 5:
        delimiter, skipped = first[0].strip()[-1], 1
    else:
        delimiter, skipped = _delimiter_or_comma(first), 0
    reader = csv.reader(_chained(first[skipped:], lines), delimiter=delimiter)
    while True:
        number = reader.line_num + 1 + skipped
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield number, TOO_LONG
            continue
        if cells and cells[0] == "\x00":
            yield number, TOO_LONG
        elif any(cell.strip() for cell in cells):
            yield number, cells[:COLUMNS_LIMIT]


def _delimiter_or_comma(lines: Sequence[str]) -> str:
    try:
        return delimiter_of([line for line in lines if line != "\x00\n"])
    except csv.Error:
        return ","


def _chained(first: Iterable[str], rest: Iterator[str]) -> Iterator[str]:
    yield from first
    yield from rest


# --- workbooks ------------------------------------------------------------------------------------------------


def _workbook_rows(stream: BinaryIO) -> Iterator[Row]:
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
    if unpacked <= WORKBOOK_IN_MEMORY:
        return _calamine_rows(stream)
    return _streamed_rows(stream)


def _old_workbook_rows(stream: BinaryIO) -> Iterator[Row]:
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    if size > 4 * WORKBOOK_IN_MEMORY:
        raise FileRefused(Problem.of("workbook_too_large", WORKBOOK_TOO_LARGE))
    return _calamine_rows(stream)


def _calamine_rows(stream: BinaryIO) -> Iterator[Row]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(stream.read()))
        for name in workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(name)
            if sheet.height:
                first = sheet.start[0] if sheet.start else 0
                for number, cells in enumerate(sheet.iter_rows(), start=first + 1):
                    yield from _filled(number, cells)
                return
    except PasswordError:
        raise FileRefused(Problem.of("workbook_locked", WORKBOOK_LOCKED)) from None
    except CalamineError:
        raise FileRefused(Problem.of("workbook_broken", WORKBOOK_BROKEN)) from None


def _streamed_rows(stream: BinaryIO) -> Iterator[Row]:
    from openpyxl import load_workbook

    try:
        workbook = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        for sheet in workbook.worksheets:
            found = False
            for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
                for row in _filled(number, cells):
                    found = True
                    yield row
            if found:
                return
    except (KeyError, ValueError, OSError, zipfile.BadZipFile, SyntaxError):
        raise FileRefused(Problem.of("workbook_broken", WORKBOOK_BROKEN)) from None


def _filled(number: int, cells: Sequence[object]) -> Iterator[Row]:
    if not any(cell not in (None, "") for cell in cells):
        return
    usable = [
        cell if isinstance(cell, str | int | float | bool | date | datetime | time) else None
        for cell in cells[:COLUMNS_LIMIT]
    ]
    if any(isinstance(cell, str) and len(cell) > FIELD_LIMIT for cell in usable):
        yield number, TOO_LONG
        return
    yield number, usable
