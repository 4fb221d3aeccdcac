"""What people come with: illnesses and treatments, read from `illnesses/*.toml`."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import tantam.records

HERE = Path(__file__).parent
ICD10 = Path(tantam.records.__file__).parent / "data" / "icd10_starter.csv"


@dataclass(frozen=True, slots=True)
class Medicine:
    """One line of a prescription. `days` None: until the re-examination."""

    drug: str
    amount: str
    times_a_day: int | None
    meals: str
    days: int | None
    note: str

    @classmethod
    def parse(cls, line: str) -> Medicine:
        drug, amount, times, meals, days, note = (part.strip() for part in line.split("|"))
        return cls(drug, amount, int(times) if times else None, meals, int(days) if days else None, note)


@dataclass(frozen=True, slots=True)
class Illness:
    """How a group of patients comes, is treated and talks about it."""

    key: str
    code: str
    text: str
    also: tuple[tuple[str, str], ...]
    specialities: tuple[str, ...]
    weight: int
    ages: tuple[int, int]
    sex: str
    child: bool
    pregnancy: bool
    chronic: bool
    staged: bool
    encounters: tuple[int, int]
    vitals: str
    again: tuple[int, ...]
    purpose: tuple[str, ...]
    reasons: tuple[str, ...]
    symptoms: tuple[str, ...]
    advice: tuple[str, ...]
    notes: tuple[str, ...]
    medicines: tuple[tuple[Medicine, ...], ...]
    said_better: tuple[str, ...]
    said_same: tuple[str, ...]
    said_worse: tuple[str, ...]
    changed: tuple[str, ...]
    questions: tuple[tuple[str, str], ...]

    def stage(self, words: tuple[str, ...], number: int, pick: int) -> str:
        """The words for the `number`-th visit: in their order where the treatment has stages, else any."""
        return words[min(number, len(words) - 1)] if self.staged else words[pick % len(words)]


@lru_cache(maxsize=1)
def illnesses() -> tuple[Illness, ...]:
    with ICD10.open(encoding="utf-8") as file:
        texts = {row["code"]: row["vi"] for row in csv.DictReader(file)}
    return tuple(
        _illness(entry, texts)
        for path in sorted((HERE / "illnesses").glob("*.toml"))
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["illness"]
    )


def _illness(entry: dict[str, Any], texts: dict[str, str]) -> Illness:
    many = (
        "purpose",
        "reasons",
        "symptoms",
        "advice",
        "notes",
        "said_better",
        "said_same",
        "said_worse",
        "changed",
    )
    return Illness(
        key=entry["key"],
        code=entry["code"],
        text=texts[entry["code"]],
        also=tuple((code, texts[code]) for code in entry.get("also", ())),
        specialities=tuple(entry["specialities"]),
        weight=entry["weight"],
        ages=tuple(entry["ages"]),
        sex=entry.get("sex", ""),
        child=entry.get("child", False),
        pregnancy=entry.get("pregnancy", False),
        chronic=entry["chronic"],
        staged=entry.get("staged", False),
        encounters=tuple(entry.get("encounters", (1, 14))),
        vitals=entry.get("vitals", ""),
        again=tuple(entry["again"]),
        medicines=tuple(tuple(map(Medicine.parse, lines)) for lines in entry["medicines"]),
        questions=tuple(_question(line) for line in entry["questions"]),
        **{name: tuple(entry[name]) for name in many},
    )


def _question(line: str) -> tuple[str, str]:
    question, answer = line.split("|")
    return question.strip(), answer.strip()
