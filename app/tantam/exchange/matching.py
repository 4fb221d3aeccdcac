"""Which of our patients a draft means: never two rows for one person, never two people in one row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from tantam.exchange.drafts import PatientDraft
from tantam.exchange.filling import NAME_MISSING
from tantam.exchange.many import all_at_once
from tantam.exchange.problems import Problem
from tantam.exchange.reasons import (
    ANOTHER_PERSON_NOW,
    CODE_OF_ANOTHER,
    DESTROYED_HERE,
    IDENTITY_OF_ANOTHER,
    SEVERAL_MATCH,
)
from tantam.patients.models import ContactKind, ContactPoint, Patient, PatientStatus
from tantam.patients.rules.keys import contact_keys, identity_index, name_keys

# One patient's name and phone are asked for many times on their way in.
name_key_of = lru_cache(20_000)(lambda name: name_keys(name)[0])
value_keys = lru_cache(20_000)(contact_keys)

PersonKey = tuple[str, int, int]


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


def same_day(one: date | None, other: date | None) -> bool:
    """Whether two birthdays of one year agree as far as they are known."""
    return one is None or other is None or one == other


@dataclass(frozen=True, slots=True)
class Match:
    """The patient a draft means, or None for a new one; or the problem that forbids to say."""

    patient_id: int | None = None
    problem: Problem | None = None


def match_patients(drafts: Sequence[PatientDraft], known: Mapping[str, int | None]) -> dict[str, Match]:
    """For each draft, by external id, whom it means. `known` are those this source has named before; None
    stands for somebody whose data was destroyed.

    By what the source called them before; then by identity number, by code, by name with birth and phone
    together. More than one candidate, or one who has neither name nor birth in common, is refused.
    """
    book = _Book(drafts, known)
    return {draft.external_id: book.match(draft, known.get(draft.external_id)) for draft in drafts}


class _Book:
    """The candidates for a batch, in three queries."""

    def __init__(self, drafts: Sequence[PatientDraft], known: Mapping[str, int | None]) -> None:
        self.known = known
        self.name_keys = {draft.external_id: name_key_of(draft.full_name or "") for draft in drafts}
        self.numbers = {draft.external_id: identity_index(draft.identity_number or "") for draft in drafts}
        self.by_id: dict[int, Person] = {}
        self.by_number: dict[int, list[Person]] = defaultdict(list)
        self.by_code: dict[str, Person] = {}
        ids = [patient_id for patient_id in known.values() if patient_id is not None]
        numbers = [number for number in self.numbers.values() if number is not None]
        codes = [draft.code for draft in drafts if draft.code]
        for people in (
            _people(pk__among=ids) if ids else (),
            _people(identity_index__among=numbers) if numbers else (),
            _people(code__among=codes) if codes else (),
        ):
            for person in people:
                self.by_id[person.id] = person
        for person in self.by_id.values():
            self.by_code[person.code] = person
            if person.identity_index is not None:
                self.by_number[person.identity_index].append(person)
        self.by_person = self._by_person([draft for draft in drafts if known.get(draft.external_id) is None])

    def _by_person(self, drafts: Iterable[PatientDraft]) -> dict[PersonKey, set[int]]:
        """Patients by name, birth and one of their phones."""
        wanted = {key for draft in drafts for key in person_keys(draft, self.name_keys[draft.external_id])}
        found: dict[PersonKey, set[int]] = defaultdict(set)
        if not wanted:
            return found
        rows = ContactPoint.objects.filter(
            kind=ContactKind.PHONE,
            value_index__among={key[2] for key in wanted},
            patient__name_key__among={key[0] for key in wanted},
        ).values_list(
            "patient_id",
            "patient__code",
            "patient__name_key",
            "patient__birth_year",
            "patient__birth_date",
            "patient__identity_index",
            "patient__status",
            "value_index",
        )
        for pk, code, name_key, year, day, number, status, value_index in all_at_once(rows):
            if year is None:
                continue
            self.by_id.setdefault(
                pk, Person(pk, code, name_key, year, day, number, status == PatientStatus.ACTIVE)
            )
            found[(name_key, year, value_index)].add(pk)
        return found

    def match(self, draft: PatientDraft, patient_id: int | None) -> Match:
        name_key, number = self.name_keys[draft.external_id], self.numbers[draft.external_id]
        holders = self.by_number.get(number, []) if number is not None else []
        if draft.external_id in self.known and patient_id is None:
            problem = Problem.of("destroyed_here", DESTROYED_HERE, field="full_name", refuses=True)
            return Match(problem=problem)
        if patient_id is not None and patient_id in self.by_id:
            return self._still(draft, self.by_id[patient_id], holders, name_key)
        owner = self.by_code.get(draft.code) if draft.code else None
        active = [person for person in holders if person.is_active] or holders
        candidates = {person.id: person for person in (*active, *((owner,) if owner else ()))}
        if len(candidates) > 1:
            return Match(problem=_several(draft, candidates.values()))
        if active and not active[0].may_be(draft, name_key):
            return Match(problem=_identity_of(draft, active[0]))
        if owner is not None and not owner.may_be(draft, name_key):
            return Match(problem=_code_of(draft, owner))
        if candidates:
            return Match(next(iter(candidates)))
        alike: set[int] = set()
        for key in person_keys(draft, name_key):
            alike |= {
                pk
                for pk in self.by_person.get(key, ())
                if same_day(self.by_id[pk].birth_date, draft.birth_date)
            }
        if number is not None:
            # Somebody with another identity number is somebody else, whatever else agrees.
            alike = {pk for pk in alike if self.by_id[pk].identity_index in (None, number)}
        if len(alike) > 1:
            return Match(problem=_several(draft, (self.by_id[pk] for pk in alike)))
        if not alike and not draft.full_name:
            # A code alone may correct somebody we know; it cannot make somebody new.
            return Match(problem=Problem.of("name_missing", NAME_MISSING, field="full_name", refuses=True))
        return Match(next(iter(alike), None))

    def _still(self, draft: PatientDraft, person: Person, holders: Sequence[Person], name_key: str) -> Match:
        """A patient this source has named before: it must still be the same person."""
        if draft.full_name and draft.birth_year and not person.may_be(draft, name_key):
            problem = Problem.of(
                "another_person_now",
                ANOTHER_PERSON_NOW,
                field="full_name",
                value=draft.full_name,
                refuses=True,
                code=person.code,
            )
            return Match(problem=problem)
        others = [holder for holder in holders if holder.id != person.id and holder.is_active]
        if others:
            return Match(problem=_identity_of(draft, others[0]))
        return Match(person.id)


def person_keys(draft: PatientDraft, name_key: str) -> list[PersonKey]:
    """Name, year of birth and phone together, for each phone; [] when one of the three is not said."""
    if not name_key or draft.birth_year is None:
        return []
    return [
        (name_key, draft.birth_year, value_keys(contact.kind, contact.value).value_index)
        for contact in draft.contacts
        if contact.kind == ContactKind.PHONE
    ]


def _people(**where: object) -> list[Person]:
    rows = Patient.objects.filter(**where).values_list(
        "pk", "code", "name_key", "birth_year", "birth_date", "identity_index", "status"
    )
    return [
        Person(pk, code, name_key, year, day, number, status == PatientStatus.ACTIVE)
        for pk, code, name_key, year, day, number, status in all_at_once(rows)
    ]


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


def _code_of(draft: PatientDraft, person: Person) -> Problem:
    return Problem.of(
        "code_of_another",
        CODE_OF_ANOTHER,
        field="code",
        value=draft.full_name or "",
        refuses=True,
        code=person.code,
    )
