"""Whether somebody is registered already (A9): asked while typing and again before saving."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import permutations
from typing import Any, Final

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from tantam.lib.dates import Birth
from tantam.patients.models import Patient, PatientStatus
from tantam.patients.queries.found import CARD, FoundPatient, found_patient
from tantam.patients.rules.keys import (
    EMAIL,
    PHONE,
    ZALO,
    contact_keys,
    identity_index,
    insurance_index,
    name_keys,
)
from tantam.patients.rules.same_person import names_alike, sexes_differ

SHOWN: Final = 6
_CANDIDATES: Final = 60
_WORDS_PERMUTED: Final = 4


class Reason(models.TextChoices):
    """Why a patient may be the same person."""

    IDENTITY = "identity", _("Same identity number")
    INSURANCE = "insurance", _("Same insurance number")
    PHONE_AND_NAME = "phone_and_name", _("Same phone, and the names are alike")
    NAME_AND_DATE = "name_and_date", _("Same name and date of birth")
    NAME_AND_YEAR = "name_and_year", _("Same name and year of birth")
    NAME = "name", _("Same name; the year of birth is not known")
    PHONE = "phone", _("Same phone: perhaps a relative")


# A phone is shared by families and a name by strangers: these alone only inform.
_WEAK: Final = frozenset({Reason.PHONE, Reason.NAME})


@dataclass(frozen=True, slots=True)
class LikelyDuplicate:
    """A registered patient who may be the same person, the reasons strongest first."""

    patient: FoundPatient
    reasons: tuple[Reason, ...]
    address: str
    relatives: tuple[str, ...] = ()

    @property
    def is_same_identity(self) -> bool:
        """The identity number is held by an active patient: this cannot be another person."""
        return Reason.IDENTITY in self.reasons and self.patient.is_active

    @property
    def must_be_answered(self) -> bool:
        """Someone has to say that it is another person before the new one is saved."""
        return any(reason not in _WEAK for reason in self.reasons)

    @property
    def reason_labels(self) -> list[str]:
        return [str(reason.label) for reason in self.reasons]


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of the one being registered. Values are clean (see rules/details.py); any may be missing."""

    full_name: str = ""
    birth: Birth | None = None
    sex: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    identity_number: str = ""
    insurance_number: str = ""


_FIND: Final = f"""
WITH hits AS (
    SELECT id FROM patients_patient WHERE identity_index = %(identity)s
    UNION SELECT id FROM patients_patient WHERE insurance_index = %(insurance)s
    UNION (SELECT patient_id FROM patients_contactpoint WHERE value_index = ANY(%(reached)s) LIMIT %(most)s)
    UNION (SELECT id FROM patients_patient WHERE name_key = ANY(%(names)s)
              AND (birth_year = %(year)s OR birth_year IS NULL)
            ORDER BY (birth_date = %(day)s) DESC NULLS LAST, last_encounter_on DESC NULLS LAST LIMIT %(most)s)
)
SELECT {CARD},
       p.name_key, p.identity_index, p.insurance_index, concat_ws(', ', nullif(p.address_line, ''),
       nullif(p.commune, ''), nullif(p.province, '')),
       EXISTS (SELECT FROM patients_contactpoint c WHERE c.patient_id = p.id AND c.value_index = ANY(%(reached)s)),
       ARRAY(SELECT r.full_name FROM patients_relative r WHERE r.patient_id = p.id ORDER BY r.is_guardian DESC, r.id)
  FROM hits JOIN patients_patient p USING (id) WHERE p.id IS DISTINCT FROM %(but)s
"""


def likely_duplicates(person: Person, *, but: int | None = None, limit: int = SHOWN) -> list[LikelyDuplicate]:
    """Registered patients who may be this person, the likeliest first. One statement.

    Compared without accents and in any order of the words: same identity or insurance number, same phone
    (stronger when the names are alike), same name with the same year or date of birth. `but` is a patient
    to leave out: the one being corrected.
    """
    name_key = name_keys(person.full_name)[0] if person.full_name else ""
    reached = [contact_keys(kind, phone).value_index for phone in person.phones for kind in (PHONE, ZALO)]
    reached += [contact_keys(EMAIL, email).value_index for email in person.emails]
    values: dict[str, Any] = {
        "identity": identity_index(person.identity_number),
        "insurance": insurance_index(person.insurance_number),
        "reached": reached,
        # Of a name alone there are thousands; without a birth it says nothing.
        "names": _orders(name_key) if name_key and person.birth else [],
        "year": person.birth.year if person.birth else None,
        "day": person.birth.date if person.birth else None,
        "most": _CANDIDATES,
        "but": but,
    }
    if not (values["names"] or reached or values["identity"] or values["insurance"]):
        return []
    with connection.cursor() as cursor:
        cursor.execute(_FIND, values)
        rows = cursor.fetchall()
    found = [one for row in rows if (one := _likeness(row, person, name_key, values)) is not None]
    strengths = {reason: place for place, reason in enumerate(Reason)}
    found.sort(key=lambda one: one.patient.last_encounter_on or date.min, reverse=True)
    found.sort(key=lambda one: [strengths[reason] for reason in one.reasons])
    return found[:limit]


def _likeness(
    row: tuple[Any, ...], person: Person, name_key: str, values: dict[str, Any]
) -> LikelyDuplicate | None:
    card, (their_name, identity, insurance, address, same_phone, relatives) = row[:10], row[10:]
    their_year, their_day = row[3], row[4]
    reasons: list[Reason] = []
    if identity is not None and identity == values["identity"]:
        reasons.append(Reason.IDENTITY)
    if insurance is not None and insurance == values["insurance"]:
        reasons.append(Reason.INSURANCE)
    if same_phone and name_key and names_alike(name_key, their_name):
        reasons.append(Reason.PHONE_AND_NAME)
    if name_key and sorted(name_key.split()) == sorted(their_name.split()) and person.birth:
        reason = _same_birth(person.birth, their_year, their_day)
        # Two of one name born in one year are often two people; of two sexes they surely are.
        if reason and (reason is Reason.NAME_AND_DATE or not sexes_differ(person.sex, row[5])):
            reasons.append(reason)
    if same_phone and Reason.PHONE_AND_NAME not in reasons:
        reasons.append(Reason.PHONE)
    if not reasons:
        return None
    reasons.sort(key=list(Reason).index)
    return LikelyDuplicate(found_patient(card, ()), tuple(reasons), address, tuple(relatives))


def _same_birth(birth: Birth, their_year: int | None, their_day: date | None) -> Reason | None:
    if their_year is None:
        return Reason.NAME
    if birth.year != their_year:
        return None
    if birth.date is None or their_day is None:
        return Reason.NAME_AND_YEAR
    return Reason.NAME_AND_DATE if birth.date == their_day else None


def _orders(name_key: str) -> list[str]:
    """The orders in which the words of a name are written: every one of a short name, the usual ones of a long."""
    words = name_key.split()
    if len(words) <= _WORDS_PERMUTED:
        return sorted({" ".join(order) for order in permutations(words)})
    turned = [words[place:] + words[:place] for place in range(len(words))]
    return sorted({" ".join(order) for order in [*turned, list(reversed(words))]})


def identity_holder(number: str, *, but: int | None = None) -> tuple[int, str, str] | None:
    """Id, code and name of the active patient who has this identity number."""
    index = identity_index(number)
    if index is None:
        return None
    return (
        Patient.objects.filter(identity_index=index, status=PatientStatus.ACTIVE)
        .exclude(pk=but or 0)
        .values_list("pk", "code", "full_name")
        .first()
    )


def identity_holders(indexes: Iterable[int]) -> dict[int, int]:
    """Which active patient holds each identity index. For imports, which check a batch before writing it."""
    held = Patient.objects.filter(identity_index__in=list(indexes), status=PatientStatus.ACTIVE)
    return {index: pk for index, pk in held.values_list("identity_index", "pk") if index is not None}
