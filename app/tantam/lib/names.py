"""People's names: Vietnamese order is family, middle, given; the name is kept as written.

Family and given name are hints, never columns: compound family names and the names
of ethnic minorities do not divide by place.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from tantam.lib.text import drop_controls

_WORD_EDGES = re.compile(r"([\s\-'’.,(]+)")

CHILD_UNTIL: Final = 12
MINOR_UNTIL: Final = 18
PEER_UNTIL: Final = 50
PARENT_UNTIL: Final = 65


def clean_name(raw: str) -> str:
    """The name in NFC, one space between words, no control characters.

    A name written all in capitals or all in small letters is given title case;
    any other spelling is the person's own and is kept.
    """
    spaced = raw if raw.isprintable() else drop_controls(" ".join(raw.split()))
    name = " ".join(unicodedata.normalize("NFC", spaced).split())
    if name.isupper() or name.islower():
        return "".join(part[:1].title() + part[1:].lower() for part in _WORD_EDGES.split(name))
    return name


def _folding_table() -> dict[int, str]:
    table = {ord("đ"): "d", ord("Đ"): "d"}
    for code in range(0x41, 0x1EFA):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base.isascii() and base.isalpha():
            table[code] = base.lower()
    return table


_FOLDED: Final = _folding_table()


def fold(text: str) -> str:
    """The search key of a name: no accents, no case, single spaces ("Đặng Thuý" → "dang thuy").

    NFD alone leaves đ as it is, and "hòa" and "hoà" must fold alike.
    """
    folded = unicodedata.normalize("NFC", text).translate(_FOLDED)
    if not folded.isascii():
        folded = folded.replace("đ", "d").replace("Đ", "d")
        marks_apart = unicodedata.normalize("NFD", folded)
        folded = "".join(mark for mark in marks_apart if unicodedata.category(mark) != "Mn").casefold()
    return " ".join(folded.split())


def reversed_words(folded: str) -> str:
    """The words back to front, so that the given name leads ("le thi hoa" → "hoa thi le")."""
    return " ".join(reversed(folded.split()))


def first_word(folded: str) -> str:
    return folded.split(None, 1)[0] if folded.strip() else ""


def last_word(folded: str) -> str:
    return folded.rsplit(None, 1)[-1] if folded.strip() else ""


def given_name(full_name: str) -> str:
    """The name a Vietnamese person is called by: the last word. A hint only."""
    return last_word(full_name)


def salutation(age: int | None, sex: str) -> str:
    """How the hospital addresses a patient in Vietnamese when they stated no preference.

    ``age`` in whole years; ``sex`` as in FHIR ("male", "female", anything else is
    unknown). "anh/chị" is polite to everyone we know too little about.
    """
    if age is not None:
        if age < CHILD_UNTIL:
            return "bé"
        if age < MINOR_UNTIL:
            return "em"
        if age >= PARENT_UNTIL:
            return "bác"
    older = age is not None and age >= PEER_UNTIL
    match sex:
        case "male":
            return "chú" if older else "anh"
        case "female":
            return "cô" if older else "chị"
        case _:
            return "anh/chị"


def initials(full_name: str) -> str:
    """Two capitals for an avatar: of the first and the last word; one for a single word."""
    letters = [
        letter
        for word in full_name.split()
        if (letter := next((character for character in word if character.isalpha()), ""))
    ]
    if not letters:
        return "?"
    chosen = letters[0] if len(letters) == 1 else letters[0] + letters[-1]
    return unicodedata.normalize("NFC", chosen).upper()


def tint(name: str) -> int:
    """A number from 0 to 5 that stays the same for the same name: the colour of an avatar."""
    return sum(name.encode()) % 6
