"""Lines of a sheet that speak of nobody: totals, signatures, page numbers, the header once more on each page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from tantam.exchange.engine.sheets.cells import Cell
from tantam.exchange.engine.sheets.columns import Column, Heading
from tantam.exchange.engine.sheets.values import text_of
from tantam.lib.names import fold

# Without any of these a row tells nothing by which a person could be known.
_TELLING: Final = frozenset(
    (
        Column.BIRTH,
        Column.AGE,
        Column.PHONE,
        Column.PHONE_OTHER,
        Column.ZALO,
        Column.EMAIL,
        Column.IDENTITY,
        Column.INSURANCE,
    )
)
_WHO: Final = (
    r"(?:benh nhan|bn|nguoi(?: benh)?|luot(?: kham)?|ca|ho so|khach(?: hang)?|dong|patients?|records?|rows?)"
)
_SOMEBODY: Final = r"(?:nguoi|can bo|nhan vien)"
_OFFICES: Final = (
    r"(?:kt\.|tl\.|tm\.)?\s*(?:thu truong|(?:pho |tong )?giam doc|(?:bac si |dieu duong )?truong (?:khoa|phong)"
    "|pho (?:khoa|phong)|dieu duong truong|ke toan(?: truong)?|xac nhan|phe duyet|lanh dao|director|manager|signature"
    "|head of department)"
)
# Folded texts, each without the signs around it.
_TOTAL: Final = (
    "(?:tong(?: cong| so| ket| hop| luot)?|cong(?: don| lai| trang)?|luy ke|so luong|(?:grand |sub ?)?total|sum|count)"
    rf"(?:\s+(?:so|of|number|{_WHO})){{0,3}}\s*(?:[:=(.\-\d].*)?"
)
_PAGE: Final = r"(?:(?:trang|page|tr|p)\.?\s*\d+(?:\s*(?:/|of|tren|-)\s*\d+)?|\d+\s*/\s*\d+)"
_END: Final = "(?:het|the end|end of (?:report|list)|ket thuc)"
_SIGNED_ON: Final = r"(?:.{1,40},\s*)?ngay\s*[\d.…_]*\s*thang\s*[\d.…_]*\s*nam\s*[\d.…_]*.*"
_PRINTED: Final = (
    r"(?:(?:ngay|gio|thoi gian|luc|nguoi)?\s*(?:in|xuat|lap|tao)(?: bao cao| danh sach| luc| ngay| boi)*\s*[:(].*"
    r"|(?:printed|exported|generated|created|prepared|approved|signed|reported)\b.*)"
)
_SIGNATURE: Final = (
    rf"(?:{_SOMEBODY} (?:lap|in|ky|xuat|tao|bao cao|tong hop|kiem tra|kiem soat|thuc hien|nhap lieu|phu trach)\b.*"
    rf"|(?:{_OFFICES})(?: (?:don vi|benh vien|khoa|phong|cua .*))*\s*(?:[:(.].*)?"
    r"|\(?(?:da )?ky(?:,| va)? (?:ghi|ten|dong).*)"
)
_REMARK: Final = r"(?:ghi chu|luu y|chu thich|note|remarks?|nguon|source)\s*:.*"
_COUNTED: Final = rf"[\d.,]+\s*{_WHO}\b.*"
_LABELS: Final = re.compile(
    rf"[\W_]*(?:{_TOTAL}|{_COUNTED}|{_PAGE}|{_END}|{_SIGNED_ON}|{_PRINTED}|{_SIGNATURE}|{_REMARK})[\W_]*"
)
_TOTALS: Final = re.compile(rf"[\W_]*{_TOTAL}[\W_]*")
_SIGNS: Final = re.compile(rf"[\W_]*(?:{_SIGNATURE}|{_SIGNED_ON})[\W_]*")
_LETTERS_ONLY: Final = re.compile(r"[^\d@:]*")


class Footing:
    """Tells rows of people from what stands between and below them; one for each sheet, fed in order."""

    def __init__(self, heading: Heading) -> None:
        self._heading = heading
        self._headers = {fold(header) for header in heading.headers if header}
        self._places = {column: place for place, column, _header in heading.used}
        self._telling = [place for place, column, _header in heading.used if column in _TELLING]
        self._name = self._places.get(Column.FULL_NAME)
        self._is_signed = False

    def holds(self, cells: Sequence[Cell]) -> bool:
        """Whether the row is no person's."""
        named = text_of(cells[self._name]) if self._name is not None and self._name < len(cells) else ""
        tells = sum(place < len(cells) and _may_tell(text_of(cells[place])) for place in self._telling)
        # Somebody may be called like an office (Phó Khoa), but then more is known of them.
        if (tells and _is_name(named)) or (tells > 1 and _is_written_as_name(named)):
            self._is_signed = False
            return False
        filled = [text for cell in cells if (text := text_of(cell))]
        has_name = any(map(str.isalpha, named))
        if _is_label(named) or (not has_name and any(map(_is_total if tells else _is_label, filled))):
            self._is_signed = self._is_signed or any(_SIGNS.fullmatch(fold(text)) for text in filled)
            return True
        if self._is_header_again(filled) or not any(map(_says_something, filled)):
            return True
        # Below “Người lập biểu” stands whoever signed.
        return self._is_signed and not tells

    def _is_header_again(self, filled: Sequence[str]) -> bool:
        return len(filled) >= 2 and all(fold(text) in self._headers for text in filled)


def _says_something(text: str) -> bool:
    return any(map(str.isalnum, text))


def _may_tell(text: str) -> bool:
    """Whether a cell could hold a birth, a number or an address; a count of people could not."""
    if text.isalpha():
        return False
    return "@" in text or (sum(map(str.isdigit, text)) >= 2 and not _is_label(text))


def _is_name(text: str) -> bool:
    """Whether a text could be a person's name, and is no label."""
    return bool(text) and _LETTERS_ONLY.fullmatch(text) is not None and not _is_label(text)


def _is_written_as_name(text: str) -> bool:
    return _LETTERS_ONLY.fullmatch(text) is not None and bool(text) and not _is_total(text)


def _is_total(text: str) -> bool:
    return _TOTALS.fullmatch(fold(text)) is not None


def _is_label(text: str) -> bool:
    if not text:
        return False
    folded = fold(text)
    if folded.startswith("truong") and not text.isascii() and "trưởng" not in text.lower():
        return False  # the family name Trương
    return _LABELS.fullmatch(folded) is not None
