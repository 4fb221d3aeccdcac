"""What the documents say is there, is there."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from tests.house.words import GLOSSARY

DOCS = Path(__file__).parents[2] / "docs"
_HOME = re.compile(r"`([a-z_]+(?:\.\w+)+)`")


def homes(text: str) -> list[str]:
    """The homes of the table “One home for each rule”."""
    table = text.partition("## One home for each rule")[2].partition("\n## ")[0]
    rows = [line.strip().strip("|").split("|") for line in table.splitlines() if line.startswith("| ")]
    return [home for row in rows if len(row) == 2 for home in _HOME.findall(row[1])]


def is_there(home: str) -> bool:
    """Whether `care.models.tasks.CareTask.close` leads to something."""
    parts = home.split(".")
    for length in range(len(parts), 0, -1):
        name = ".".join(["tantam", *parts[:length]])
        try:
            found: object = importlib.import_module(name)
        except ModuleNotFoundError as missing:
            if missing.name is None or not name.startswith(missing.name):
                raise
            continue
        for part in parts[length:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False


@pytest.mark.parametrize("home", homes((DOCS / "house.md").read_text()))
def test_the_home_of_a_rule_is_where_the_document_says(home):
    assert is_there(home)


def test_a_home_that_is_not_there_is_found():
    text = "## One home for each rule\n| rule | home |\n|---|---|\n| a | `lib.dates.age_in_words` |\n"
    text += "| b | `lib.dates.age_in_stars`, `lib.stars.age` |\n## Next\n| c | `lib.moon.age` |\n"
    assert {home: is_there(home) for home in homes(text)} == {
        "lib.dates.age_in_words": True,
        "lib.dates.age_in_stars": False,
        "lib.stars.age": False,
    }


def test_the_glossary_says_each_word_once():
    words = [
        line.split("|")[1].strip() for line in GLOSSARY.read_text().splitlines() if line.startswith("| ")
    ]
    assert len(words) > 50
    assert sorted({word for word in words if words.count(word) > 1}) == []


def test_every_row_of_the_glossary_is_whole():
    rows = [line for line in GLOSSARY.read_text().splitlines() if line.startswith("|")]
    assert [row for row in rows if row.count("|") != 6] == []


def test_decisions_have_numbers_of_their_own():
    numbers = [path.name[:4] for path in (DOCS / "decisions").glob("*.md")]
    assert sorted({number for number in numbers if numbers.count(number) > 1}) == []
