"""What somebody typed into the search: a name, a phone, the end of one, a code, a number on a card."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from tantam.lib.dates import DateInvalid, parse_birth
from tantam.lib.errors import Refusal
from tantam.lib.identity import (
    CitizenNumberInvalid,
    InsuranceNumberInvalid,
    parse_citizen_number,
    parse_insurance_number,
)
from tantam.lib.names import clean_name, fold
from tantam.lib.phones import PhoneInvalid, parse_phone
from tantam.lib.text import drop_controls
from tantam.patients.models.codes import codes_meant
from tantam.patients.rules.keys import clean_identifier

SHORTEST: Final = 2
LONGEST: Final = 120
MOST_WORDS: Final = 8
_NUMBERS = re.compile(r"\+?[\d\s.\-()]+", re.ASCII)
_DAY = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})", re.ASCII)
_CODE = re.compile(r"[^\W\d_]{1,8}[\s\-._]*\d{1,16}")
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_WORD_PARTS = re.compile(r"[^\w'’]+")
_TAILS: Final = range(4, 10)


@dataclass(frozen=True, slots=True)
class Asked:
    """A search, understood. Every list may hold something: `0912345678` is a phone and an insurance number."""

    text: str
    words: tuple[str, ...] = ()
    """Folded words of a name."""
    written: str = ""
    """The name as written, when it was written with accents; else empty."""
    birth_year: int | None = None
    birth_date: date | None = None
    phones: tuple[str, ...] = ()
    tail: str = ""
    emails: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = field(default=(), repr=False)
    """Numbers other systems may know the patient by, as `clean_identifier` gives them."""
    identity_numbers: tuple[str, ...] = field(default=(), repr=False)
    insurance_numbers: tuple[str, ...] = field(default=(), repr=False)

    @property
    def is_empty(self) -> bool:
        return not (
            self.words
            or self.phones
            or self.tail
            or self.emails
            or self.codes
            or self.identifiers
            or self.identity_numbers
            or self.insurance_numbers
            or self.birth_date
        )

    @property
    def name_key(self) -> str:
        return " ".join(self.words)


def understand(text: str, *, today: date) -> Asked:
    """Read a search as typed: any spelling, with or without accents, NFC or NFD. Never refuses."""
    plain = unicodedata.normalize("NFC", drop_controls(text[: 4 * LONGEST]))
    plain = " ".join(plain.split())[:LONGEST].strip()
    if len(plain) < SHORTEST:
        return Asked(plain)
    if _EMAIL.fullmatch(plain):
        return Asked(plain, emails=(plain.lower(),))
    if _NUMBERS.fullmatch(plain) and not _DAY.fullmatch(plain):
        return _number(plain)
    if _CODE.fullmatch(plain):
        codes = tuple(codes_meant(plain))
        insured = _insurance(plain)
        by_name = _name(plain, today)
        return Asked(
            plain,
            codes=codes,
            identifiers=(clean_identifier(plain),),
            insurance_numbers=insured,
            words=by_name.words,
            written=by_name.written,
            birth_year=by_name.birth_year,
            tail=by_name.tail,
        )
    asked = _name(plain, today)
    if " " not in plain and any(character.isdigit() for character in plain) and not _DAY.fullmatch(plain):
        return replace(asked, identifiers=(clean_identifier(plain),))
    return asked


def as_registered(text: str) -> dict[str, str]:
    """What was searched for and not found, as the registration form begins with it: name, birth, phone."""
    plain = " ".join(drop_controls(text[:LONGEST]).split())
    if not plain or _EMAIL.fullmatch(plain):
        return {"email": plain} if plain else {}
    if _NUMBERS.fullmatch(plain) and not _DAY.fullmatch(plain):
        return {"phone": plain} if sum(map(str.isdigit, plain)) >= 8 else {}
    parts = plain.split()
    born = [part for part in parts if _DAY.fullmatch(part) or re.fullmatch(r"(19|20)\d{2}", part)]
    names = [part for part in parts if not any(map(str.isdigit, part))]
    found = {"full_name": clean_name(" ".join(names)), "born": born[0] if born else ""}
    return {name: value for name, value in found.items() if value}


def _number(plain: str) -> Asked:
    digits = "".join(character for character in plain if character.isdigit())
    if not digits:
        return Asked(plain)
    bare = plain == digits
    return Asked(
        plain,
        phones=_phones(plain),
        tail=digits if len(digits) in _TAILS and not plain.startswith("+") else "",
        codes=tuple(codes_meant(plain)) if bare and len(digits) <= 9 else (),
        identifiers=(clean_identifier(plain),),
        identity_numbers=_identity(digits),
        insurance_numbers=_insurance(digits),
    )


def _phones(plain: str) -> tuple[str, ...]:
    if not 8 <= sum(character.isdigit() for character in plain) <= 15:
        return ()
    try:
        return (parse_phone(plain).e164,)
    except PhoneInvalid:
        return ()


def _identity(digits: str) -> tuple[str, ...]:
    if len(digits) not in (9, 12):
        return ()
    try:
        return (parse_citizen_number(digits),)
    except CitizenNumberInvalid:
        return ()


def _insurance(plain: str) -> tuple[str, ...]:
    try:
        return (parse_insurance_number(plain),)
    except InsuranceNumberInvalid:
        return ()


def _name(plain: str, today: date) -> Asked:
    """A name, perhaps with a year or day of birth or the end of a phone number beside it; or a day of birth alone."""
    year: int | None = None
    day: date | None = None
    tail = ""
    parts: list[str] = []
    for part in plain.split():
        if _DAY.fullmatch(part):
            try:
                birth = parse_birth(part, today=today)
            except (DateInvalid, Refusal):
                continue
            year, day = birth.year, birth.date
        elif part.isascii() and part.isdigit():
            if len(part) == 4 and today.year - 130 <= int(part) <= today.year:
                year = int(part)
            elif len(part) in _TAILS:
                tail = part
        else:
            parts += [piece for piece in _WORD_PARTS.split(part) if piece]
    written = clean_name(" ".join(parts))
    words = tuple(word for word in fold(written).split() if word)[:MOST_WORDS]
    if not words:
        return (
            Asked(plain, birth_year=year, birth_date=day) if day and not parts and not tail else Asked(plain)
        )
    if len("".join(words)) < SHORTEST and not (year or tail):
        return Asked(plain)
    has_accents = not written.isascii()
    return Asked(
        plain, words=words, written=written if has_accents else "", birth_year=year, birth_date=day, tail=tail
    )
