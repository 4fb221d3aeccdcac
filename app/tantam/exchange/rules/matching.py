"""Whom a draft means, decided from what is known of the candidates: never two rows for one person, never two
people in one row. No database here; `engine.matching` looks the candidates up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tantam.exchange.engine.drafts import PatientDraft
from tantam.exchange.engine.filling import NAME_MISSING
from tantam.exchange.engine.problems import Problem
from tantam.exchange.engine.reasons import (
    ANOTHER_PERSON_NOW,
    CODE_OF_ANOTHER,
    DESTROYED_HERE,
    IDENTITY_OF_ANOTHER,
    SEVERAL_MATCH,
)
from tantam.lib.names import fold


@dataclass(frozen=True, slots=True)
class Person:
    """What of a patient decides whether a draft means them."""

    id: int
    code: str
    name_key: str
    birth_year: int | None
    birth_date: date | None
    identity_index: int | None
    is_active: bool

    def may_be(self, draft: PatientDraft, name_key: str) -> bool:
        """Whether name or birth agree: one of them may have been corrected, not both."""
        return self.name_key == name_key or self._same_birth(draft)

    def _same_birth(self, draft: PatientDraft) -> bool:
        if self.birth_year is None or draft.birth_year is None:
            return False
        return self.birth_year == draft.birth_year and same_day(self.birth_date, draft.birth_date)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Everybody here whom one draft may mean.

    `before` is who this source named so before, `is_destroyed` that it was somebody whose data was destroyed.
    `holders` have the draft's identity number (`number`, its blind index), `owner` has its code, `alike` share
    name, year of birth and a telephone with it.
    """

    name_key: str
    number: int | None = None
    before: Person | None = None
    is_destroyed: bool = False
    holders: Sequence[Person] = ()
    owner: Person | None = None
    alike: Sequence[Person] = field(default=())


@dataclass(frozen=True, slots=True)
class Match:
    """The patient a draft means, or None for a new one; or the problem that forbids to say."""

    patient_id: int | None = None
    problem: Problem | None = None


def match(draft: PatientDraft, found: Candidates) -> Match:
    """Whom the draft means: by what the source called them before; then by identity number, by code, by name
    with birth and phone together. More than one candidate, or one who has neither name nor birth in common,
    is refused.
    """
    if found.is_destroyed:
        problem = Problem.of("destroyed_here", DESTROYED_HERE, field="full_name", refuses=True)
        return Match(problem=problem)
    if found.before is not None:
        return _still(draft, found.before, found)
    owner, name_key = found.owner, found.name_key
    active = [person for person in found.holders if person.is_active] or found.holders
    candidates = {person.id: person for person in (*active, *((owner,) if owner else ()))}
    if len(candidates) > 1:
        return Match(problem=_several(draft, candidates.values()))
    if active and not active[0].may_be(draft, name_key):
        return Match(problem=_identity_of(draft, active[0]))
    if owner is not None and not owner.may_be(draft, name_key):
        return Match(problem=code_of_another(draft, owner.code))
    if candidates:
        return Match(next(iter(candidates)))
    alike = [person for person in found.alike if same_day(person.birth_date, draft.birth_date)]
    if found.number is not None:
        # Somebody with another identity number is somebody else, whatever else agrees.
        alike = [person for person in alike if person.identity_index in (None, found.number)]
    if len(alike) > 1:
        return Match(problem=_several(draft, alike))
    if not alike and not draft.full_name:
        # A code alone may correct somebody we know; it cannot make somebody new.
        return Match(problem=Problem.of("name_missing", NAME_MISSING, field="full_name", refuses=True))
    return Match(alike[0].id if alike else None)


def _still(draft: PatientDraft, person: Person, found: Candidates) -> Match:
    """A patient this source has named before: it must still be the same person."""
    if draft.full_name and draft.birth_year and not person.may_be(draft, found.name_key):
        problem = Problem.of(
            "another_person_now",
            ANOTHER_PERSON_NOW,
            field="full_name",
            value=draft.full_name,
            refuses=True,
            code=person.code,
        )
        return Match(problem=problem)
    others = [holder for holder in found.holders if holder.id != person.id and holder.is_active]
    if others:
        return Match(problem=_identity_of(draft, others[0]))
    return Match(person.id)


def same_day(one: date | None, other: date | None) -> bool:
    """Whether two birthdays of one year agree as far as they are known."""
    return one is None or other is None or one == other


def may_be_one(first: PatientDraft, second: PatientDraft) -> bool:
    """Whether two drafts alike in name, year of birth and phone (or code) can be one person."""
    numbers = {first.identity_number, second.identity_number} - {None}
    return same_day(first.birth_date, second.birth_date) and len(numbers) < 2


def are_different_people(sayings: Iterable[Mapping[str, Any]]) -> bool:
    """Whether any two sayings of patients have different names, and births that are not known to be the same."""
    named = [said for said in sayings if said.get("full_name")]
    return any(
        fold(said["full_name"]) != fold(named[0]["full_name"]) and not _same_birth(said, named[0])
        for said in named[1:]
    )


def _same_birth(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether both births are known and agree as far as they are known."""
    years = one.get("birth_year"), other.get("birth_year")
    dates = one.get("birth_date"), other.get("birth_date")
    if None in years:
        return False
    return bool(years[0] == years[1]) if None in dates else str(dates[0]) == str(dates[1])


def _several(draft: PatientDraft, people: Iterable[Person]) -> Problem:
    codes = ", ".join(sorted(person.code for person in people)[:5])
    return Problem.of(
        "several_match",
        SEVERAL_MATCH,
        field="full_name",
        value=draft.full_name or "",
        refuses=True,
        codes=codes,
    )


def _identity_of(draft: PatientDraft, person: Person) -> Problem:
    return Problem.of(
        "identity_of_another",
        IDENTITY_OF_ANOTHER,
        field="identity_number",
        value=draft.identity_number or "",
        refuses=True,
        code=person.code,
    )


def code_of_another(draft: PatientDraft, code: str) -> Problem:
    """The draft's code stands for somebody else."""
    return Problem.of(
        "code_of_another",
        CODE_OF_ANOTHER,
        field="code",
        value=draft.full_name or "",
        refuses=True,
        code=code,
    )
