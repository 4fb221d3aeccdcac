"""One row of a sheet: its cells by what they mean."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypedDict

from tantam.exchange.engine.drafts import Draft
from tantam.exchange.engine.filling import fill_line, fill_text
from tantam.exchange.engine.readers import ReadingContext
from tantam.exchange.engine.sheets.cells import Cell
from tantam.exchange.engine.sheets.columns import Column, Heading
from tantam.exchange.engine.sheets.values import is_formula, text_of


class Place(TypedDict):
    file: str
    row: int


class SheetRow:
    """The cells of one row by what they mean. What is not in `cells` the row does not say."""

    __slots__ = ("at", "cells", "context", "encounter_day", "formulas", "headers", "number")

    def __init__(self, number: int, cells: Sequence[Cell], heading: Heading, context: ReadingContext) -> None:
        self.number = number
        self.context = context
        # Where the row stands, for the drafts made of it.
        self.at: Place = {"file": context.file, "row": number}
        self.formulas: list[str] = []
        self.headers: dict[Column, str] = {}
        self.cells: dict[Column, Cell] = {}
        # The day of the visit at the site, once `encounter_of` has read it.
        self.encounter_day: date | None = None
        width = len(cells)
        for place, column, header in heading.used:
            if place >= width:
                break
            cell = cells[place]
            if cell is None or cell == "":
                continue
            if isinstance(cell, str):
                cell = cell.strip()
                if not cell:
                    continue
                if cell[0] == "=" and is_formula(cell):
                    self.formulas.append(header)
                    continue
            self.headers[column] = header
            self.cells[column] = cell

    def text(self, column: Column) -> str:
        cell = self.cells.get(column)
        return cell if type(cell) is str else text_of(cell)

    def header(self, column: Column) -> str:
        return self.headers.get(column) or column.value

    def fill_line(self, draft: Draft, field: str, column: Column, *, limit: int) -> None:
        """One line of text into the draft, when the row has this cell."""
        if column in self.cells:
            fill_line(draft, field, self.text(column), limit=limit, column=self.header(column))

    def fill_text(self, draft: Draft, field: str, column: Column, *, limit: int = 20_000) -> None:
        """Text of several lines into the draft, when the row has this cell."""
        if column in self.cells:
            fill_text(draft, field, self.text(column), column=self.header(column), limit=limit)
