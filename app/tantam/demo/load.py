"""Loading the demonstration: invented in memory, written in one transaction, planned by the real planner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.utils import timezone

from tantam.accounts.models import Member
from tantam.care.planner.runs import plan_all
from tantam.demo.calls import CARE_BEGAN_DAYS_AGO, Desk
from tantam.demo.catalogue import Illness, illnesses
from tantam.demo.consents import ANSWERS, decide
from tantam.demo.days import ZONE, Days, minutes
from tantam.demo.encounters import Slot, live_through
from tantam.demo.events import DemoEvent
from tantam.demo.logins import give_second_factors
from tantam.demo.people import Households, Somebody, choose_illness, make_person
from tantam.demo.places import ORGANISATION, PLACES
from tantam.demo.rules import asked_for, make_rules
from tantam.demo.staff import PASSWORD
from tantam.demo.staffing import employ, furnish
from tantam.demo.tables import Row, Table
from tantam.demo.world import Doctor, World
from tantam.facility.models import Organisation
from tantam.facility.queries import forget_cached
from tantam.journal.models import Entry
from tantam.journal.operations import record
from tantam.knowledge.models import Guide, GuideVersion
from tantam.knowledge.operations import ensure_starter_guides
from tantam.knowledge.rules.starters import STARTERS
from tantam.lib.errors import Refusal
from tantam.patients.events import PatientsEvent
from tantam.patients.models.codes import DIGITS
from tantam.privacy.models import ConsentText
from tantam.privacy.operations import ensure_consent_texts
from tantam.ui import links

PATIENTS = 5_000
# Re-examinations to come for each doctor of a hospital of 5,000 patients: from day, to day, fewest, most a day.
AHEAD = (
    (0, 0, 10, 14),
    (1, 1, 9, 13),
    (2, 2, 4, 6),
    (3, 3, 3, 4),
    (4, 12, 3, 4),
    (13, 30, 2, 3),
    (31, 85, 0, 1),
)


class NotADemonstration(Refusal):
    code = "not-a-demonstration"
    message = "This database holds members of a real hospital. The demonstration is never mixed with them."


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many patients the demonstration has; `is_new` when this run made it."""

    patients: int
    is_new: bool


def loaded() -> Loaded | None:
    """The demonstration in this database, or None."""
    entry = Entry.objects.filter(event=DemoEvent.LOADED).order_by("-id").first()
    if entry is None:
        return None
    return Loaded(int(entry.detail("patients")), is_new=False)


def load(
    *, patients: int = PATIENTS, today: date | None = None, say: Callable[[str], object] = lambda _words: None
) -> Loaded:
    """Fill an empty database with the demonstration; answers what is there already when it was loaded before.

    The same `patients` and `today` give the same hospital. Refuses with NotADemonstration.
    """
    if there := loaded():
        return there
    if Member.objects.exists():
        raise NotADemonstration
    with transaction.atomic():
        hospital = invent(patients, today or timezone.localdate(timezone=ZONE))
        world = hospital.world
        say(f"{len(world.patients.rows)} patients, {len(world.encounters.rows)} visits")
        _write(hospital)
        give_second_factors()
        result = plan_all(today=world.days.today)
        say(f"{result.planned} contacts planned")
        record(
            DemoEvent.LOADED, Organisation.objects.get(), actor=None, patients=patients,
            today=world.days.today, planned=result.planned,
        )  # fmt: skip
    return Loaded(patients, is_new=True)


@dataclass(frozen=True, slots=True)
class Hospital:
    """All of it in memory. Guides and consent texts stand in by rows that get their numbers when they are there."""

    world: World
    guides: list[tuple[Guide, Row]]
    texts: dict[str, Row]


def invent(patients: int, today: date) -> Hospital:
    """The whole hospital; nothing is written."""
    world = World(Days(today))
    furnish(world)
    employ(world, make_password(PASSWORD))
    people = _people(world, patients)
    world.patients.number()
    for number, patient in enumerate(world.patients.rows, 1):
        patient["code"] = f"{ORGANISATION['patient_code_prefix']}{number:0{DIGITS}d}"
    texts = {purpose: Row("privacy.consenttext", {}) for purpose, _yes, _no in ANSWERS}
    for who in people:
        patient = who.patient
        world.tell(
            PatientsEvent.REGISTERED, patient, patient["created_at"], patient["created_by"], code=patient["code"],
            home_site=patient["home_site"],
        )  # fmt: skip
        decide(world, who, texts)
    guides = [
        (
            Guide(
                occasion=one.occasion,
                diagnosis_prefixes=one.diagnosis_prefixes,
                mark=one.mark,
                starter_key=one.key,
            ),
            Row("knowledge.guideversion", {"questions": list(one.questions)}),
        )
        for one in STARTERS
    ]
    rules = make_rules(world)
    dues = asked_for(world, rules, world.days.ago(CARE_BEGAN_DAYS_AGO))
    Desk(world, {who.patient: who for who in people}, guides).work_through(dues)
    return Hospital(world, guides, texts)


def _people(world: World, count: int) -> list[Somebody]:
    households: Households = {}
    found: list[Somebody] = []
    for slot in _slots(world, count / PATIENTS):
        ahead = (slot.day - world.days.today).days
        illness = choose_illness(world, slot.doctor, longer_than=ahead)
        if illness is not None and len(found) < count:
            found.append(_person(world, slot.doctor, illness, households, slot))
    shares = {place.code: place.share / len(place.specialities) for place in PLACES}
    weights = [shares[doctor.site["code"]] for doctor in world.doctors]
    while len(found) < count:
        doctor = world.chance.choices(world.doctors, weights)[0]
        illness = choose_illness(world, doctor)
        if illness is not None:
            found.append(_person(world, doctor, illness, households, None))
    return found


def _person(
    world: World, doctor: Doctor, illness: Illness, households: Households, slot: Slot | None
) -> Somebody:
    who = make_person(world, doctor, illness, households)
    live_through(world, who, slot, _other_complaint(world, who) if world.chance.random() < 0.12 else None)
    return who


def _other_complaint(world: World, who: Somebody) -> Illness | None:
    age = who.age_on(world.days.today)
    speciality = who.doctor.person.speciality
    fitting = [
        one
        for one in illnesses()
        if speciality in one.specialities
        and not one.pregnancy
        and one is not who.illness
        and one.sex in ("", who.sex)
        and one.ages[0] + 2 <= age <= one.ages[1]
    ]
    return world.chance.choice(fitting) if fitting else None


def _slots(world: World, scale: float) -> list[Slot]:
    """The re-examinations to come: many today and tomorrow, fewer later; none on public holidays but these two."""
    chance, found = world.chance, list[Slot]()
    for doctor in world.doctors:
        place = next(place for place in PLACES if place.code == doctor.site["code"])
        for first, last, fewest, most in AHEAD:
            for ahead in range(first, last + 1):
                day = world.days.ahead(ahead)
                if ahead > 1 and not world.days.is_open(day):
                    continue
                times = list[int]()
                for opens, closes in place.hours_on(day.weekday()):
                    times += range(minutes(opens), minutes(closes) - 14, 15)
                wanted = int(chance.randint(fewest, most) * scale + chance.random())
                for minute in sorted(chance.sample(times, min(wanted, len(times)))):
                    found.append(Slot(doctor, day, minute))
    return found


def _write(hospital: Hospital) -> None:
    """Everything into the tables. The journal first, so that what happens from now on stands after it."""
    Organisation.objects.create(**ORGANISATION)
    forget_cached()
    world = hospital.world
    tables = world.all_tables()
    for table in tables:
        table.number()
    for item in world.bell_items.rows:
        item["url"] = links.url("patient", item["patient_id"].id)
    # Those the journal and the starters point at come first.
    early: list[Table] = [world.sites, world.specialities, world.members, world.entries]
    for table in early:
        table.write()
    forget_cached()
    ensure_consent_texts()
    ensure_starter_guides()
    _number_the_shipped(hospital)
    for table in tables:
        if table not in early:
            table.write()
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('patients_code', %s)", [len(world.patients.rows)])
        cursor.execute("ANALYZE")


def _number_the_shipped(hospital: Hospital) -> None:
    for purpose, row in hospital.texts.items():
        row.id = ConsentText.objects.get(purpose=purpose, language="vi", version=1).pk
    for guide, row in hospital.guides:
        row.id = GuideVersion.objects.get(guide__starter_key=guide.starter_key, number=1).pk
