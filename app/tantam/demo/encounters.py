"""Two years of visits: slips with diagnoses, prescriptions and measurements, and the dates to come again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from tantam.accounts.permissions import Role
from tantam.demo.catalogue import Illness, Medicine
from tantam.demo.days import at, minutes
from tantam.demo.people import Somebody
from tantam.demo.tables import Row
from tantam.demo.world import Doctor, World
from tantam.lib.names import fold
from tantam.patients.events import PatientsEvent
from tantam.records.events import RecordEvent

# agent, kind, reaction, severity, certainty, what of the shelves it forbids
ALLERGIES: Final = (
    ("Penicillin", "drug", "Nổi mày đay toàn thân", "moderate", "confirmed", ("amoxicillin",)),
    ("Amoxicillin", "drug", "Phát ban, ngứa", "mild", "suspected", ("amoxicillin",)),
    ("Ceftriaxon", "drug", "Sốc phản vệ độ II khi tiêm", "severe", "confirmed", ("cef",)),
    ("Ibuprofen", "drug", "Phù mi mắt, khó thở nhẹ", "moderate", "confirmed", ("ibuprofen", "meloxicam", "coxib")),
    ("Aspirin", "drug", "Lên cơn hen", "severe", "confirmed", ("aspirin", "ibuprofen", "meloxicam")),
    ("Diclofenac", "drug", "Phù mặt", "moderate", "suspected", ("ibuprofen", "meloxicam", "coxib")),
    ("Cotrimoxazol", "drug", "Ban đỏ dạng dát sẩn", "moderate", "confirmed", ()),
    ("Paracetamol", "drug", "Ngứa, nổi mẩn", "mild", "suspected", ("paracetamol",)),
    ("Lidocain", "drug", "Hồi hộp, choáng khi gây tê", "unknown", "suspected", ()),
    ("Thuốc cản quang chứa iod", "drug", "Nổi mề đay sau chụp CT", "moderate", "confirmed", ()),
    ("Tôm, cua", "food", "Ngứa miệng, nổi mề đay", "mild", "confirmed", ()),
    ("Đậu phộng", "food", "Sưng môi, khó thở", "severe", "confirmed", ()),
    ("Phấn hoa", "environment", "Hắt hơi, chảy mũi", "mild", "confirmed", ()),
    ("Găng tay latex", "environment", "Đỏ ngứa vùng tiếp xúc", "mild", "confirmed", ()),
)  # fmt: skip
_ALLERGY_SHARES = (14, 10, 4, 8, 4, 5, 4, 4, 5, 4, 14, 3, 6, 3)
CANCEL_REASONS: Final = (
    "Bệnh nhân bận việc, sẽ tự đặt lại", "Đã khám ở nơi gần nhà", "Về quê dài ngày", "Thấy khỏe, không muốn tái khám",
    "Gọi nhiều lần không liên lạc được",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Slot:
    """A re-examination to come: with whom, when."""

    doctor: Doctor
    day: date
    minute: int


def live_through(world: World, who: Somebody, slot: Slot | None, other: Illness | None) -> None:
    """Write the patient's visits: towards `slot` when they have one, else ending some time ago.

    `other` is a second, unrelated complaint they once came with.
    """
    days = _days(world, who, slot)
    known = _known_allergies(world, who)
    aside = _aside(world, days) if other is not None else None
    encounters: list[Row] = []
    for number, day in enumerate(days):
        if aside is not None and other is not None and aside < day:
            _encounter(world, who, other, aside, 0)
            aside = None
        encounters.append(_encounter(world, who, who.illness, day, number))
    for number, encounter in enumerate(encounters[:-1]):
        _kept(world, who, encounter, encounters[number + 1])
    _next(world, who, encounters[-1], slot)
    who.patient["last_encounter_on"] = max(encounter["started_at"].date() for encounter in who.encounters)
    for allergy in known:
        allergy["noted_at"] = who.encounters[0]["started_at"] + timedelta(minutes=4)
        world.tell(RecordEvent.ALLERGY_NOTED, allergy, allergy["noted_at"], who.doctor.member)


def _days(world: World, who: Somebody, slot: Slot | None) -> list[date]:
    """The days of the visits for the illness, oldest first."""
    chance, days, illness = world.chance, world.days, who.illness
    if slot is not None:
        ahead = (slot.day - days.today).days
        fitting = [gap for gap in illness.again if gap > ahead]
        last = days.open_day(slot.day - timedelta(days=chance.choice(fitting)), -1)
    else:
        last = days.open_day(days.ago(3 + int(715 * chance.random() ** 1.1)), -1)
    fewest, most = illness.encounters
    count = (
        min(most, 1 + int(chance.expovariate(1 / 2.7))) if illness.chronic else chance.randint(fewest, most)
    )
    found = [last]
    while len(found) < count:
        gap = chance.choice(illness.again) + (
            chance.randrange(-2, 9) if illness.chronic else chance.randrange(3)
        )
        before = days.open_day(found[0] - timedelta(days=max(gap, 1)), -1)
        if before < days.beginning or who.age_on(before) < illness.ages[0] - 1:
            break
        found.insert(0, before)
    return found


def _aside(world: World, days: list[date]) -> date | None:
    earliest = world.days.beginning
    span = (days[-1] - earliest).days
    return (
        world.days.open_day(earliest + timedelta(days=world.chance.randrange(span)), -1)
        if span > 20
        else None
    )


def _encounter(world: World, who: Somebody, illness: Illness, day: date, number: int) -> Row:
    chance, doctor = world.chance, who.doctor
    started = world.days.encounter_moment(who.place, day, chance)
    if "created_at" not in who.patient:
        _register(world, who, started - timedelta(minutes=chance.randrange(8, 40)))
    ended = started + timedelta(minutes=chance.randrange(9, 40))
    pick = who.choice + number
    encounter = world.encounters.add(
        patient=who.patient,
        site=doctor.site,
        department=world.department_of[doctor.site["code"], doctor.person.speciality],
        speciality=world.speciality_of[doctor.person.speciality],
        doctor=doctor.practitioner,
        kind="dental" if who.place.kind == "dental" else "outpatient",
        status="finished",
        started_at=started,
        ended_at=ended,
        reason=illness.stage(illness.reasons, number, pick),
        symptoms=illness.stage(illness.symptoms, number, pick),
        advice=illness.stage(illness.advice, number, pick),
        clinical_notes=illness.stage(illness.notes, number, pick),
        created_at=ended,
        created_by=doctor.member,
    )
    who.encounters.append(encounter)
    diagnoses = _diagnose(world, who, illness, encounter, day)
    medicines = _prescribe(world, who, illness, encounter, day)
    _measure(world, who, illness, encounter, started)
    world.tell(
        PatientsEvent.VIEWED, who.patient, started, doctor.member, look="patient_page", site=doctor.site
    )
    world.tell(
        RecordEvent.ENCOUNTER_WRITTEN, encounter, ended, doctor.member,
        doctor=doctor.practitioner, diagnoses=diagnoses, medicines=medicines,
    )  # fmt: skip
    return encounter


def _register(world: World, who: Somebody, moment: datetime) -> None:
    clerk = world.somebody(Role.RECEPTIONIST, who.place.code)
    who.patient.update(created_at=moment, created_by=clerk)
    for point in who.points:
        point["verified_at"] = moment if world.chance.random() < 0.7 else None


def _diagnose(world: World, who: Somebody, illness: Illness, encounter: Row, day: date) -> list[Row]:
    found = [(illness.code, illness.text, True)]
    if illness.also and (who.choice % 3 == 0):
        code, text = illness.also[who.choice % len(illness.also)]
        found.append((code, text, False))
    is_over = not illness.chronic and (world.days.today - day).days > 45
    rows = []
    for code, text, is_main in found:
        row = world.diagnoses.add(
            patient=who.patient,
            encounter=encounter,
            code=code,
            code_system="icd10",
            text=text,
            is_main=is_main,
            status="resolved" if is_over else "active",
            resolved_on=day + timedelta(days=21) if is_over else None,
            noted_on=day,
        )
        rows.append(row)
    return rows


def _prescribe(world: World, who: Somebody, illness: Illness, encounter: Row, day: date) -> int:
    if not illness.medicines:
        return 0
    shelf = illness.medicines[who.choice % len(illness.medicines)]
    wanted = [line for line in shelf if not _forbidden(who, line)]
    for line in wanted:
        days = line.days or (illness.again[who.choice % len(illness.again)] if illness.chronic else 7)
        world.lines.add(
            patient=who.patient,
            encounter=encounter,
            drug=line.drug,
            amount=line.amount,
            times_a_day=line.times_a_day,
            days=days,
            meals=line.meals,
            note=line.note,
            status="completed" if day + timedelta(days=days) < world.days.ago(10) else "active",
            started_on=day,
        )
    who.medicines = [line.drug for line in wanted]
    return len(wanted)


def _forbidden(who: Somebody, line: Medicine) -> bool:
    name = fold(line.drug)
    return any(part in name for part in who.forbidden)


def _measure(world: World, who: Somebody, illness: Illness, encounter: Row, moment: datetime) -> None:
    chance = world.chance
    age = who.age_on(moment.date())
    weight = 9 + 2.6 * age if age < 16 else 46 + who.choice % 34
    measured: list[tuple[str, float, str]] = []
    if illness.vitals == "pressure":
        high = chance.gauss(138 if illness.code.startswith(("I", "E1")) else 114, 10)
        measured = [
            ("8480-6", round(high), "mm[Hg]"),
            ("8462-4", round(high * 0.55 + chance.gauss(6, 4)), "mm[Hg]"),
            ("8867-4", round(chance.gauss(78, 8)), "/min"),
            ("29463-7", round(weight + chance.gauss(0, 1), 1), "kg"),
        ]
    elif illness.vitals == "fever":
        measured = [
            ("8310-5", round(chance.uniform(36.7, 39.1), 1), "Cel"),
            ("29463-7", round(weight + chance.gauss(0, 0.3), 1), "kg"),
        ]
    elif illness.vitals == "breath":
        measured = [
            ("59408-5", chance.randrange(94, 100), "%"),
            ("9279-1", chance.randrange(15, 24), "/min"),
        ]
    elif illness.vitals == "growth":
        measured = [
            ("29463-7", round(weight, 1), "kg"),
            ("8302-2", round(72 + 7 * age + chance.gauss(0, 2)), "cm"),
        ]
    for kind, value, unit in measured:
        world.vitals.add(
            patient=who.patient,
            encounter=encounter,
            kind=kind,
            value=Decimal(str(value)),
            unit=unit,
            measured_at=moment,
        )


def _known_allergies(world: World, who: Somebody) -> list[Row]:
    """Some six in a hundred are known to be allergic to something when they first come."""
    chance = world.chance
    if chance.random() >= 0.056:
        return []
    drawn = chance.choices(ALLERGIES, _ALLERGY_SHARES, k=2 if chance.random() < 0.12 else 1)
    known = []
    for agent, kind, reaction, severity, certainty, forbids in dict.fromkeys(drawn):
        allergy = world.allergies.add(
            patient=who.patient,
            kind=kind,
            agent=agent,
            agent_key=fold(agent),
            reaction=reaction,
            severity=severity,
            certainty="refuted" if chance.random() < 0.04 else certainty,
            noted_by=who.doctor.member,
        )
        known.append(allergy)
        who.forbidden.update(forbids)
        who.allergies.add(agent)
    return known


def _plan(world: World, who: Somebody, encounter: Row, due_on: date, **more: object) -> Row:
    illness = who.illness
    planned = world.reexaminations.add(
        patient=who.patient,
        encounter=encounter,
        site=encounter["site"],
        speciality=encounter["speciality"],
        doctor=encounter["doctor"],
        due_on=due_on,
        purpose=illness.stage(illness.purpose, len(who.encounters) - 1, who.choice),
        created_at=encounter["ended_at"],
        **more,
    )
    world.tell(
        RecordEvent.REEXAMINATION_PLANNED, planned, encounter["ended_at"], who.doctor.member,
        due_on=due_on, doctor=encounter["doctor"],
    )  # fmt: skip
    return planned


def _kept(world: World, who: Somebody, encounter: Row, after: Row) -> None:
    """A date that was kept: by coming on it or within a few days of it."""
    came = after["started_at"].date()
    earliest = encounter["started_at"].date() + timedelta(days=1)
    wanted = came + timedelta(days=world.chance.choice((0, 0, 0, 0, -1, -2, 1)))
    due_on = max(world.days.open_day(wanted, -1), earliest)
    planned = _plan(world, who, encounter, due_on, status="done", met_by=after)
    world.tell(RecordEvent.REEXAMINATION_DONE, planned, after["ended_at"], who.doctor.member)


def _next(world: World, who: Somebody, encounter: Row, slot: Slot | None) -> None:
    """The date after the last visit: the slot, one that was missed or given up, or none."""
    chance, days = world.chance, world.days
    if slot is not None:
        _plan(world, who, encounter, slot.day, at_time=at(slot.day, slot.minute).time(), status="planned")
        return
    if chance.random() > (0.6 if who.illness.chronic else 0.3):
        return
    due_on = days.open_day(encounter["started_at"].date() + timedelta(days=chance.choice(who.illness.again)))
    if due_on >= days.today:
        return
    if (days.today - due_on).days > 50 or chance.random() < 0.35:
        given_up = _plan(
            world, who, encounter, due_on, status="cancelled", change_reason=chance.choice(CANCEL_REASONS)
        )
        moment = at(due_on - timedelta(days=1), minutes(who.place.hours[0][0]) + chance.randrange(200))
        world.tell(
            RecordEvent.REEXAMINATION_CANCELLED, given_up, max(moment, encounter["ended_at"]),
            world.somebody(Role.CARE_AGENT, who.place.code), due_on=due_on, doctor=encounter["doctor"],
        )  # fmt: skip
    else:
        _plan(world, who, encounter, due_on, status="planned")
