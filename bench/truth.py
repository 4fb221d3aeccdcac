"""Whether the search finds the one: random needles of every kind against the plain truth.

The truth knows nothing of the product's indexes. Every patient is read once; who fits a needle is worked out from
whole lists of people by word. A few needles are counted a second time by a statement that reads the whole table.
Whenever a page of people or fewer fit, all of them have to be on it, whichever way "fit" is read: every word whole,
all but the last whole, or every word perhaps half typed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import islice
from random import Random
from typing import Any

import psycopg

from bench.rows import phone_of
from tantam.lib.dates import format_day
from tantam.lib.names import fold

NEEDLES = 2_000
PAGE = 10
CHECKED_BY_SCAN = 12


@dataclass(frozen=True, slots=True)
class Needle:
    """What is typed, and what of it has to fit."""

    kind: str
    typed: str
    words: tuple[str, ...] = ()
    year: int | None = None
    day: date | None = None
    phone: str = ""
    code: str = ""


class Truth:
    """Everybody, by what can be typed of them."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.people: dict[int, tuple[str, int, date | None]] = {}
        self.names: dict[int, str] = {}
        self.keys: dict[int, str] = {}
        self.by_word: dict[str, set[int]] = defaultdict(set)
        self.by_year: dict[int, set[int]] = defaultdict(set)
        self.by_day: dict[date, set[int]] = defaultdict(set)
        self.by_end: dict[str, set[int]] = defaultdict(set)
        with connection.cursor(name="everybody") as cursor:
            cursor.itersize = 20_000
            cursor.execute(
                "SELECT id, full_name, name_key, birth_year, birth_date, code FROM patients_patient ORDER BY id"
            )
            for pk, full_name, name_key, year, day, code in cursor:
                self.people[pk] = code, year, day
                self.names[pk] = full_name
                self.keys[pk] = f" {name_key} "
                for word in name_key.split():
                    self.by_word[word].add(pk)
                if year:
                    self.by_year[year].add(pk)
                if day:
                    self.by_day[day].add(pk)
                for phone in phones_of(pk):
                    self.by_end[phone[-4:]].add(pk)

    def fit(self, needle: Needle, *, begun: int, enough: int | None = None) -> set[int]:
        """Who fits, the last `begun` words perhaps half typed; no more than `enough` are looked for."""
        if needle.code:
            return {pk for pk in self.by_end[needle.phone] if self.people[pk][0] == needle.code}
        whole = len(needle.words) - begun
        words = needle.words[:whole], needle.words[whole:]
        fitting = (pk for pk in self._some(needle, *words) if self._fits(pk, needle, *words))
        return set(islice(fitting, enough))

    def _some(self, needle: Needle, whole: tuple[str, ...], begun: tuple[str, ...]) -> set[int]:
        """Few among whom everybody is who fits."""
        if needle.phone:
            return self.by_end[needle.phone[-4:]]
        if needle.day and not needle.words:
            return self.by_day[needle.day]
        choices = [[word] for word in whole]
        choices += [[word for word in self.by_word if word.startswith(beginning)] for beginning in begun]
        fewest = min(choices, key=lambda words: sum(len(self.by_word[word]) for word in words))
        if needle.year and len(self.by_year[needle.year]) < sum(len(self.by_word[word]) for word in fewest):
            return self.by_year[needle.year]
        return set().union(*(self.by_word[word] for word in fewest))

    def _fits(self, pk: int, needle: Needle, whole: tuple[str, ...], begun: tuple[str, ...]) -> bool:
        if not self._born(pk, needle):
            return False
        if needle.phone and not any(phone.endswith(needle.phone) for phone in phones_of(pk)):
            return False
        name = self.keys[pk]
        return all(f" {word} " in name for word in whole) and all(f" {word}" in name for word in begun)

    def _born(self, pk: int, needle: Needle) -> bool:
        _code, year, day = self.people[pk]
        if needle.day:
            return day == needle.day or (day is None and year == needle.day.year)
        return needle.year is None or year == needle.year


def phones_of(number: int) -> list[str]:
    """The phones the generator gave a patient."""
    return [phone_of(number), *([phone_of(number + 77_777_777)] if number % 5 == 0 else [])]


def needles(truth: Truth, count: int = NEEDLES) -> list[Needle]:
    """Needles of every kind in turn, each made of a patient drawn by chance."""
    chance = Random("truth")
    ids = list(truth.people)
    makers = list(_MAKERS.items())
    made: list[Needle] = []
    while len(made) < count:
        kind, make = makers[len(made) % len(makers)]
        pk = chance.choice(ids)
        needle = make(kind, truth.names[pk], *truth.people[pk], chance.choice(phones_of(pk)), chance)
        if needle is not None:
            made.append(needle)
    return made


Maker = Callable[[str, str, str, int, "date | None", str, Random], "Needle | None"]


def _name(kind: str, name: str, code: str, year: int, day: date | None, phone: str, chance: Random) -> Needle:
    typed = name if chance.random() < 0.5 else fold(name)
    return Needle(kind, typed, tuple(fold(name).split()))


def _shuffled(
    kind: str, name: str, code: str, year: int, day: date | None, phone: str, chance: Random
) -> Needle:
    words = name.split()
    chance.shuffle(words)
    return Needle(kind, " ".join(words), tuple(fold(word) for word in words))


def _two_words(
    kind: str, name: str, code: str, year: int, day: date | None, phone: str, chance: Random
) -> Needle:
    words = chance.sample(name.split(), 2)
    return Needle(kind, fold(" ".join(words)), tuple(fold(word) for word in words))


def _with_year(
    kind: str, name: str, code: str, year: int, day: date | None, phone: str, chance: Random
) -> Needle:
    words = chance.sample(fold(name).split(), min(2 + (chance.random() < 0.3), len(name.split())))
    return Needle(kind, f"{' '.join(words)} {year}", tuple(words), year=year)


def _half_with_year(
    kind: str, name: str, code: str, year: int, day: date | None, phone: str, chance: Random
) -> Needle:
    words = chance.sample(fold(name).split(), 2)
    words[-1] = words[-1][: chance.randint(1, len(words[-1]))]
    return Needle(kind, f"{' '.join(words)} {year}", tuple(words), year=year)


def _half(kind: str, name: str, code: str, year: int, day: date | None, phone: str, chance: Random) -> Needle:
    words = fold(name).split()
    words[-1] = words[-1][: chance.randint(1, len(words[-1]))]
    return Needle(kind, " ".join(words), tuple(words))


def _with_day(
    kind: str, name: str, code: str, year: int, day: date | None, phone: str, chance: Random
) -> Needle | None:
    if day is None:
        return None
    words = fold(name).split()
    words = words[-1:] if chance.random() < 0.3 else words
    return Needle(kind, f"{' '.join(words)} {format_day(day)}", tuple(words), day=day)


def _day(
    kind: str, name: str, code: str, year: int, day: date | None, phone: str, chance: Random
) -> Needle | None:
    return None if day is None else Needle(kind, format_day(day), day=day)


def _with_end(
    kind: str, name: str, code: str, year: int, day: date | None, phone: str, chance: Random
) -> Needle:
    word = fold(name).split()[-1]
    # Four digits that are a year are read as one.
    length = 4 if not 1890 <= int(phone[-4:]) <= 2100 else 5
    length = max(length, chance.choice((4, 4, 5, 6)))
    return Needle(kind, f"{word} {phone[-length:]}", (word,), phone=phone[-length:])


def _phone(
    kind: str, name: str, code: str, year: int, day: date | None, phone: str, chance: Random
) -> Needle:
    return Needle(kind, "0" + phone[3:], phone=phone)


def _code(kind: str, name: str, code: str, year: int, day: date | None, phone: str, chance: Random) -> Needle:
    return Needle(kind, code, phone=phone[-4:], code=code)


_MAKERS: dict[str, Maker] = {
    "full name": _name,
    "words out of order": _shuffled,
    "two words": _two_words,
    "words and year": _with_year,
    "half-typed word and year": _half_with_year,
    "name, last word half typed": _half,
    "name and day of birth": _with_day,
    "day of birth": _day,
    "name and end of phone": _with_end,
    "whole phone": _phone,
    "code": _code,
}


@dataclass(slots=True)
class Recall:
    """How many people had to be on a page, how many were, and of which needles somebody was missing."""

    expected: int = 0
    found: int = 0
    asked: int = 0
    missed: int = 0

    @property
    def share(self) -> float:
        return self.found / self.expected if self.expected else 1.0


def measure(url: str, *, count: int = NEEDLES) -> dict[str, Any]:
    """Recall by kind, and over all. Django is set up over `url` already."""
    from tantam.patients.queries.search import search_patients

    with psycopg.connect(url) as connection:
        truth = Truth(connection)
        made = needles(truth, count)
        _check_by_scan(connection, truth, made)
    kinds: dict[str, Recall] = defaultdict(Recall)
    examples: list[str] = []
    out_of_order = 0
    for needle in made:
        page = [one.id for one in search_patients(needle.typed, limit=PAGE).patients]
        expected: set[int] = set()
        for begun in range(len(needle.words) + 1) if needle.words else (0,):
            fitting = truth.fit(needle, begun=begun, enough=PAGE + 1)
            if len(fitting) <= PAGE:
                expected |= fitting
        recall = kinds[needle.kind]
        recall.asked += 1
        recall.expected += len(expected)
        recall.found += len(expected & set(page))
        if expected - set(page):
            recall.missed += 1
            examples.append(needle.typed)
        out_of_order += not _in_order(truth, needle, page)
    every = Recall(
        sum(one.expected for one in kinds.values()), sum(one.found for one in kinds.values()), len(made)
    )
    return {
        "needles": len(made),
        "recall": every.share,
        "expected": every.expected,
        "found": every.found,
        "out_of_order": out_of_order,
        "kinds": {
            kind: {"needles": one.asked, "recall": round(one.share, 4), "missed": one.missed}
            for kind, one in kinds.items()
        },
        "examples": examples[:20],
    }


def _in_order(truth: Truth, needle: Needle, page: list[int]) -> bool:
    """Born that day before born that year, and whole words before beginnings."""

    def place(pk: int) -> tuple[bool, int]:
        name = set(fold(truth.names[pk]).split())
        whole = [word in name for word in needle.words]
        step = 0 if all(whole) else 1 if all(whole[:-1]) else 2
        return bool(needle.day) and truth.people[pk][2] != needle.day, step

    places = [place(pk) for pk in page]
    return places == sorted(places)


def _check_by_scan(connection: psycopg.Connection[Any], truth: Truth, made: list[Needle]) -> None:
    """The lists by word say the same as reading the whole table, for some needles."""
    for needle in [one for one in made if one.words and not one.phone][
        :: max(1, len(made) // CHECKED_BY_SCAN)
    ]:
        row = connection.execute(
            "SELECT count(*) FROM patients_patient WHERE (' ' || name_key) LIKE ALL (%s)"
            " AND (%s::int IS NULL OR birth_year = %s)"
            " AND (%s::date IS NULL OR birth_date = %s OR (birth_date IS NULL AND birth_year = %s))",
            [
                [f"% {word}%" for word in needle.words],
                needle.year, needle.year, needle.day, needle.day, needle.day.year if needle.day else None,
            ],
        ).fetchone()  # fmt: skip
        counted = len(truth.fit(needle, begun=len(needle.words)))
        if row is None or row[0] != counted:
            raise RuntimeError(f"the truth counts {counted} for “{needle.typed}”, the table {row}")
