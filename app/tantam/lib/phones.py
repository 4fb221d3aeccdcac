"""Telephone numbers in every spelling Vietnamese hospitals have them in, as E.164."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

import phonenumbers
from django.utils.translation import gettext_lazy as _
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from tantam.lib.errors import Refusal
from tantam.lib.text import shorten


class PhoneKind(StrEnum):
    MOBILE = "mobile"
    LANDLINE = "landline"
    TOLL_FREE = "toll_free"
    PREMIUM = "premium"
    FOREIGN = "foreign"


MAY_RECEIVE_SMS: Final = frozenset({PhoneKind.MOBILE, PhoneKind.FOREIGN})


@dataclass(frozen=True, slots=True)
class Phone:
    e164: str
    kind: PhoneKind

    @property
    def may_receive_sms(self) -> bool:
        return self.kind in MAY_RECEIVE_SMS


class PhoneInvalid(Refusal):
    message = _("“%(value)s” is not a telephone number. Write it like 0912 345 678 or +84 912 345 678.")


class PhoneExtensionApart(PhoneInvalid):
    message = _(
        "“%(value)s” has an extension. Write the number alone here and the extension in the note beside it."
    )


class PhoneCutShort(PhoneInvalid):
    """As 9.12E+08, the digits behind the shown ones are lost; they must not be made up."""

    message = _(
        "“%(value)s” is a number the spreadsheet has cut short. Format the column as text, type it again, and save."
    )


# The eleven-digit mobile numbers of before 15/09/2018: the last seven digits did not change.
OLD_PREFIXES: Final = {
    "162": "32",
    "163": "33",
    "164": "34",
    "165": "35",
    "166": "36",
    "167": "37",
    "168": "38",
    "169": "39",
    "120": "70",
    "121": "79",
    "122": "77",
    "126": "76",
    "128": "78",
    "123": "83",
    "124": "84",
    "125": "85",
    "127": "81",
    "129": "82",
    "186": "56",
    "188": "58",
    "199": "59",
}

# The mobile ranges of phonenumbers' Vietnamese data, written out because parsing through the
# library costs some 60 µs a number; a test holds the two together.
_MOBILE = r"(?:5(?:2[238]|59)|89[6-9]|99[013-9])\d{6}|(?:3\d|5[1689]|7[06-9]|8[1-8]|9[0-8])\d{7}"
_WELL_FORMED = re.compile(rf"(?:(?:\+|00)?84)?0?({_MOBILE})", re.ASCII)
_OLD_FORM = re.compile(rf"(?:(?:\+|00)?84)?0?({'|'.join(OLD_PREFIXES)})(\d{{7}})", re.ASCII)
_SEPARATORS = re.compile(r"[\s.\-‐-―()'’`\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_FROM_FLOAT = re.compile(r"(\d{7,14})\.0+")
_SCIENTIFIC = re.compile(r"(\d)(?:[.,](\d+))?[eE]\+?(\d{1,2})", re.ASCII)
_LABEL = re.compile(r"^[^\d+(]*[^\W\d_][^\d+(]*")
_REMARK = re.compile(r"\s*\([^()\d]*\)\s*$")
_EXTENSION = re.compile(r"\d\s*[,;]?\s*(?:ext|x|máy\s*lẻ|nhánh|#)\.?\s*:?\s*\d+\s*$", re.IGNORECASE)

_KINDS: Final = {
    PhoneNumberType.MOBILE: PhoneKind.MOBILE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE: PhoneKind.MOBILE,
    PhoneNumberType.TOLL_FREE: PhoneKind.TOLL_FREE,
    PhoneNumberType.PREMIUM_RATE: PhoneKind.PREMIUM,
    PhoneNumberType.SHARED_COST: PhoneKind.PREMIUM,
}


def parse_phone(raw: str | int | float, region: str = "VN") -> Phone:
    """One telephone number, however it was typed or exported.

    Understands dots, spaces, +84, 0084, a bare 84, the leading 0 a spreadsheet ate,
    numbers stored as decimals, the old eleven-digit prefixes, a label before and a
    remark in brackets after the number. ``region`` is where a number without a
    country code belongs.

    Refuses with PhoneInvalid.
    """
    text = _as_written(raw)
    if region == "VN":
        plain = text if text.isalnum() else _SEPARATORS.sub("", text)
        if match := _WELL_FORMED.fullmatch(plain):
            return Phone("+84" + match[1], PhoneKind.MOBILE)
    return _parse_slowly(text, region)


def _as_written(raw: str | int | float) -> str:
    if isinstance(raw, bool) or (isinstance(raw, (int, float)) and raw < 0):
        raise PhoneInvalid(value=shorten(str(raw), 40))
    if isinstance(raw, float):
        return str(int(raw)) if raw.is_integer() and abs(raw) < 1e15 else str(raw)
    text = str(raw)
    if len(text) > 200:
        raise PhoneInvalid(value=shorten(text, 40))
    text = text.strip()
    if match := _FROM_FLOAT.fullmatch(text):
        return match[1]
    if match := _SCIENTIFIC.fullmatch(text):
        digits = match[1] + (match[2] or "")
        if len(digits) <= int(match[3]):
            raise PhoneCutShort(value=shorten(text, 40))
        return str(int(float(text.replace(",", "."))))
    return text


@lru_cache(maxsize=4_096)
def _parse_slowly(text: str, region: str) -> Phone:
    shown = shorten(text, 40)
    if _EXTENSION.search(text):
        raise PhoneExtensionApart(value=shown)
    number = _LABEL.sub("", _REMARK.sub("", unicodedata.normalize("NFKC", text)))
    number = _SEPARATORS.sub("", number)
    if not re.fullmatch(r"\+?\d{3,20}", number, re.ASCII):
        raise PhoneInvalid(value=shown)
    if region == "VN":
        if match := _OLD_FORM.fullmatch(number):
            number = f"+84{OLD_PREFIXES[match[1]]}{match[2]}"
        if match := _WELL_FORMED.fullmatch(number):
            return Phone("+84" + match[1], PhoneKind.MOBILE)
    if number.startswith("00"):
        number = "+" + number[2:]
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        raise PhoneInvalid(value=shown) from None
    if not phonenumbers.is_valid_number(parsed):
        raise PhoneInvalid(value=shown)
    e164 = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    if parsed.country_code != 84:
        return Phone(e164, PhoneKind.FOREIGN)
    return Phone(e164, _KINDS.get(phonenumbers.number_type(parsed), PhoneKind.LANDLINE))


_BETWEEN_NUMBERS = re.compile(r"\s*(?:[/,;|\n\r&]|\bhoặc\b|\bhoac\b|\bvà\b|\bor\b|\band\b)\s*", re.IGNORECASE)
_SPACED_DASH = re.compile(r"\s+[-‐-―]+\s+")
_DASH = re.compile(r"\s*[-‐-―]+\s*")
_SHORTEST_NUMBER = 8


def split_phones(raw: str | int | float) -> list[str]:
    """The numbers of one cell, each as written ("0912345678/0987 654 321 hoặc …").

    A dash or a space divides only when both sides are long enough to be numbers. What is
    too long to be a list of numbers, or below zero, is refused with PhoneInvalid.
    """
    text = unicodedata.normalize("NFC", _as_written(raw))
    pieces: list[str] = []
    for part in _BETWEEN_NUMBERS.split(text):
        pieces.extend(_divide(part.strip()))
    return [piece for piece in pieces if any(character.isdigit() for character in piece)]


def _divide(part: str) -> list[str]:
    if _digit_count(part) < 2 * _SHORTEST_NUMBER:
        return [part]
    for separator in (_SPACED_DASH, _DASH):
        sides = separator.split(part)
        if len(sides) > 1 and all(_digit_count(side) >= _SHORTEST_NUMBER for side in sides):
            return [number for side in sides for number in _divide(side)]
    return _gather(part.split()) or [part]


def _gather(words: list[str]) -> list[str]:
    """Put words together until they make a mobile number; [] when some are left over."""
    numbers: list[str] = []
    gathered: list[str] = []
    for word in words:
        gathered.append(word)
        plain = _SEPARATORS.sub("", "".join(gathered))
        if _WELL_FORMED.fullmatch(plain) or _OLD_FORM.fullmatch(plain):
            numbers.append(" ".join(gathered))
            gathered = []
    return [] if gathered else numbers


def _digit_count(text: str) -> int:
    return sum(character.isdigit() for character in text)


@lru_cache(maxsize=4_096)
def _display_slowly(e164: str) -> str:
    try:
        parsed = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    if parsed.country_code != 84:
        return phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)
    return phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL)


def display(e164: str) -> str:
    """As people read it: "0912 345 678", "028 3822 1234", "+1 650-253-0000"."""
    if len(e164) == 12 and e164.startswith("+84") and e164[3] != "1":
        return f"0{e164[3:6]} {e164[6:9]} {e164[9:]}"
    return _display_slowly(e164)


def tel_uri(e164: str) -> str:
    """What a tap calls. 1800 and 1900 numbers answer only without the country code."""
    if e164.startswith(("+841800", "+841900")):
        return "tel:" + e164[3:]
    return "tel:" + e164


def tail(e164: str, length: int = 4) -> str:
    """The last digits, by which a front desk asks for a patient."""
    return e164.lstrip("+")[-length:]


_FRAGMENT = re.compile(r"\+?[\d\s.\-()]+", re.ASCII)
_A_DATE = re.compile(r"\d{1,2}[-.]\d{1,2}[-.]\d{2,4}|\d{4}[-.]\d{1,2}[-.]\d{1,2}")


def search_digits(text: str) -> str | None:
    """What to look for when the text may be a telephone number or a part of one, else None.

    The country code or the leading 0 is taken off, so 0912…, 84912…, +84 912… and
    912… all give the digits that follow "+84". Four digits or fewer are the end of a
    number and stay as typed. Old eleven-digit numbers give their new digits.
    """
    text = text.strip()
    if not _FRAGMENT.fullmatch(text) or _A_DATE.fullmatch(text):
        return None
    digits = "".join(character for character in text if character.isdigit())
    if not 3 <= len(digits) <= 16:
        return None
    if match := _OLD_FORM.fullmatch(digits):
        return OLD_PREFIXES[match[1]] + match[2]
    if text.startswith("+"):
        return digits.removeprefix("84").removeprefix("0") or None
    if len(digits) <= 4:
        return digits
    if digits.startswith("0084"):
        return digits[4:].removeprefix("0")
    if digits.startswith("84") and len(digits) >= 11:
        return digits[2:].removeprefix("0")
    return digits.removeprefix("0")
