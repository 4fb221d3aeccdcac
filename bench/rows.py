"""The rows of a large hospital as lines for COPY, each computed from its number.

Nothing here looks anything up: who comes when is arithmetic, so any stretch of rows can be made by any process.
Patients come in three rounds, each in another order, so that the visits of one patient lie far apart in the
table, as they do where they were written one after the other over three years.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from random import Random
from typing import Any, Final

from django.apps import apps

from tantam.demo.addresses import address
from tantam.demo.catalogue import Illness, illnesses
from tantam.demo.days import ZONE
from tantam.demo.names import FAMILIES, GIVENS, MIDDLES, generation
from tantam.lib.crypto import default_keyring
from tantam.lib.fields import EncryptedTextField
from tantam.lib.names import fold, reversed_words
from tantam.patients.rules.keys import IDENTITY, INSURANCE, PHONE, PHONE_TAIL

SITES: Final = 4
DOCTORS: Final = 200
ROUNDS: Final = 3
DAYS: Final = 1_095
RULE_DAYS: Final = 3
# Of ten re-examinations three are open and near: from so many days ago, for so many days.
NEAR_FROM, NEAR_DAYS = -7, 40
CLAIMED_EVERY: Final = 1_500
AGENTS: Final = 8
PASSWORD: Final = "bench-password-2026"
MOBILE: Final = (
    "32", "33", "34", "35", "36", "37", "38", "39", "70", "76", "77", "78", "79", "81", "82", "83", "84", "85", "86",
    "88", "90", "91", "93", "94", "96", "97", "98",
)  # fmt: skip
ALLERGENS: Final = (
    "Penicillin", "Amoxicillin", "Ceftriaxon", "Ibuprofen", "Aspirin", "Diclofenac", "Cotrimoxazol", "Paracetamol",
    "Tôm, cua", "Đậu phộng",
)  # fmt: skip

Line = list[str]


@dataclass(frozen=True)
class Hospital:
    """A hospital of `size` patients as it stands on `today`; every row is a function of its number."""

    size: int
    today: date
    rounds: tuple[tuple[int, int], ...] = field(init=False)

    def __post_init__(self) -> None:
        steps = [_coprime(self.size, start) for start in (7_919, 104_729, 1_299_709)]
        object.__setattr__(self, "rounds", tuple((step, 13 * step % self.size) for step in steps))

    # --- who comes when ----------------------------------------------------------------------------

    def patient_of(self, encounter: int) -> int:
        """The patient of the `visit`-th visit, counted from 0 in the order of time."""
        turn, place = divmod(encounter, self.size)
        step, shift = self.rounds[turn]
        return (step * place + shift) % self.size + 1

    def last_encounter_of(self, patient: int) -> int:
        _step, shift = self.rounds[-1]
        place = (patient - 1 - shift) * self._inverse % self.size
        return (ROUNDS - 1) * self.size + place

    @cached_property
    def _inverse(self) -> int:
        return pow(self.rounds[-1][0], -1, self.size)

    def day_of(self, encounter: int) -> date:
        return self.today - timedelta(days=DAYS - encounter * DAYS // (ROUNDS * self.size))

    def site_of(self, patient: int) -> int:
        return 1 + (patient * 2_654_435_761 >> 7) % SITES

    def doctor_of(self, encounter: int, patient: int) -> int:
        """Doctors are numbered by site: 1 to 50 work at the first."""
        each = DOCTORS // SITES
        return 1 + (self.site_of(patient) - 1) * each + encounter % each

    def anchor_of(self, place: int) -> tuple[date, str]:
        """The date of the `place`-th re-examination and its state."""
        kind = place % 10
        if kind < 3:
            offset = NEAR_FROM + (place // 10 * 7 + kind) % NEAR_DAYS
            return self.today + timedelta(
                days=offset
            ), "confirmed" if place % 7 == 0 and offset >= 0 else "planned"
        if kind == 3:
            return self.today + timedelta(days=NEAR_FROM + NEAR_DAYS + place // 10 % 150), "planned"
        seen_on = self.day_of((ROUNDS - 1) * self.size + place)
        since = max((self.today - seen_on).days - 1, 1)
        day = seen_on + timedelta(days=1 + place // 10 % since)
        return min(day, self.today - timedelta(days=1)), "cancelled" if kind == 9 else "done"


def agent(number: int) -> str:
    """The user name of the `number`-th care agent, counted from 1."""
    return f"agent{number}"


def local_today() -> date:
    """The day it is at the sites."""
    return datetime.now(ZONE).date()


def _coprime(size: int, start: int) -> int:
    from math import gcd

    step = start % size or 1
    while gcd(step, size) != 1:
        step += 1
    return step


# --- words ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Words:
    """All that follows the family name, with its keys made once."""

    written: list[str]
    shares: list[float]
    folded: dict[str, str]
    backward: dict[str, str]


@lru_cache(maxsize=8)
def _rest_of_name(sex: str, era: str) -> _Words:
    shares: dict[str, float] = {}
    given = GIVENS[sex, era]
    for position, last in enumerate(given):
        popular = 1.0 / (position + 4)
        for middle in MIDDLES[sex, era]:
            shares[f"{middle} {last}"] = shares.get(f"{middle} {last}", 0) + popular
            if middle == "Thị":
                for first in given[:12]:
                    shares[f"Thị {first} {last}"] = shares.get(f"Thị {first} {last}", 0) + popular / 18
    names = list(shares)
    return _Words(
        names,
        list(shares.values()),
        {name: fold(name) for name in names},
        {name: reversed_words(fold(name)) for name in names},
    )


_FAMILY_KEYS: Final = {name: (fold(name), reversed_words(fold(name))) for name in FAMILIES}


@lru_cache(maxsize=1)
def _addresses() -> list[tuple[str, str, str]]:
    chance = Random("addresses")
    homes = [address(chance) for _home in range(4_000)]
    return [(home["province"], home["commune"], home["address_line"]) for home in homes]


@lru_cache(maxsize=1)
def _shelf() -> list[Illness]:
    return [one for one in illnesses() for _share in range(one.weight)]


def _illness(patient: int) -> Illness:
    shelf = _shelf()
    return shelf[patient * 40_503 % len(shelf)]


# --- the tables -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: which columns are made, how many rows there are, and the rows from one number to another."""

    table: str
    columns: tuple[str, ...]
    count: Callable[[Hospital], int]
    lines: Callable[[Hospital, int, int], Iterator[Line]]


def _seal_of(model: str, column: str) -> Callable[[str], bytes]:
    """How values of a column are sealed; the model by its name, for this is read before Django is set up."""
    field = apps.get_model(model)._meta.get_field(column)
    assert isinstance(field, EncryptedTextField)
    return field.seal


def patients(hospital: Hospital, first: int, last: int) -> Iterator[Line]:
    chance = Random(first)
    ring = default_keyring()
    seal_identity, seal_insurance = (
        _seal_of("patients.Patient", name) for name in ("identity_number", "insurance_number")
    )
    homes = _addresses()
    count = last - first
    families = chance.choices(list(FAMILIES), list(FAMILIES.values()), k=count)
    this_year = hospital.today.year
    for number, family in zip(range(first + 1, last + 1), families, strict=True):
        age = int(chance.triangular(0, 92, 36))
        sex = "female" if chance.random() < 0.53 else "male"
        words = _rest_of_name(sex, generation(age))
        rest = chance.choices(words.written, words.shares)[0]
        forward, backward = _FAMILY_KEYS[family]
        year = this_year - age - 1
        identity = insurance = sealed_identity = sealed_insurance = ""
        if age > 14 and chance.random() < 0.6:
            mark = 2 * (year // 100 - 19) + (sex == "female")
            identity = f"0{chance.randrange(1, 96):02d}{mark}{year % 100:02d}{number % 1_000_000:06d}"
            sealed_identity = seal_identity(identity).hex()
        if chance.random() < 0.3:
            insurance = f"{number:010d}"
            sealed_insurance = seal_insurance(insurance).hex()
        province, commune, line = homes[chance.randrange(len(homes))]
        born = (
            "\\N"
            if age > 60 and number % 5 == 0
            else f"{year}-{chance.randrange(1, 13):02d}-{chance.randrange(1, 29):02d}"
        )
        yield [
            str(number), f"BN-{number:06d}", f"{family} {rest}", f"{forward} {words.folded[rest]}",
            f"{words.backward[rest]} {backward}", str(year), born, sex,
            f"\\\\x{sealed_identity}", str(ring.blind_index(IDENTITY, identity)) if identity else "\\N",
            f"\\\\x{sealed_insurance}", str(ring.blind_index(INSURANCE, insurance)) if insurance else "\\N",
            province, commune, line, "{frail}" if age > 80 and number % 3 == 0 else "{}",
            str(hospital.site_of(number)), hospital.day_of(hospital.last_encounter_of(number)).isoformat(),
        ]  # fmt: skip


def phone_of(number: int) -> str:
    """The first phone of a patient, for the generator and for the searches alike."""
    mixed = number * 2_654_435_761 & 0xFFFFFFFF
    return f"+84{MOBILE[mixed % len(MOBILE)]}{(mixed >> 5) % 10_000_000:07d}"


def contact_points(hospital: Hospital, first: int, last: int) -> Iterator[Line]:
    """A phone each; every fifth patient has a second one, of a relative."""
    ring = default_keyring()
    seal = _seal_of("patients.ContactPoint", "value")
    for number in range(first + 1, last + 1):
        phones = [(phone_of(number), "self", "t")]
        if number % 5 == 0:
            phones.append((phone_of(number + 77_777_777), "child", "f"))
        for phone, owner, preferred in phones:
            yield [
                str(number), "phone", f"\\\\x{seal(phone).hex()}", str(ring.blind_index(PHONE, phone)),
                str(ring.blind_index(PHONE_TAIL, phone[-4:])), owner, preferred,
            ]  # fmt: skip


def encounters(hospital: Hospital, first: int, last: int) -> Iterator[Line]:
    chance = Random(first)
    reason, symptoms = _seal_of("records.Encounter", "reason"), _seal_of("records.Encounter", "symptoms")
    for encounter in range(first, last):
        patient = hospital.patient_of(encounter)
        illness = _illness(patient)
        day = hospital.day_of(encounter).isoformat()
        minute = chance.randrange(7 * 60, 16 * 60)
        started, ended = (f"{day} {at // 60:02d}:{at % 60:02d}:00+07" for at in (minute, minute + 20))
        is_last = encounter >= (ROUNDS - 1) * hospital.size
        yield [
            str(encounter + 1), str(patient), str(hospital.site_of(patient)), str(1 + patient % 8),
            str(hospital.doctor_of(encounter, patient)), "finished", started, ended,
            f"\\\\x{reason(illness.reasons[encounter % len(illness.reasons)]).hex()}",
            f"\\\\x{symptoms(illness.symptoms[encounter % len(illness.symptoms)]).hex()}",
            illness.advice[encounter % len(illness.advice)] if is_last or encounter % 2 else "", ended,
        ]  # fmt: skip


def _last_round(hospital: Hospital, first: int, last: int) -> Iterator[tuple[int, int, int, str]]:
    """Place, visit, patient and day of the last visits."""
    for place in range(first, last):
        encounter = (ROUNDS - 1) * hospital.size + place
        yield place, encounter, hospital.patient_of(encounter), hospital.day_of(encounter).isoformat()


def diagnoses(hospital: Hospital, first: int, last: int) -> Iterator[Line]:
    for _place, encounter, patient, day in _last_round(hospital, first, last):
        illness = _illness(patient)
        yield [str(patient), str(encounter + 1), illness.code, illness.text, "t", day]


def prescriptions(hospital: Hospital, first: int, last: int) -> Iterator[Line]:
    """Three patients in ten left with medicines."""
    for place, encounter, patient, day in _last_round(hospital, first, last):
        shelf = _illness(patient).medicines
        if place % 10 >= 4 or not shelf:
            continue
        for medicine in shelf[place % len(shelf)]:
            yield [
                str(patient), str(encounter + 1), medicine.drug, medicine.amount, str(medicine.times_a_day or 1),
                str(medicine.days or 30), medicine.meals, day,
            ]  # fmt: skip


def reexaminations(hospital: Hospital, first: int, last: int) -> Iterator[Line]:
    for place, encounter, patient, day in _last_round(hospital, first, last):
        due_on, status = hospital.anchor_of(place)
        illness = _illness(patient)
        yield [
            str(place + 1), str(patient), str(encounter + 1), str(hospital.site_of(patient)), str(1 + patient % 8),
            str(hospital.doctor_of(encounter, patient)), due_on.isoformat(), status,
            illness.purpose[place % len(illness.purpose)], f"{day} 16:30:00+07",
        ]  # fmt: skip


def allergies(hospital: Hospital, first: int, last: int) -> Iterator[Line]:
    """Every fifth patient; as common as searches and screens may ever meet."""
    for number in range(first * 5 + 3, last * 5 + 3, 5):
        agent = ALLERGENS[number // 5 % len(ALLERGENS)]
        patient = (number - 1) % hospital.size + 1
        yield [str(patient), agent, fold(agent), "Nổi mẩn ngứa", "moderate", "confirmed"]


def tasks(hospital: Hospital, first: int, last: int) -> Iterator[Line]:
    """An open contact for each re-examination that is near, a few of them held by somebody."""
    for number in range(first, last):
        place = number // 3 * 10 + number % 3
        encounter = (ROUNDS - 1) * hospital.size + place
        patient = hospital.patient_of(encounter)
        anchor, _status = hospital.anchor_of(place)
        is_claimed = number % CLAIMED_EVERY == 0
        yield [
            "1", "reexamination", str(place + 1), "0", str(patient), str(hospital.site_of(patient)),
            str(1 + patient % 8), str(encounter + 1), str(place + 1), str(hospital.doctor_of(encounter, patient)),
            "before_reexamination", "call", str(1 + (number * 7 + 3) % 11 // 3), anchor.isoformat(),
            (anchor - timedelta(days=RULE_DAYS)).isoformat(), str(24 if number % 5 else 8 + number % 6 * 2), "open",
            "care_agent", "2" if is_claimed else "\\N", f"{hospital.today} 08:00:00+07" if is_claimed else "\\N",
            str(1 if number % 9 == 0 else 0), "t" if number % 997 == 0 else "f", "",
        ]  # fmt: skip


def consents(hospital: Hospital, first: int, last: int) -> Iterator[Line]:
    for number in range(first + 1, last + 1):
        day = hospital.today - timedelta(days=DAYS)
        yield [str(number), "care_contact", "given" if number % 25 else "refused", "1", "in_person", "self",
               f"{day} 08:00:00+07"]  # fmt: skip


def _each(hospital: Hospital) -> int:
    return hospital.size


SHEETS: Final = (
    Sheet("patients_patient", (
        "id", "code", "full_name", "name_key", "name_key_reversed", "birth_year", "birth_date", "sex",
        "identity_number", "identity_index", "insurance_number", "insurance_index", "province", "commune",
        "address_line", "vulnerability", "home_site_id", "last_encounter_on",
    ), _each, patients),
    Sheet("patients_contactpoint", (
        "patient_id", "kind", "value", "value_index", "tail_index", "owner", "is_preferred",
    ), _each, contact_points),
    Sheet("records_encounter", (
        "id", "patient_id", "site_id", "speciality_id", "doctor_id", "status", "started_at", "ended_at", "reason",
        "symptoms", "advice", "created_at",
    ), lambda hospital: ROUNDS * hospital.size, encounters),
    Sheet("records_diagnosis", ("patient_id", "encounter_id", "code", "text", "is_main", "noted_on"), _each, diagnoses),
    Sheet("records_prescriptionline", (
        "patient_id", "encounter_id", "drug", "amount", "times_a_day", "days", "meals", "started_on",
    ), _each, prescriptions),
    Sheet("records_reexamination", (
        "id", "patient_id", "encounter_id", "site_id", "speciality_id", "doctor_id", "due_on", "status", "purpose",
        "created_at",
    ), _each, reexaminations),
    Sheet("records_allergy", (
        "patient_id", "agent", "agent_key", "reaction", "severity", "certainty",
    ), lambda hospital: hospital.size // 5, allergies),
    Sheet("care_caretask", (
        "rule_id", "source_kind", "source_id", "occurrence", "patient_id", "site_id", "speciality_id", "encounter_id",
        "reexamination_id", "doctor_id", "occasion", "action", "priority", "anchor_on", "due_on", "best_hour",
        "status", "assigned_role", "claimed_by_id", "claimed_at", "attempts", "needs_supervisor", "closed_reason",
    ), lambda hospital: hospital.size // 10 * 3, tasks),
    Sheet("privacy_consent", (
        "patient_id", "purpose", "decision", "text_id", "channel", "decided_by", "decided_at",
    ), _each, consents),
)  # fmt: skip


def constants(model: Any, columns: tuple[str, ...]) -> dict[str, str]:
    """The columns nobody makes and the database gives no default for, with what the model would write."""
    from django.db import models
    from django.db.models.fields import NOT_PROVIDED

    found: dict[str, str] = {}
    for one in model._meta.concrete_fields:
        by_database = getattr(one, "db_default", NOT_PROVIDED) is not NOT_PROVIDED
        if one.column is None or one.column in columns or one.primary_key or one.null or by_database:
            continue
        default = one.get_default() if one.has_default() else ""
        if one.get_internal_type() == "BinaryField":
            found[one.column] = "\\\\x"
        elif isinstance(one, models.BooleanField):
            found[one.column] = "t" if default else "f"
        elif default in ([], {}):
            found[one.column] = "[]" if isinstance(one, models.JSONField) else "{}"
        else:
            found[one.column] = str(default)
    return found
