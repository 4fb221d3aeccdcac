"""What people of sheets are called within their source, where a row has no id of its own to be trusted (B5)."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final, NamedTuple

from tantam.exchange.engine.drafts import PatientDraft, external_id, opaque_id
from tantam.patients.rules.same_person import written_key

# What one run remembers, some 40 MB at most. Who comes after that under a used name is asked about, or refused.
REMEMBERED: Final = 200_000


class _Said(NamedTuple):
    """The strong facts said under a name; "" and 0 where nothing was said."""

    name: str
    year: int
    day: int
    sex: str
    number: str


class Naming:
    """Names for the people of one run: one name never stands for two rows whose strong facts contradict."""

    def __init__(self) -> None:
        self._said: OrderedDict[str, _Said] = OrderedDict()
        self._times: OrderedDict[str, int] = OrderedDict()

    def name(self, base: str, draft: PatientDraft) -> str:
        """`base`, or a name beside it when `base` was somebody else in an earlier row."""
        said, before = _said_of(draft), self._said.get(base)
        if before is None:
            self._said[base] = said
            if len(self._said) > REMEMBERED:
                self._said.popitem(last=False)
        elif _contradict(before, said):
            return beside(base, draft)
        elif before != said:
            self._said[base] = _Said(
                before.name or said.name,
                before.year or said.year,
                before.day or said.day,
                before.sex or said.sex,
                before.number or said.number,
            )
        return base

    def occurrence(self, row: str) -> str:
        """A name for a row that says nothing by which a person is recognised: the row itself, and the how-manieth."""
        times = self._times.get(row, 0) + 1
        self._times[row] = times
        if len(self._times) > REMEMBERED:
            self._times.popitem(last=False)
        return opaque_id("row", f"{row}#{times}")


def beside(base: str, draft: PatientDraft) -> str:
    """What somebody is called whose row has the name of another: the name and their own strong facts."""
    said = _said_of(draft)
    mark = opaque_id("beside", f"{base}|{said.name}|{said.year}|{said.day}|{said.sex}|{said.number}")
    return external_id(f"{base}~{mark[1:]}")


def _said_of(draft: PatientDraft) -> _Said:
    return _Said(
        written_key(draft.full_name) if draft.full_name else "",
        draft.birth_year or 0,
        draft.birth_date.toordinal() if draft.birth_date else 0,
        draft.sex if draft.sex in ("male", "female") else "",
        draft.identity_number or "",
    )


def _contradict(one: _Said, other: _Said) -> bool:
    """The same as `same_person` finds, on what is kept here of a million rows."""
    is_same_number = len(one.number) != len(other.number) or one.number == other.number
    return not is_same_number or any(
        mine and theirs and mine != theirs for mine, theirs in zip(one[:4], other[:4], strict=True)
    )
