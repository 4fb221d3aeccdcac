"""What people see before a sheet is read: its headers, a few rows, and what each column was taken to mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from tantam.exchange.engine import vault
from tantam.exchange.engine.archives import units
from tantam.exchange.engine.readers import FileRefused
from tantam.exchange.engine.sheets.columns import Heading
from tantam.exchange.engine.sheets.headers import sample
from tantam.exchange.engine.sheets.values import text_of
from tantam.exchange.models import ImportRun
from tantam.lib.text import shorten

SHEETS_SHOWN = 12
UNITS_LOOKED_AT = 200
ROWS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class SheetSample:
    """One kind of sheet among the files: the first file that has these headers, and its first rows as text."""

    file: str
    heading: Heading
    rows: list[list[str]]

    @property
    def examples(self) -> list[list[str]]:
        """The values of each column, column by column."""
        return [[row[place] for row in self.rows if row[place]] for place in range(len(self.heading.headers))]


def samples_of(run: ImportRun) -> list[SheetSample]:
    """One sample for each different set of headers among the run's sheets, at most twelve.

    Files that cannot be opened are passed over: the check names them with their reasons.
    """
    found: dict[str, SheetSample] = {}
    for file in run.files.all()[:UNITS_LOOKED_AT]:
        try:
            with vault.open_file(file) as stream:
                for unit in islice(units(stream, file.name, size=file.size), UNITS_LOOKED_AT):
                    if unit.reader != "sheet" or unit.refused is not None:
                        continue
                    heading, rows = sample(unit.stream, run.source.columns, rows=ROWS_SHOWN)
                    if heading is not None:
                        shown = [_as_text(row, len(heading.headers)) for row in rows]
                        found.setdefault(heading.signature, SheetSample(unit.name, heading, shown))
        except (FileRefused, OSError):
            continue
        if len(found) >= SHEETS_SHOWN:
            break
    return list(found.values())


def _as_text(row: Sequence[object], width: int) -> list[str]:
    cells = [shorten(text_of(cell), 40) for cell in row[:width]]  # type: ignore[arg-type]
    return cells + [""] * (width - len(cells))
