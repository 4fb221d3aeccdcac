"""The one home of the CSV files we hand out: safe to open in a spreadsheet, never whole in memory."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Final

from django.http import StreamingHttpResponse
from django.utils.translation import get_language, override

# Spreadsheets take a file for UTF-8 only with this mark.
_MARK: Final = "\ufeff"
# Also the full-width forms, which some spreadsheets read as the plain ones.
_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def safe_cell(value: object) -> object:
    """The value, with text a spreadsheet would run as a formula made plain text by a leading '.

    Numbers and dates pass as they are; None becomes an empty cell; NULs, which no
    sheet can hold, are dropped.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        return value
    text = value.replace("\x00", "")
    return "'" + text if text.startswith(_STARTS_A_FORMULA) else text


class _Lines:
    """A file whose lines are handed on as they are written."""

    def write(self, line: str) -> str:
        return line


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The rows as lines of CSV, the first one (a heading) behind the mark of UTF-8; every cell safe."""
    writer = csv.writer(_Lines())
    mark = _MARK
    for row in rows:
        yield mark + str(writer.writerow([safe_cell(cell) for cell in row]))
        mark = ""


def csv_file(name: str, rows: Iterable[Iterable[object]]) -> StreamingHttpResponse:
    """An answer that sends the rows as a file called `name`, line by line, in the language of now.

    `rows` may be a generator: it runs while the file is sent.
    """
    language = get_language() or "vi"

    def lines() -> Iterator[str]:
        with override(language):
            yield from csv_lines(rows)

    answer = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
