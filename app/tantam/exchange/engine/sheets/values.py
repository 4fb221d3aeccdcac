"""What single cells say: sexes, yes and no, blood pressure, how often, with meals."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from tantam.exchange.engine.sheets.cells import Cell
from tantam.lib.names import fold

_SEXES = {
    **dict.fromkeys(("nam", "m", "male", "trai", "1", "ong", "anh", "boy"), "male"),
    **dict.fromkeys(("nu", "f", "female", "gai", "0", "2", "ba", "chi", "co", "girl", "n"), "female"),
    **dict.fromkeys(("khac", "other", "3"), "other"),
}
_NOTHING = {
    "",
    "-",
    "--",
    "n/a",
    "na",
    "none",
    "null",
    "nil",
    "khong",
    "ko",
    "k",
    "0",
    "no",
    "chua ghi nhan",
    "khong co",
    "khong ro",
    "chua co",
    "chua phat hien",
    "khong di ung",
    "khong ghi nhan",
    "x",
    ".",
    "nka",
    "nkda",
}
_RELATIONS = {
    "mother": ("me", "mother", "ma", "me ruot", "me de"),
    "father": ("cha", "bo", "ba", "father", "bo ruot"),
    "spouse": ("vo", "chong", "spouse", "wife", "husband", "vo/chong", "vo chong"),
    "child": ("con", "con trai", "con gai", "child", "son", "daughter", "con ruot"),
    "sibling": (
        "anh",
        "chi",
        "em",
        "anh trai",
        "chi gai",
        "em trai",
        "em gai",
        "sibling",
        "brother",
        "sister",
    ),
    "grandparent": (
        "ong",
        "ong noi",
        "ong ngoai",
        "ba noi",
        "ba ngoai",
        "grandparent",
        "grandmother",
        "grandfather",
    ),
    "guardian": ("giam ho", "nguoi giam ho", "guardian"),
    "carer": ("nguoi cham soc", "carer", "giup viec"),
}
_RELATION_OF = {word: relation for relation, words in _RELATIONS.items() for word in words}
_OWNER_OF = {
    "mother": "mother",
    "father": "father",
    "spouse": "spouse",
    "child": "child",
    "sibling": "sibling",
    "guardian": "guardian",
}
_ENCOUNTER_KINDS = (
    (("noi tru", "inpatient", "nhap vien"), "inpatient"),
    (("cap cuu", "emergency"), "emergency"),
    (("nha khoa", "rang", "dental"), "dental"),
    (("tu xa", "online", "remote", "telehealth", "video"), "remote"),
    (("tai nha", "home"), "home"),
    (("ngoai tru", "outpatient", "kham"), "outpatient"),
)
_MEALS = (
    (("truoc an", "truoc bua", "truoc khi an", "before meal", "luc doi", "bung doi"), "before"),
    (("sau an", "sau bua", "sau khi an", "after meal", "luc no"), "after"),
    (("trong bua", "trong khi an", "cung bua", "with meal", "with food", "trong luc an"), "with"),
    (("truoc khi ngu", "truoc ngu", "bedtime", "toi truoc khi"), "bedtime"),
)
_SHORT = 60
_PRESSURE = re.compile(r"(\d{2,3})\s*[/\\-]\s*(\d{2,3})")
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
_TIME = re.compile(r"(\d{1,2})\s*(?:[:hg.]\s*(\d{1,2})?)?")
_LIST = re.compile(r"\s*(?:[;,\n/]|\s\+\s)\s*")


def text_of(cell: Cell) -> str:
    """A cell as text: whole numbers without a point, dates as they are written here."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return f"{cell:%d/%m/%Y %H:%M}" if cell.time() != time() else f"{cell:%d/%m/%Y}"
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return str(cell).strip()


def is_formula(text: str) -> bool:
    """Whether a text is a formula that somebody's program should have worked out."""
    return len(text) > 1 and text[0] == "=" and (text[1].isalpha() or text[1] in "(+-@\"'")


@lru_cache(20_000)
def _folded_before(text: str) -> str:
    return fold(text)


def folded(text: str) -> str:
    """`fold`, remembered for short texts: the cells of a sheet say the same things again and again."""
    return _folded_before(text) if len(text) <= _SHORT else fold(text)


def says_nothing(text: str) -> bool:
    return folded(text) in _NOTHING


def sex_of(text: str) -> str | None:
    return _SEXES.get(folded(text))


def relation_of(text: str) -> str:
    return _RELATION_OF.get(folded(text), "other")


def owner_of(relation: str) -> str:
    """Whose phone it is (patients.ContactOwner), when the relative of this kind answers it."""
    return _OWNER_OF.get(relation, "other")


def encounter_kind_of(text: str) -> str | None:
    plain = folded(text)
    return next((kind for words, kind in _ENCOUNTER_KINDS if any(word in plain for word in words)), None)


def pressure_of(text: str) -> tuple[Decimal, Decimal] | None:
    match = _PRESSURE.search(text)
    return (Decimal(match[1]), Decimal(match[2])) if match else None


def number_of(cell: Cell) -> Decimal | None:
    """The first number of a cell, with a comma or a point."""
    match = _NUMBER.search(text_of(cell))
    if match is None:
        return None
    try:
        return Decimal(match[0].replace(",", "."))
    except InvalidOperation:
        return None


def small_number_of(cell: Cell, *, at_most: int) -> int | None:
    number = number_of(cell)
    return int(number) if number is not None and number == int(number) and 0 < number <= at_most else None


def time_of(cell: Cell) -> time | None:
    """A time of day: 8h30, 08:30, an Excel fraction of a day."""
    if isinstance(cell, datetime):
        return cell.time().replace(microsecond=0)
    if isinstance(cell, time):
        return cell.replace(microsecond=0)
    if isinstance(cell, float) and 0 < cell < 1:
        minutes = round(cell * 24 * 60)
        return time(minutes // 60 % 24, minutes % 60)
    match = _TIME.match(text_of(cell))
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def meals_of(text: str) -> str | None:
    """The meal relation (records.MealRelation) a text speaks of."""
    plain = folded(text)
    return next((relation for words, relation in _MEALS if any(word in plain for word in words)), None)


def parts_of(text: str) -> list[str]:
    """The things a cell lists, at most twenty: parted by ; , / a new line or a plus between blanks."""
    return [part for part in _LIST.split(text) if part.strip()][:20]
