"""One row of a sheet: its cells by what they mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from tantam.exchange.readers import ReadingContext
from tantam.exchange.sheets.cells import Cell
from tantam.exchange.sheets.columns import Column, Heading
from tantam.exchange.sheets.values import is_formula, text_of


class Place(TypedDict):
    file: str
    row: int


class SheetRow:
    """The cells of one row by what they mean."""

    def __init__(self, number: int, cells: Sequence[Cell], heading: Heading, context: ReadingContext) -> None:
        self.number = number
        self.context = context
        self.heading = heading
        self.formulas: list[str] = []
        self.headers: dict[Column, str] = {}
        self.cells: dict[Column, Cell] = {}
        for column, header, cell in zip(heading.columns, heading.headers, cells, strict=False):
            if column is None or cell is None or cell == "":
                continue
            if isinstance(cell, str):
                cell = cell.strip()
                if not cell:
                    continue
                if is_formula(cell):
                    self.formulas.append(header)
                    continue
            self.headers[column] = header
            self.cells[column] = cell

    def text(self, column: Column) -> str:
        return text_of(self.cells.get(column))

    def header(self, column: Column) -> str:
        return self.headers.get(column) or column.value

    @property
    def at(self) -> Place:
        """Where the row stands, for the drafts made of it."""
        return {"file": self.context.file, "row": self.number}
