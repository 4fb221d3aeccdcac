"""Whether two sets of facts are of one person (A9, B5). Merging two people is the worst this product could do.

Three things can tie two people together, each weaker than the one before: the identity number; a code in its own
code space; the name as written with its accents, the full date of birth and a way to reach them, all three.
Nothing else does: a name is shared by thousands, a phone by a family, a year of birth by one in seventy.

Whatever ties them, a contradiction between strong facts (identity number, full date of birth, sex, name beyond
spelling and case) never lets one overwrite the other: it is a question for people, or another person.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache
from typing import Final

from tantam.lib.dates import Birth
from tantam.lib.names import fold


class Verdict(StrEnum):
    """What two sets of facts say of each other."""

    SAME = "same"
    """One person: what one says may be written into the other."""
    QUESTION = "question"
    """Tied together, and yet something does not fit or is missing: people must say. Nothing is written."""
    DIFFERENT = "different"
    """Alike in something, and surely or almost surely two people."""
    UNRELATED = "unrelated"
    """Nothing ties them. `Comparison.is_likely_duplicate` may still ask for a look afterwards."""


class Fact(StrEnum):
    """What two people can agree or differ in. The first four are strong."""

    IDENTITY = "identity_number"
    BIRTH_DATE = "birth_date"
    SEX = "sex"
    NAME = "full_name"
    BIRTH_YEAR = "birth_year"
    CODE = "code"
    CONTACT = "contact"


STRONG: Final = frozenset({Fact.IDENTITY, Fact.BIRTH_DATE, Fact.SEX, Fact.NAME})


@dataclass(frozen=True, slots=True)
class Facts:
    """What one source says of one person. Values are clean (see rules/details.py); any may be missing.

    `codes` are pairs of code space and code; `contacts` are E.164 phones and lower-case email addresses, or their
    blind indexes, as long as both sides give the same kind.
    """

    full_name: str = ""
    birth: Birth | None = None
    sex: str = ""
    identity_number: str = ""
    codes: frozenset[tuple[str, str]] = frozenset()
    contacts: frozenset[str | int] = frozenset()


@dataclass(frozen=True, slots=True)
class Comparison:
    """The verdict, and what it rests on. Both lists are in the order of `Fact`."""

    verdict: Verdict
    contradictions: tuple[Fact, ...] = ()
    agreements: tuple[Fact, ...] = ()
    is_name_alike: bool = False

    @property
    def is_likely_duplicate(self) -> bool:
        """Two people for now, worth a look by people: alike in name and birth or contact, nothing against it."""
        if self.verdict not in (Verdict.UNRELATED, Verdict.DIFFERENT) or not self.is_name_alike:
            return False
        against = set(self.contradictions) - {Fact.NAME}
        shared = {Fact.BIRTH_DATE, Fact.BIRTH_YEAR, Fact.CONTACT} & set(self.agreements)
        return not against and bool(shared)


def compare(ours: Facts, theirs: Facts) -> Comparison:
    """What two sets of facts say of each other. It does not matter which comes first."""
    agreements, contradictions = _weighed(ours, theirs)
    alike = bool(ours.full_name and theirs.full_name) and fold(ours.full_name) == fold(theirs.full_name)
    return Comparison(
        _verdict(agreements, contradictions, alike=alike),
        tuple(fact for fact in Fact if fact in contradictions),
        tuple(fact for fact in Fact if fact in agreements),
        alike,
    )


def _verdict(agreements: Collection[Fact], contradictions: Collection[Fact], *, alike: bool) -> Verdict:
    agree = set(agreements)
    if agree & {Fact.IDENTITY, Fact.CODE}:
        # A number typed wrongly, a list numbered anew, a married name: only people can say which.
        return Verdict.QUESTION if contradictions else Verdict.SAME
    if Fact.IDENTITY in contradictions:
        return Verdict.DIFFERENT if alike or Fact.CONTACT in agree else Verdict.UNRELATED
    if {Fact.NAME, Fact.BIRTH_DATE, Fact.CONTACT} <= agree:
        return Verdict.QUESTION if contradictions else Verdict.SAME
    if contradictions:
        return Verdict.DIFFERENT if alike or Fact.CONTACT in agree else Verdict.UNRELATED
    if {Fact.NAME, Fact.BIRTH_YEAR, Fact.CONTACT} <= agree:
        return Verdict.QUESTION
    return Verdict.UNRELATED


def _weighed(ours: Facts, theirs: Facts) -> tuple[set[Fact], set[Fact]]:
    agree: set[Fact] = set()
    contradict: set[Fact] = set()

    def weigh(fact: Fact, *, is_same: bool) -> None:
        (agree if is_same else contradict).add(fact)

    # An old card has nine digits, a new one twelve: one person may hold both.
    if ours.identity_number and len(ours.identity_number) == len(theirs.identity_number):
        weigh(Fact.IDENTITY, is_same=ours.identity_number == theirs.identity_number)
    if ours.birth and theirs.birth:
        if ours.birth.date and theirs.birth.date:
            weigh(Fact.BIRTH_DATE, is_same=ours.birth.date == theirs.birth.date)
        else:
            # From a year alone nobody is recognised, but two years are two people.
            weigh(Fact.BIRTH_YEAR, is_same=ours.birth.year == theirs.birth.year)
    if sexes_differ(ours.sex, theirs.sex):
        weigh(Fact.SEX, is_same=False)
    elif ours.sex == theirs.sex and ours.sex in ("male", "female"):
        weigh(Fact.SEX, is_same=True)
    if ours.full_name and theirs.full_name:
        weigh(Fact.NAME, is_same=is_same_name(ours.full_name, theirs.full_name))
    if ours.codes & theirs.codes:
        agree.add(Fact.CODE)
    if ours.contacts & theirs.contacts:
        agree.add(Fact.CONTACT)
    return agree, contradict


def sexes_differ(ours: str, theirs: str) -> bool:
    """Whether one is known to be male and the other female; any other value says nothing."""
    return {ours, theirs} == {"male", "female"}


# --- names -----------------------------------------------------------------------------------------

_TONES: Final = frozenset("\u0300\u0301\u0303\u0309\u0323")
_APART = re.compile(r"[^\w']+|_+")
_LOOK_ALIKES: Final = str.maketrans({"ð": "đ", "’": "'", "‘": "'", "ʼ": "'", "`": "'"})


def is_same_name(first: str, second: str) -> bool:
    """Whether two names are one name as written: Unicode form, case, spacing and the place of the tone aside.

    "HOÀ  BÌNH" is "Hòa Bình"; "Minh Ánh" is not "Minh Anh", nor "Hòa" "Hoa".
    """
    return written_key(first) == written_key(second)


@lru_cache(maxsize=8_192)
def written_key(name: str) -> str:
    """A name with its accents, the same for every way of typing them: "HOÀ" and "hòa" are one, "hoa" another."""
    words = _APART.split(unicodedata.normalize("NFC", name).casefold().translate(_LOOK_ALIKES))
    return " ".join(_tone_last(word) for word in words if word)


def _tone_last(word: str) -> str:
    """A Vietnamese word has one tone, over whichever vowel it was typed: it is put behind the word."""
    if word.isascii():
        return word
    apart = unicodedata.normalize("NFD", word)
    letters = "".join(mark for mark in apart if mark not in _TONES)
    tones = "".join(sorted(mark for mark in apart if mark in _TONES))
    return unicodedata.normalize("NFC", letters) + tones


_SIMILAR: Final = 0.8


def names_alike(first: str, second: str) -> bool:
    """Whether two folded names may be one person's: the same words, one within the other, or a slip of a letter."""
    ours, theirs = set(first.split()), set(second.split())
    if not ours or not theirs:
        return False
    if ours <= theirs or theirs <= ours:
        return True
    ordered = " ".join(sorted(ours)), " ".join(sorted(theirs))
    return SequenceMatcher(None, *ordered, autojunk=False).ratio() >= _SIMILAR
