"""The patients whom a batch of drafts may mean, looked up at once; `rules.matching` says which of them is meant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from tantam.exchange.engine.drafts import PatientDraft
from tantam.exchange.rules.matching import Candidates, Match, Person, match
from tantam.lib.bulk import all_at_once
from tantam.patients.models import ContactKind, ContactPoint, Patient, PatientStatus
from tantam.patients.rules.keys import PersonKeys, contact_keys
from tantam.patients.rules.keys import person_keys as derived_keys

# One patient's phone is asked for many times on its way in; so are names and numbers, when checked and when written.
value_keys = lru_cache(20_000)(contact_keys)


@lru_cache(20_000)
def _keys(full_name: str, identity_number: str, insurance_number: str) -> PersonKeys:
    return derived_keys(
        full_name=full_name, identity_number=identity_number, insurance_number=insurance_number
    )


def keys_of(draft: PatientDraft) -> PersonKeys:
    """What the person of a draft is found by."""
    return _keys(draft.full_name or "", draft.identity_number or "", draft.insurance_number or "")


class LikenessKey(NamedTuple):
    """Name, year of birth and one telephone together."""

    name_key: str
    birth_year: int
    phone_index: int


def likeness_keys(draft: PatientDraft) -> list[LikenessKey]:
    """One key for each phone; [] when name, year of birth or phone is not said."""
    name_key = keys_of(draft).name_key
    if not name_key or draft.birth_year is None:
        return []
    return [
        LikenessKey(name_key, draft.birth_year, value_keys(contact.kind, contact.value).value_index)
        for contact in draft.contacts
        if contact.kind == ContactKind.PHONE
    ]


def match_patients(drafts: Sequence[PatientDraft], known: Mapping[str, int | None]) -> dict[str, Match]:
    """For each draft, by external id, whom it means. `known` are those this source has named before; None
    stands for somebody whose data was destroyed.
    """
    book = _Book(drafts, known)
    return {draft.external_id: match(draft, book.candidates(draft)) for draft in drafts}


class _Book:
    """The candidates for a batch, in four queries."""

    def __init__(self, drafts: Sequence[PatientDraft], known: Mapping[str, int | None]) -> None:
        self._known = known
        self._by_id: dict[int, Person] = {}
        self._by_number: dict[int, list[Person]] = defaultdict(list)
        self._by_code: dict[str, Person] = {}
        ids = [patient_id for patient_id in known.values() if patient_id is not None]
        numbers = [index for draft in drafts if (index := keys_of(draft).identity_index) is not None]
        codes = [draft.code for draft in drafts if draft.code]
        for people in (
            _people(pk__among=ids) if ids else (),
            _people(identity_index__among=numbers) if numbers else (),
            _people(code__among=codes) if codes else (),
        ):
            for person in people:
                self._by_id[person.id] = person
        for person in self._by_id.values():
            self._by_code[person.code] = person
            if person.identity_index is not None:
                self._by_number[person.identity_index].append(person)
        self._alike = self._look_for_alike(draft for draft in drafts if known.get(draft.external_id) is None)

    def _look_for_alike(self, drafts: Iterable[PatientDraft]) -> dict[LikenessKey, dict[int, Person]]:
        """Patients by name, birth and one of their phones."""
        wanted = {key for draft in drafts for key in likeness_keys(draft)}
        found: dict[LikenessKey, dict[int, Person]] = defaultdict(dict)
        if not wanted:
            return found
        rows = ContactPoint.objects.filter(
            kind=ContactKind.PHONE,
            value_index__among={key.phone_index for key in wanted},
            patient__name_key__among={key.name_key for key in wanted},
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
            person = Person(pk, code, name_key, year, day, number, status == PatientStatus.ACTIVE)
            found[LikenessKey(name_key, year, value_index)][pk] = person
        return found

    def candidates(self, draft: PatientDraft) -> Candidates:
        keys = keys_of(draft)
        patient_id = self._known.get(draft.external_id)
        alike: dict[int, Person] = {}
        for key in likeness_keys(draft) if patient_id is None else ():
            alike |= self._alike.get(key, {})
        return Candidates(
            name_key=keys.name_key,
            number=keys.identity_index,
            before=self._by_id.get(patient_id) if patient_id is not None else None,
            is_destroyed=draft.external_id in self._known and patient_id is None,
            holders=self._by_number.get(keys.identity_index, ()) if keys.identity_index is not None else (),
            owner=self._by_code.get(draft.code) if draft.code else None,
            alike=list(alike.values()),
        )


def _people(**where: object) -> list[Person]:
    rows = Patient.objects.filter(**where).values_list(
        "pk", "code", "name_key", "birth_year", "birth_date", "identity_index", "status"
    )
    return [
        Person(pk, code, name_key, year, day, number, status == PatientStatus.ACTIVE)
        for pk, code, name_key, year, day, number, status in all_at_once(rows)
    ]
