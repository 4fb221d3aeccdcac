"""The people whom a batch of drafts may mean, looked up at once; `rules.matching` says which of them is meant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

from tantam.exchange.engine.drafts import PatientDraft
from tantam.exchange.engine.problems import Problem
from tantam.exchange.engine.reasons import OTHER_NOT_HERE
from tantam.exchange.engine.writers.marks import mark
from tantam.exchange.models import Source
from tantam.exchange.rules.matching import Candidates, Match, Person, facts_of, match
from tantam.lib.bulk import all_at_once
from tantam.lib.crypto import blind_index
from tantam.lib.dates import Birth
from tantam.patients.models import ContactPoint, Patient, PatientStatus
from tantam.patients.models.identifier import Identifier
from tantam.patients.rules.keys import PersonKeys, clean_identifier, contact_keys, identifier_index
from tantam.patients.rules.keys import person_keys as derived_keys
from tantam.patients.rules.same_person import Fact, Facts, written_key

# One patient's phone is asked for many times on its way in; so are names and numbers, when checked and when written.
value_keys = lru_cache(20_000)(contact_keys)

_SAID: tuple[tuple[Fact, str], ...] = (
    (Fact.NAME, "full_name"),
    (Fact.SEX, "sex"),
    (Fact.IDENTITY, "identity_number"),
)


@lru_cache(20_000)
def _keys(full_name: str, identity_number: str, insurance_number: str) -> PersonKeys:
    return derived_keys(
        full_name=full_name, identity_number=identity_number, insurance_number=insurance_number
    )


def keys_of(draft: PatientDraft) -> PersonKeys:
    """What the person of a draft is found by."""
    return _keys(draft.full_name or "", draft.identity_number or "", draft.insurance_number or "")


class Known(NamedTuple):
    """Whom this source named so before (None: somebody whose data was destroyed), and the marks of what it said."""

    object_id: int | None
    marks: Mapping[str, int]


def contacts_of(draft: PatientDraft) -> list[int]:
    """The blind indexes of the draft's contact points."""
    return [value_keys(contact.kind, contact.value).value_index for contact in draft.contacts]


def likeness_of(draft: PatientDraft) -> list[int]:
    """One number for name as written, year of birth and each contact point together; [] when one is missing."""
    if not draft.full_name or draft.birth_year is None or not draft.contacts:
        return []
    name = written_key(draft.full_name)
    return [_likeness(name, draft.birth_year, index) for index in contacts_of(draft)]


@lru_cache(20_000)
def _likeness(name: str, year: int, index: int) -> int:
    return blind_index("import:likeness", f"{name}|{year}|{index}")


class Matcher:
    """Says whom drafts mean, batch by batch. Drafts of one batch see who those before them turned out to be.

    `shared` are the external ids of drafts that have something in common with another of the run: who they turn out
    to be is remembered over batches, for nothing of it is in the database yet.
    """

    def __init__(self, source: Source, *, shared: Collection[str] = ()) -> None:
        self._source = source
        self._space = source.code_space
        self._shared = shared
        self._people: dict[int, Person] = {}
        self._carried: set[int] = set()
        self._unsaved: list[Person] = []
        self._by_number: dict[str, list[Person]] = defaultdict(list)
        self._by_code: dict[str, list[Person]] = defaultdict(list)
        self._by_likeness: dict[int, list[Person]] = defaultdict(list)

    def match(
        self,
        drafts: Sequence[PatientDraft],
        known: Mapping[str, Known],
        meant: Mapping[str, str] | None = None,
    ) -> dict[str, Match]:
        """For each draft, by external id, whom it means. `known` are those this source has named before; `meant` is
        what people answered of some of them.
        """
        self._begin(drafts, known, meant or {})
        matches: dict[str, Match] = {}
        for draft in drafts:
            facts = facts_of(draft, code_space=self._space, contacts=contacts_of(draft))
            answer = (meant or {}).get(draft.external_id, "")
            found = self._candidates(draft, facts, known, answer)
            one = match(facts, found) if not answer or answer == "new" else self._as_answered(answer)
            matches[draft.external_id] = one
            if one.problem is not None or one.is_question:
                continue
            person = one.person
            if person is None:
                place = f"{draft.file}:{draft.row}" if draft.row else draft.file
                person = Person(None, "", facts, external_id=draft.external_id, place=place)
                self._unsaved.append(person)
            elif answer:
                person.facts = facts  # people said so: what the file says is taken over
            else:
                person.learn(facts)
            self._note(draft, person)
        return matches

    def _begin(
        self, drafts: Sequence[PatientDraft], known: Mapping[str, Known], meant: Mapping[str, str]
    ) -> None:
        carried = [person for pk, person in self._people.items() if pk in self._carried]
        carried += [person for person in self._unsaved if person.external_id in self._shared]
        self._people = {person.id: person for person in carried if person.id is not None}
        self._unsaved = [person for person in carried if person.id is None]
        for index in (self._by_number, self._by_code, self._by_likeness):
            _keep(index, carried)
        ids = {one.object_id for one in known.values() if one.object_id is not None}
        ids |= {int(answer[8:]) for answer in meant.values() if answer.startswith("patient:")}
        numbers = {keys_of(draft).identity_index for draft in drafts} - {None}
        owners = self._owners({draft.code for draft in drafts if draft.code})
        alike = self._look_for_alike(drafts, known)
        ids |= set(owners.values())
        if ids:
            self._load(pk__among=ids - set(self._people))
        if numbers:
            self._load(identity_index__among=numbers)
        for code, pk in owners.items():
            person = self._people.get(pk)
            if person is not None:
                person.facts = _with(person.facts, code=(self._space, code))
                _add(self._by_code, code, person)
        for person in self._people.values():
            if person.facts.identity_number:
                _add(self._by_number, person.facts.identity_number, person)
        for likeness, pk, contact in alike:
            person = self._people.get(pk)
            if person is not None:
                person.facts = _with(person.facts, contact=contact)
                _add(self._by_likeness, likeness, person)

    def _owners(self, codes: set[str]) -> dict[str, int]:
        """Which patient each code of this source means, in its space."""
        if not codes:
            return {}
        if self._source.numbers_are_ours:
            return dict(all_at_once(Patient.objects.filter(code__among=codes).values_list("code", "pk")))
        by_index = {identifier_index(clean): code for code in codes if (clean := clean_identifier(code))}
        if not by_index:
            return {}
        rows = Identifier.objects.filter(
            system=self._space, value_index__among=list(by_index), valid_until__isnull=True
        ).values_list("value_index", "patient_id")
        return {by_index[index]: pk for index, pk in all_at_once(rows)}

    def _look_for_alike(
        self, drafts: Iterable[PatientDraft], known: Mapping[str, Known]
    ) -> list[tuple[int, int, int]]:
        """Patients with the name, the year of birth and a contact point of a draft: (likeness, patient, contact)."""
        wanted: dict[tuple[str, int, int], int] = {}
        for draft in drafts:
            if draft.external_id in known or not draft.full_name or draft.birth_year is None:
                continue
            for contact, likeness in zip(contacts_of(draft), likeness_of(draft), strict=True):
                wanted[written_key(draft.full_name), draft.birth_year, contact] = likeness
        if not wanted:
            return []
        rows = ContactPoint.objects.filter(
            value_index__among={contact for _name, _year, contact in wanted}
        ).values_list("patient_id", "value_index", "patient__full_name", "patient__birth_year")
        found = [
            (key, pk, contact)
            for pk, contact, name, year in all_at_once(rows)
            if year is not None and (key := wanted.get((written_key(name), year, contact))) is not None
        ]
        missing = {pk for _likeness, pk, _index in found} - set(self._people)
        if missing:
            self._load(pk__among=missing)
        return found

    def _load(self, **where: Any) -> None:
        rows = Patient.objects.filter(**where).values_list(
            "pk", "code", "full_name", "birth_year", "birth_date", "sex", "identity_index", "status"
        )
        found = all_at_once(rows)
        numbers = _numbers_of([row[0] for row in found if row[6] is not None and row[0] not in self._people])
        for pk, code, name, year, day, sex, _number, status in found:
            if pk in self._people:
                continue
            facts = Facts(
                full_name=name,
                birth=Birth(year, day) if year is not None else None,
                sex=sex,
                identity_number=numbers.get(pk, ""),
            )
            self._people[pk] = Person(pk, code, facts, status == PatientStatus.ACTIVE)

    def _candidates(
        self, draft: PatientDraft, facts: Facts, known: Mapping[str, Known], answer: str
    ) -> Candidates:
        named = known.get(draft.external_id)
        before = self._people.get(named.object_id) if named and named.object_id is not None else None
        others: dict[int, Person] = {}
        if answer != "new":
            holders = self._by_number.get(facts.identity_number, []) if facts.identity_number else []
            for people in (
                [person for person in holders if person.is_active] or holders,
                self._by_code.get(draft.code, []) if draft.code else [],
                *(self._by_likeness.get(key, []) for key in (likeness_of(draft) if before is None else ())),
            ):
                others.update({id(person): person for person in people})
        return Candidates(
            before=before,
            said_before=_said_again(draft, named.marks) if named else (),
            is_destroyed=named is not None and named.object_id is None,
            others=list(others.values()),
        )

    def _as_answered(self, answer: str) -> Match:
        kind, _colon, name = answer.partition(":")
        if kind == "patient":
            person = self._people.get(int(name))
        else:
            person = next((one for one in self._unsaved if one.external_id == name), None)
        if person is None:
            return Match(problem=Problem.of("patient_refused", OTHER_NOT_HERE, refuses=True))
        return Match(person)

    def _note(self, draft: PatientDraft, person: Person) -> None:
        """From now on others of the run may be compared with this person."""
        if person.id is not None and draft.external_id in self._shared:
            self._carried.add(person.id)
        if draft.identity_number:
            _add(self._by_number, draft.identity_number, person)
        if draft.code:
            _add(self._by_code, draft.code, person)
        for key in likeness_of(draft):
            _add(self._by_likeness, key, person)


def _keep(index: dict[Any, list[Person]], carried: list[Person]) -> None:
    """Leave only these people in an index."""
    kept = {id(person) for person in carried}
    left = {key: [one for one in people if id(one) in kept] for key, people in index.items()} if kept else {}
    index.clear()
    index.update({key: people for key, people in left.items() if people})


def _add(index: dict[Any, list[Person]], key: object, person: Person) -> None:
    people = index[key]
    # A code that stands in every row means nobody; a few are compared, and the rest asked about with them.
    if len(people) < _COMPARED and all(person is not one for one in people):
        people.append(person)


_COMPARED = 20


def _with(facts: Facts, *, code: tuple[str, str] | None = None, contact: int | None = None) -> Facts:
    codes = facts.codes | {code} if code else facts.codes
    contacts = facts.contacts | {contact} if contact is not None else facts.contacts
    return replace(facts, codes=codes, contacts=contacts)


def _numbers_of(ids: list[int]) -> dict[int, str]:
    """The identity numbers of patients, opened."""
    if not ids:
        return {}
    return {
        pk: str(number)
        for pk, number in Patient.objects.filter(pk__among=ids).values_list("pk", "identity_number")
    }


def _said_again(draft: PatientDraft, marks: Mapping[str, int]) -> set[Fact]:
    """What the source says as it said it before: when it is otherwise here now, it was corrected here."""
    again = {
        fact
        for fact, column in _SAID
        if column in marks and marks[column] == mark(column, getattr(draft, column))
    }
    if (
        "birth_year" in marks
        and marks["birth_year"] == mark("birth_year", draft.birth_year)
        and (marks.get("birth_date") == mark("birth_date", draft.birth_date))
    ):
        again.add(Fact.BIRTH_DATE)
    return again
