"""People whose truth is known, and what two hospitals' lists say of them: how well the import tells them apart.

Families who share phones, twins whose names differ by an accent, namesakes, two sites that number alike, and typing
errors. Two rows of one person that end in one record are found; two people in one record are the worst there is.

    precision: of the pairs of rows that ended in one record, how many are of one person (must be 1)
    recall: of the pairs of rows of one person, how many ended in one record without anybody being asked
"""

from __future__ import annotations

import csv
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tantam.patients.rules.same_person import written_key

HEADER = ("Mã BN", "Họ và tên", "Ngày sinh", "Giới tính", "CCCD", "SĐT", "Ghi chú")
FAMILY = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi"]
MIDDLE = {"Nam": ["Văn", "Đức", "Minh", "Quốc"], "Nữ": ["Thị", "Ngọc", "Thu", "Minh"]}
GIVEN = [
    *("An", "Ân", "Bình", "Hoa", "Hòa", "Hoà", "Lan", "Lân", "Anh", "Ánh"),
    *("Minh", "Mình", "Sơn", "Tú", "Tư", "Vân", "Văn", "Yến"),
]


@dataclass(frozen=True, slots=True)
class Somebody:
    """One person as they are."""

    number: int
    name: str
    birth: str
    sex: str
    identity: str
    phone: str


def people(count: int, chance: random.Random) -> Iterator[Somebody]:
    """So many people in families of one to five, some of them twins; names repeat as they do."""
    number = 0
    while number < count:
        family, phone = chance.choice(FAMILY), f"09{chance.randint(10_000_000, 99_999_999)}"
        size = min(chance.randint(1, 5), count - number)
        born = ""
        named: set[str] = set()
        for place in range(size):
            is_twin = bool(born) and chance.random() < 0.15
            sex = chance.choice(("Nam", "Nữ"))
            year = chance.randint(1935, 2022) if place < 2 else chance.randint(2005, 2022)
            born = born if is_twin else f"{chance.randint(1, 28):02}/{chance.randint(1, 12):02}/{year}"
            name = f"{family} {chance.choice(MIDDLE[sex])} {chance.choice(GIVEN)}"
            while written_key(name) in named:  # nobody gives two of their children one name
                name = f"{family} {chance.choice(MIDDLE[sex])} {chance.choice(GIVEN)}"
            named.add(written_key(name))
            identity = (
                f"0{chance.randint(10**10, 10**11 - 1)}" if year < 2010 and chance.random() < 0.6 else ""
            )
            own = phone if chance.random() < 0.6 else f"03{chance.randint(10_000_000, 99_999_999)}"
            yield Somebody(number, name, born, sex, identity, own if chance.random() < 0.9 else "")
            number += 1


def rows(known: Iterable[Somebody], chance: random.Random, *, site: str) -> Iterator[tuple[str, ...]]:
    """What one site says: its own numbering from 1 on, and the faults of typing."""
    for place, person in enumerate(known, start=1):
        said = person
        if chance.random() < 0.04:  # a slip in the name: one accent, one letter
            said = replace(said, name=said.name.replace("a", "á", 1).replace("n", "m", chance.randint(0, 1)))
        if chance.random() < 0.03:
            said = replace(said, birth=f"{chance.randint(1, 28):02}{said.birth[2:]}")
        if chance.random() < 0.1:
            said = replace(said, birth=said.birth[-4:])
        if chance.random() < 0.3:
            said = replace(said, identity="")
        if chance.random() < 0.15:
            said = replace(said, phone="")
        name = said.name.upper() if chance.random() < 0.3 else said.name
        sex = said.sex if chance.random() < 0.8 else ""
        yield f"{place:05}", name, said.birth, sex, said.identity, said.phone, f"{site}:{person.number}"


def write(path: Path, lines: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([HEADER, *lines])


def measure(folder: Path, *, count: int, seed: int = 7) -> dict[str, Any]:
    """Take in the lists of two sites and compare with the truth; in a process with a database of its own."""
    from bench.import_speed import take_in
    from tantam.exchange.models import ImportedIdentity, ImportRun, Question
    from tantam.exchange.models import LikelyDuplicate as Likely

    chance = random.Random(seed)
    everybody = list(people(count, chance))
    first = [person for person in everybody if chance.random() < 0.8]
    second = [person for person in everybody if chance.random() < 0.5]
    chance.shuffle(second)
    truth: dict[tuple[int, str], int] = {}
    taken = {}
    for site, present in (("A", first), ("B", second)):
        said = list(rows(present, chance, site=site))
        write(folder / f"{site}.csv", said)
        taken[site] = take_in(folder / f"{site}.csv", f"Site {site}")
        run = ImportRun.objects.order_by("-pk").first()
        assert run is not None
        for line in said:
            truth[run.source_id, line[0]] = int(line[-1].split(":")[1])
    records: dict[int, list[int]] = {}
    for source_id, name, patient_id in ImportedIdentity.objects.filter(
        kind="patient", is_alias=False
    ).values_list("source_id", "external_id", "object_id"):
        person = truth.get((source_id, name.split("~")[0]))
        if person is not None and patient_id is not None:
            records.setdefault(patient_id, []).append(person)
    together = right = 0
    for persons in records.values():
        pairs = len(persons) * (len(persons) - 1) // 2
        together += pairs
        right += sum(same * (same - 1) // 2 for same in Counter(persons).values())
    asked = Question.objects.filter(patient__isnull=False).count()
    wanted = sum(same * (same - 1) // 2 for same in Counter(truth.values()).values())
    return {
        "people": count,
        "rows": len(truth),
        "pairs": wanted,
        "put_together": together,
        "wrong": together - right,
        "precision": right / together if together else 1.0,
        "recall": right / wanted if wanted else 1.0,
        "questions": Question.objects.count(),
        "questions_about_known": asked,
        "likely_duplicates": Likely.objects.count(),
        "left_out": sum(run.refused_count for run in ImportRun.objects.all()),
        "seconds": round(sum(one["seconds"] for one in taken.values()), 1),
    }
