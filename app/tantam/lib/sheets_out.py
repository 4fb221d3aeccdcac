"""Cells we write into CSV and XLSX files that others open in a spreadsheet."""

from __future__ import annotations

from typing import Final

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
