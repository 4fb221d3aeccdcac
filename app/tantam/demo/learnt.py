"""What a call changes: the record, the doctor's list, the bell, the questions that wait."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tantam.care.events import CareEvent
from tantam.demo.days import at
from tantam.demo.people import Somebody
from tantam.demo.said import DOCTOR_REASONS, MOVE_REASONS, NEEDS, REACTIONS, Talk
from tantam.demo.tables import Row
from tantam.demo.world import Doctor, World
from tantam.lib.dates import format_day, weekday_name
from tantam.lib.names import fold
from tantam.records.events import RecordEvent

BELL_KIND = "care.finding"
LATER = "Bác sĩ đã xem câu hỏi, sẽ trao đổi kỹ khi tái khám; trong lúc chờ, dùng thuốc như đơn."
_ALLERGENS = (
    "Amoxicillin",
    "Cefuroxim",
    "Ibuprofen",
    "Celecoxib",
    "Methimazol",
    "Metronidazol",
    "Clarithromycin",
)


def after_talk(
    world: World, task: Row, who: Somebody, agent: Row, moment: datetime, words: Talk, conversation: Row
) -> None:
    """Everything the conversation led to, each as its own act, in the order in which it came up."""
    chance = world.chance
    just_now = (world.days.today - moment.date()).days <= 4
    weight = 2.2 if just_now else 1.0
    if words.health == "worse" and chance.random() < 0.45 * weight:
        _condition_changed(world, task, who, agent, moment)
    if chance.random() < 0.012 * weight:
        _allergy(world, task, who, agent, moment)
    if chance.random() < 0.09 * weight:
        _question(world, task, who, agent, moment)
    if chance.random() < 0.018 * weight:
        _unmet_need(world, task, who, agent, moment)
    if words.confirmation in ("unsure", "declined") and chance.random() < 0.6:
        _moved_before(world, task, who, agent, moment)
    if chance.random() < 0.006:
        _other_doctor(world, task, who, agent, moment)
    note(
        world, "conversation", words.in_words, task, who, agent, moment + timedelta(minutes=2),
        quiet=not words.is_worrying and words.confirmation != "declined",
        conversation=conversation, experience=words.experience, health=words.health, confirmation=words.confirmation,
    )  # fmt: skip


def note(
    world: World,
    kind: str,
    summary: str,
    task: Row,
    who: Somebody,
    agent: Row,
    moment: datetime,
    *,
    quiet: bool = False,
    doctor: Doctor | None = None,
    **details: Any,
) -> Row:
    """One finding on the doctor's list, with its entry and, unless quiet, its line in the bell."""
    responsible = doctor or who.doctor
    seen_at = _seen(world, who, moment, is_routine=quiet)
    finding = world.findings.add(
        patient=who.patient, doctor=responsible.practitioner, site=task["site"], task=task, kind=kind,
        summary=summary, details=details, learnt_at=moment, learnt_by=agent, seen_at=seen_at,
        seen_by=responsible.member if seen_at else None,
    )  # fmt: skip
    told = [] if quiet else [responsible.member]
    world.tell(
        CareEvent.FINDING_NOTED, finding, moment, agent, kind=kind, doctor=responsible.practitioner, told=told
    )
    if seen_at:
        world.tell(CareEvent.FINDINGS_SEEN, finding, seen_at, responsible.member)
    if told and (world.days.today - moment.date()).days < 90:
        world.bell_items.add(
            member=responsible.member, kind=BELL_KIND, patient_id=who.patient,
            details={"finding": finding, "finding_kind": kind, "patient_code": who.patient["code"]},
            created_at=moment, read_at=seen_at,
        )  # fmt: skip
    return finding


def _seen(world: World, who: Somebody, moment: datetime, *, is_routine: bool) -> datetime | None:
    """Doctors read before the visit, or some days later; what was learnt lately many have not read yet."""
    next_encounter = next(
        (encounter["started_at"] for encounter in who.encounters if encounter["started_at"] > moment), None
    )
    if next_encounter is not None:
        before_it: datetime = next_encounter - timedelta(minutes=15)
        return max(before_it, moment + timedelta(minutes=5))
    days = (world.days.today - moment.date()).days
    luck = world.chance.random()
    if days > 9 or (days > 4 and luck < 0.5) or (days > 1 and is_routine and luck < 0.6):
        day = moment.date() + timedelta(days=min(world.chance.randrange(1, 4), days))
        return at(day, 6 * 60 + 50 + world.chance.randrange(25))
    return None


def _condition_changed(world: World, task: Row, who: Somebody, agent: Row, moment: datetime) -> None:
    text = world.chance.choice(who.illness.changed)
    trend = "new" if world.chance.random() < 0.25 else "worse"
    change = world.changes.add(
        patient=who.patient, site=task["site"], encounter=task["encounter"], trend=trend, text=text,
        reported_at=moment, reported_to=agent,
    )  # fmt: skip
    world.tell(RecordEvent.CONDITION_CHANGED, change, moment, agent)
    label = "Triệu chứng mới" if trend == "new" else "Nặng hơn"
    note(world, "condition_changed", f"{label}: {text}", task, who, agent, moment, trend=trend, change=change)


def _allergy(world: World, task: Row, who: Somebody, agent: Row, moment: datetime) -> None:
    drugs = " ".join(who.medicines)
    agent_name = next((name for name in _ALLERGENS if name in drugs), "")
    if not agent_name or agent_name in who.allergies:
        return
    who.allergies.add(agent_name)
    reaction = world.chance.choice(REACTIONS)
    severity = world.chance.choice(("mild", "moderate"))
    allergy = world.allergies.add(
        patient=who.patient, kind="drug", agent=agent_name, agent_key=fold(agent_name), reaction=reaction,
        severity=severity, certainty="suspected", noted_at=moment, noted_by=agent,
    )  # fmt: skip
    world.tell(RecordEvent.ALLERGY_NOTED, allergy, moment, agent)
    words = "nhẹ" if severity == "mild" else "vừa"
    note(
        world,
        "allergy",
        f"{agent_name} ({words}, nghi ngờ): {reaction}",
        task,
        who,
        agent,
        moment,
        allergy=allergy,
    )


def _question(world: World, task: Row, who: Somebody, agent: Row, moment: datetime) -> None:
    text, answer = world.chance.choice(who.illness.questions)
    days = (world.days.today - moment.date()).days
    answered_at, by = (moment, agent) if answer else (None, None)
    if not answer and (days > 8 or (days > 2 and world.chance.random() < 0.4)):
        answered_at = at(moment.date() + timedelta(days=1), 11 * 60 + 40)
        by, answer = who.doctor.member, LATER
    question = world.questions.add(
        patient=who.patient, site=task["site"], task=task, text=text, answer=answer, asked_at=moment, asked_by=agent,
        answered_at=answered_at, answered_by=by,
    )  # fmt: skip
    world.tell(CareEvent.QUESTION_ASKED, question, moment, agent, task=task, answered=answered_at == moment)
    if answered_at is not None and answered_at != moment and by is not None:
        world.tell(CareEvent.QUESTION_ANSWERED, question, answered_at, by)
    if answered_at != moment:
        note(world, "question", text, task, who, agent, moment, question=question)


def _unmet_need(world: World, task: Row, who: Somebody, agent: Row, moment: datetime) -> None:
    dental = who.place.kind == "dental"
    fitting = (
        NEEDS[1:2] if who.illness.key == "cay-implant" else NEEDS[2:3] if dental else (NEEDS[0], *NEEDS[2:])
    )
    wish, explanation = world.chance.choice(fitting)
    unmet = world.needs.add(
        patient=who.patient, site=task["site"], task=task, need=wish, explanation=explanation, noted_at=moment,
        noted_by=agent,
    )  # fmt: skip
    world.tell(CareEvent.NEED_UNMET, unmet, moment, agent, task=task)
    summary = f"{wish} — đã giải thích: {explanation}"
    note(world, "need_unmet", summary, task, who, agent, moment, need=unmet)


def _moved_before(world: World, task: Row, who: Somebody, agent: Row, moment: datetime) -> None:
    """They could not come on the day that was planned; the date in the record is the one agreed in the call."""
    planned = task["reexamination"]
    earlier = task["due_on"] + timedelta(days=1)
    if planned is None or planned["due_on"] <= earlier or planned["due_on"] < moment.date():
        return
    reason = world.chance.choice(MOVE_REASONS)
    planned["change_reason"] = reason
    moved_from, moved_to = earlier, planned["due_on"]
    world.tell(
        RecordEvent.REEXAMINATION_MOVED, planned, moment, agent, moved_from=moved_from, moved_to=moved_to,
        time_from=None, time_to=None, doctor=who.doctor.practitioner,
    )  # fmt: skip
    summary = f"Từ {_day(moved_from)} sang {_day(moved_to)}. {reason}"
    note(
        world, "reexamination_moved", summary, task, who, agent, moment, reexamination=planned,
        moved_from=moved_from.isoformat(), moved_to=moved_to.isoformat(),
    )  # fmt: skip


def _day(day: Any) -> str:
    return f"{weekday_name(day)} {format_day(day)}"


def _other_doctor(world: World, task: Row, who: Somebody, agent: Row, moment: datetime) -> None:
    """They came from another doctor and asked for the one who is responsible now."""
    others = [one for one in world.doctors if one.site is task["site"] and one is not who.doctor]
    if not others or task["reexamination"] is None:
        return
    before, reason = world.chance.choice(others), world.chance.choice(DOCTOR_REASONS)
    planned = task["reexamination"]
    world.tell(
        RecordEvent.DOCTOR_CHANGED, planned, moment, agent,
        doctor_from=before.practitioner, doctor_to=who.doctor.practitioner,
    )  # fmt: skip
    note(
        world, "doctor_changed", f"Từ {before.words} sang {who.doctor.words}. {reason}", task, who, agent, moment,
        doctor_from=before.practitioner, doctor_to=who.doctor.practitioner,
    )  # fmt: skip
