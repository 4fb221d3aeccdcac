"""Citizen and health-insurance numbers. Their structure warns; it never refuses a person.

A number may be cancelled and issued anew, and slips are typed wrongly: sex and year
inside a citizen number are a hint to look again, no more.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from tantam.lib.errors import Refusal
from tantam.lib.text import shorten

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class CitizenNumberInvalid(Refusal):
    message = _(
        "“%(value)s” is not an identity number. A citizen card has 12 digits, an old identity card 9."
    )


class InsuranceNumberInvalid(Refusal):
    message = _(
        "“%(value)s” is not a health insurance number. Write the 10 digits of the card, the 15 characters "
        "of an old card, or the 12 digits of the citizen card."
    )


_SEPARATORS = re.compile(r"[\s.\-_'’/]+")
_CITIZEN = re.compile(r"\d{12}|\d{9}", re.ASCII)
_INSURANCE = re.compile(r"[A-Z]{2}[1-5]\d{12}|\d{10}|\d{12}", re.ASCII)
_FROM_FLOAT = re.compile(r"(\d+)\.0+", re.ASCII)

# Provinces of birth registration before the merger of 2025; the codes stay in the numbers.
BIRTH_PROVINCES: Final = frozenset(
    re.findall(
        r"\d{3}",
        "001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033 034 "
        "035 036 037 038 040 042 044 045 046 048 049 051 052 054 056 058 060 062 064 066 067 068 "
        "070 072 074 075 077 079 080 082 083 084 086 087 089 091 092 093 094 095 096 ",
    )
)


def parse_citizen_number(raw: str | int | float) -> str:
    """Twelve digits (citizen card, personal identity number) or nine (old identity card).

    Gives back the leading zeros a spreadsheet ate where the rest leaves no doubt.
    Refuses with CitizenNumberInvalid.
    """
    text, was_number = _plain(raw)
    digits = _SEPARATORS.sub("", text)
    if digits.isascii() and digits.isdigit() and digits[0] != "0":
        if len(digits) == 11 and "0" + digits[:2] in BIRTH_PROVINCES:
            digits = "0" + digits
        elif was_number and len(digits) == 10 and "00" + digits[0] in BIRTH_PROVINCES:
            digits = "00" + digits
        elif was_number and len(digits) == 8:
            digits = "0" + digits
    if not _CITIZEN.fullmatch(digits):
        raise CitizenNumberInvalid(value=shorten(text, 40))
    return digits


def citizen_number_warnings(number: str, sex: str, birth_year: int | None) -> list[str | _StrPromise]:
    """What in a 12-digit number disagrees with the person it is written for.

    The fourth digit tells century and sex (0/1 born 19xx male/female, 2/3 20xx, …),
    the next two the year of birth (Decree 137/2015, Art. 13).
    """
    warnings: list[str | _StrPromise] = []
    if len(number) != 12:
        return warnings
    mark = int(number[3])
    year = 1900 + 100 * (mark // 2) + int(number[4:6])
    if sex in {"male", "female"} and sex != ("male", "female")[mark % 2]:
        warnings.append(_("The identity number belongs to the other sex. Please check both."))
    if birth_year is not None and birth_year != year:
        warnings.append(_("The identity number holds another year of birth. Please check both."))
    return warnings


def parse_insurance_number(raw: str | int | float) -> str:
    """A health insurance number: 10 digits, 15 characters (old card) or the citizen number.

    Refuses with InsuranceNumberInvalid.
    """
    text, was_number = _plain(raw)
    number = _SEPARATORS.sub("", text).upper()
    if was_number and number.isascii() and number.isdigit() and len(number) in {8, 9, 11}:
        number = number.zfill(12 if len(number) == 11 else 10)
    if not _INSURANCE.fullmatch(number):
        raise InsuranceNumberInvalid(value=shorten(text, 40))
    return number


def _plain(raw: str | int | float) -> tuple[str, bool]:
    """The text of a cell, and whether it was a number (and so has lost its leading zeros)."""
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw)), True
    text = str(raw).strip()[:400]
    if match := _FROM_FLOAT.fullmatch(text):
        return match[1], True
    return text, isinstance(raw, int)
