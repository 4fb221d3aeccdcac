"""What a patient is found by, computed from plain values in one place.

Registration, import, demonstration data and benchmarks all come through here, so a patient written by one
is found by another.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

from tantam.lib.crypto import blind_index
from tantam.lib.names import clean_name, fold, reversed_words
from tantam.lib.phones import tail
from tantam.lib.text import drop_controls

PHONE: Final = "phone"
PHONE_TAIL: Final = "phone-tail"
EMAIL: Final = "email"
ZALO: Final = "zalo"
IDENTITY: Final = "identity"
INSURANCE: Final = "insurance"
IDENTIFIER: Final = "identifier"

TAIL_LENGTH: Final = 4
_KEY_LENGTH: Final = 160
LONGEST_IDENTIFIER: Final = 80


@dataclass(frozen=True, slots=True)
class PersonKeys:
    """The derived columns of `Patient`."""

    name_key: str
    name_key_reversed: str
    identity_index: int | None
    insurance_index: int | None


@dataclass(frozen=True, slots=True)
class ContactKeys:
    """The derived columns of `ContactPoint`."""

    value_index: int
    tail_index: int | None


def name_keys(full_name: str) -> tuple[str, str]:
    """The search key of a name as written, and the same with its words back to front."""
    key = fold(clean_name(full_name))[:_KEY_LENGTH].rstrip()
    return key, reversed_words(key)


def identity_index(number: str) -> int | None:
    """For a number as `parse_citizen_number` gives it; None for no number."""
    return blind_index(IDENTITY, number) if number else None


def insurance_index(number: str) -> int | None:
    """For a number as `parse_insurance_number` gives it; None for no number."""
    return blind_index(INSURANCE, number) if number else None


def person_keys(*, full_name: str, identity_number: str = "", insurance_number: str = "") -> PersonKeys:
    """All derived columns of a patient. Numbers come normalised by `tantam.lib.identity`."""
    forward, backward = name_keys(full_name)
    return PersonKeys(forward, backward, identity_index(identity_number), insurance_index(insurance_number))


def contact_keys(kind: str, value: str) -> ContactKeys:
    """The derived columns of a contact point.

    `value` is E.164 for "phone" and "zalo", lower case for "email". Only phones are found by their last
    digits: a Zalo account nearly always repeats the phone beside it.
    """
    ends = blind_index(PHONE_TAIL, tail(value, TAIL_LENGTH)) if kind == PHONE else None
    return ContactKeys(blind_index(kind, value), ends)


def tail_index(digits: str) -> int:
    """By which to look for phones ending in these digits; only the last four count."""
    return blind_index(PHONE_TAIL, digits[-TAIL_LENGTH:])


def clean_identifier(raw: str) -> str:
    """A code of another system as it is kept: one Unicode form, capitals, single spaces; zeros in front stay.

    Empty when nothing is left of it, or when it is longer than 80 characters: then it is no code.
    """
    code = " ".join(
        unicodedata.normalize("NFKC", drop_controls(raw[: 4 * LONGEST_IDENTIFIER])).upper().split()
    )
    return code if len(code) <= LONGEST_IDENTIFIER else ""


def identifier_index(value: str) -> int:
    """For a code as `clean_identifier` gives it. It is the same in every code space: the search asks all at once."""
    return blind_index(IDENTIFIER, value)
