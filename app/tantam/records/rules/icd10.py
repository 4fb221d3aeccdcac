"""Common ICD-10 codes with their names, for choosing: a starter, not the whole list. Any code may be stored."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from django.utils.translation import get_language

from tantam.lib.names import fold


@dataclass(frozen=True, slots=True)
class Code:
    code: str
    vietnamese: str
    english: str
    key: str

    @property
    def name(self) -> str:
        return self.english if (get_language() or "").startswith("en") else self.vietnamese

    @property
    def other_name(self) -> str:
        return self.vietnamese if (get_language() or "").startswith("en") else self.english


@lru_cache(maxsize=1)
def codes() -> dict[str, Code]:
    """The starter list by code, in the order of the list."""
    text = (files("tantam.records") / "data" / "icd10_starter.csv").read_text(encoding="utf-8")
    known: dict[str, Code] = {}
    for row in csv.DictReader(text.splitlines()):
        key = fold(f"{row['code'].replace('.', '')} {row['code']} {row['vi']} {row['en']}")
        known[row["code"]] = Code(row["code"], row["vi"], row["en"], key)
    return known


def name_of(code: str) -> str:
    """The name of a code in the language of the page, or empty text for one we do not know."""
    known = codes().get(code.strip().upper())
    return known.name if known else ""


def search_codes(query: str, *, limit: int = 12) -> list[Code]:
    """Codes whose number begins with `query`, then those whose names hold all its words, accents or not."""
    wanted = fold(query[:100])
    if not wanted:
        return []
    number = wanted.replace(".", "").replace(" ", "")
    by_number = [code for code in codes().values() if code.key.startswith(number)]
    words = wanted.split()
    by_name = [
        code
        for code in codes().values()
        if code not in by_number and all(f" {word}" in f" {code.key}" for word in words)
    ]
    return (by_number + by_name)[:limit]
