"""Formulas in a workbook whose results were not saved with it: they read as empty cells, and would vanish."""

from __future__ import annotations

import html
import posixpath
import re
import zipfile
import zlib
from typing import BinaryIO, Final

FORMULAS_AT_MOST: Final = 200_000
_BLOCK: Final = 1 << 20
_CELL_AT_MOST: Final = 1 << 16
# A cell with a formula and no value; an empty text (t="str") is a value.
_WITHOUT_RESULT: Final = re.compile(
    rb'<c\b(?![^>]*\bt="str")[^>]*\br="([A-Z]{1,3})(\d{1,7})"[^>]*(?<!/)>\s*'
    rb"<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"
)
_SHEET: Final = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
_RELATION: Final = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")
_ATTRIBUTE: Final = re.compile(r'([\w:]+)="([^"]*)"')

Place = tuple[int, int]


def formulas_without_results(stream: BinaryIO) -> dict[str, set[Place]]:
    """For each sheet by name, the cells (row and column, from 1) that hold a formula and no value.

    Leaves the stream at 0. A workbook that is broken gives nothing here: whoever reads it says so.
    """
    found: dict[str, set[Place]] = {}
    try:
        with zipfile.ZipFile(stream) as archive:
            for name, path in _sheets(archive).items():
                if cells := _in_sheet(archive, path):
                    found[name] = cells
    except (
        KeyError,
        ValueError,
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
    ):
        return found
    finally:
        stream.seek(0)
    return found


def _attributes(tag: str) -> dict[str, str]:
    return {name.rsplit(":", 1)[-1]: html.unescape(value) for name, value in _ATTRIBUTE.findall(tag)}


def _sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """The path of each sheet in the archive, by its name."""
    relations = archive.read("xl/_rels/workbook.xml.rels").decode(errors="replace")
    targets: dict[str, str] = {}
    for tag in _RELATION.findall(relations):
        relation = _attributes(tag)
        targets[relation.get("Id", "")] = relation.get("Target", "")
    sheets: dict[str, str] = {}
    for tag in _SHEET.findall(archive.read("xl/workbook.xml").decode(errors="replace")):
        sheet = _attributes(tag)
        target = targets.get(sheet.get("id", ""), "")
        if target:
            sheets[sheet.get("name", "")] = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
    return sheets


def _in_sheet(archive: zipfile.ZipFile, path: str) -> set[Place]:
    cells: set[Place] = set()
    held = b""
    with archive.open(path) as sheet:
        while (block := sheet.read(_BLOCK)) and len(cells) < FORMULAS_AT_MOST:
            held += block
            end = 0
            if b"<f" in held:
                for match in _WITHOUT_RESULT.finditer(held):
                    end = match.end()
                    cells.add((int(match[2]), _column_number(match[1])))
            held = held[end:][-_CELL_AT_MOST:]
    return cells


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
