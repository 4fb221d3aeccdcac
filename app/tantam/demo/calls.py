"""Half a year of care calls: tries, conversations, and what stayed undone until today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from tantam.accounts.permissions import Role
from tantam.care.events import CareEvent
from tantam.demo.days import at
from tantam.demo.learnt import after_talk
from tantam.demo.people import Somebody
from tantam.demo.places import MAIN
from tantam.demo.rules import Due
from tantam.demo.said import NO_ANSWER_NOTES, Talk, talk
from tantam.demo.tables import Row
from tantam.demo.world import World
from tantam.knowledge.models import Guide
from tantam.patients.events import PatientsEvent
from tantam.records.events import RecordEvent

CARE_BEGAN_DAYS_AGO: Final = 145
# Contacts of the last days nobody has got to, by site; and how far back they go.
LEFT_UNDONE: Final = {MAIN: 10, "thu-duc": 4, "nha-khoa": 3}
UNDONE_SINCE: Final = 5
_UNANSWERED = ("no_answer", "busy", "unreachable")
_UNANSWERED_SHARES = (62, 18, 20)


@dataclass
class Desk:
    """The care desk at work on what the rules asked for."""

    world: World
    people: dict[Row, Somebody]
    guides: list[tuple[Guide, Row]]

    def work_through(self, dues: list[Due]) -> None:
        undone = self._left_undone(dues)
        settled: set[Row] = set()
        for due in dues:
            if due in undone:
                self._leave(due, undone[due])
            elif due.rule.action == "message":
                self._message(due)
            else:
                self._call(due, settled)

    # --- what was done ---------------------------------------------------------------------------

    def _call(self, due: Due, settled: set[Row]) -> None:
        chance, who = self.world.chance, self.people[due.encounter["patient"]]
        gone = self._gone(due)
        if gone is not None:
            reason, day = gone
            self._task(due, status="closed", closed_reason=reason, closed_at=at(day, 360))
            return
        if due.reexamination is not None and due.reexamination in settled:
            return
        agent = self.world.somebody(Role.CARE_AGENT, who.place.code)
        luck = chance.random()
        if luck < 0.035:
            tries = self._tries(who, due.due_on, 5)
            task = self._task(due, status="unreached", closed_at=tries[-1][0] + timedelta(hours=3))
            self._ring(task, who, agent, tries)
        elif luck < 0.045:
            moment = self._moment(due.due_on)
            task = self._task(due, status="closed", closed_reason="refused", closed_at=moment)
            self._ring(task, who, agent, [(moment, "refused")])
        else:
            tries = self._tries(who, due.due_on, chance.choices((0, 1, 2), (68, 22, 10))[0])
            answered = self._after(tries, due.due_on)
            task = self._task(due, status="done", closed_at=answered)
            self._ring(task, who, agent, [*tries, (answered, "answered")])
            if due.reexamination is not None:
                settled.add(due.reexamination)
            open_date = due.reexamination if due.rule.is_before else None
            words = talk(
                chance, who, before=_first_words(due.encounter["symptoms"]), about_date=open_date is not None
            )
            self._held(task, who, agent, answered, words)

    def _held(self, task: Row, who: Somebody, agent: Row, moment: datetime, words: Talk) -> None:
        """Write the conversation down, with what follows from it."""
        world = self.world
        version = self._guide(task, who)
        questions = version["questions"][:6] if version is not None else []
        asked = [line for line in questions if world.chance.random() < 0.55]
        conversation = world.conversations.add(
            task=task, patient=task["patient"], site=task["site"], member=agent, guide_version=version, asked=asked,
            spoke_with=words.spoke_with, experience=words.experience, experience_note=words.experience_note,
            health=words.health, symptoms_before=words.symptoms_before, symptoms_after=words.symptoms_after,
            confirmation=words.confirmation, note=words.note, held_at=moment,
        )  # fmt: skip
        follow_up = self._follow_up(task, conversation, agent, words) if words.is_worrying else None
        self._confirm(task, moment, words, agent)
        after_talk(world, task, who, agent, moment, words, conversation)
        world.tell(
            CareEvent.CALL_COMPLETED, task, moment, agent, conversation=conversation, experience=words.experience,
            health=words.health, confirmation=words.confirmation, follow_up=follow_up, settled=[],
        )  # fmt: skip
        if follow_up is not None and follow_up["due_on"] < world.days.today:
            later = self._moment(follow_up["due_on"])
            follow_up.update(status="done", closed_at=later, attempts=1)
            self._ring(follow_up, who, agent, [(later, "answered")])
            again = talk(world.chance, who, before=words.symptoms_after, about_date=False, follow_up=True)
            self._held(follow_up, who, agent, later, again)

    def _confirm(self, task: Row, moment: datetime, words: Talk, agent: Row) -> None:
        planned = task["reexamination"]
        if planned is None or words.confirmation != "confirmed" or planned.get("confirmed_at"):
            return
        planned["confirmed_at"] = moment
        if planned["status"] == "planned":
            planned["status"] = "confirmed"
        self.world.tell(RecordEvent.REEXAMINATION_CONFIRMED, planned, moment, agent, due_on=planned["due_on"])

    def _follow_up(self, task: Row, conversation: Row, agent: Row, words: Talk) -> Row | None:
        world = self.world
        held_on = conversation["held_at"].date()
        due_on = world.days.open_day(held_on + timedelta(days=1))
        if task["rule"] is None:
            return None
        return world.tasks.add(
            **{name: task[name] for name in ("patient", "site", "speciality", "encounter", "reexamination", "doctor")},
            rule=None, source_kind="conversation", source_id=conversation, occasion=task["occasion"], action="call",
            priority=1 if words.health == "worse" else 2, anchor_on=held_on, due_on=due_on, status="open",
            assigned_role="care_agent", assigned_to=agent, created_at=conversation["held_at"],
        )  # fmt: skip

    def _message(self, due: Due) -> None:
        gone = self._gone(due)
        if gone is not None:
            self._task(due, status="closed", closed_reason=gone[0], closed_at=at(gone[1], 360))
            return
        who = self.people[due.encounter["patient"]]
        agent = self.world.somebody(Role.CARE_AGENT, who.place.code)
        moment = at(due.due_on, 8 * 60 + self.world.chance.randrange(90))
        task = self._task(due, status="done", closed_at=moment, attempts=1)
        self.world.attempts.add(
            task=task, patient=task["patient"], site=task["site"], member=agent, contact_point=who.points[0],
            channel="zalo", result="sent", made_at=moment,
        )  # fmt: skip
        self.world.tell(CareEvent.MESSAGE_SENT, task, moment, agent, channel="zalo")

    # --- what stayed undone -----------------------------------------------------------------------

    def _left_undone(self, dues: list[Due]) -> dict[Due, int]:
        """The contacts left open, each with its place in the list of its site."""
        today, chance = self.world.days.today, self.world.chance
        candidates: dict[str, dict[Row, Due]] = {}
        for due in dues:
            is_current = due.anchor_on > today if due.rule.is_before else True
            is_open = due.reexamination is None or due.reexamination["status"] == "planned"
            is_recent = (today - due.due_on).days <= UNDONE_SINCE and due.rule.action == "call"
            if is_current and is_open and is_recent:
                at_site = candidates.setdefault(due.encounter["site"]["code"], {})
                at_site.setdefault(due.encounter["patient"], due)
        chosen: dict[Due, int] = {}
        for site, at_site in candidates.items():
            count = min(LEFT_UNDONE[site], len(at_site) // 3)
            drawn = sorted(chance.sample(list(at_site.values()), count), key=lambda due: due.due_on)
            chosen.update({due: place for place, due in enumerate(drawn)})
        return chosen

    def _leave(self, due: Due, place: int) -> None:
        """An overdue contact: never tried, tried in vain, or beyond what the rules know to try."""
        who = self.people[due.encounter["patient"]]
        agent = self.world.somebody(Role.CARE_AGENT, who.place.code)
        task = self._task(due, status="open")
        last_day = self.world.days.ago(1)
        if place == 0 or (place == 1 and who.place.code == MAIN):
            self._ring(task, who, agent, self._tries(who, due.due_on, 5))
            task["needs_supervisor"] = True
        elif place % 2 == 0:
            tries = self._tries(who, due.due_on, 1 + place % 3)
            self._ring(
                task, who, agent, [(moment, result) for moment, result in tries if moment.date() <= last_day]
            )
            task["next_attempt_at"] = at(self.world.days.today, 8 * 60)

    # --- the parts --------------------------------------------------------------------------------

    def _gone(self, due: Due) -> tuple[str, date] | None:
        """Why the contact was no longer needed on its day, and since when."""
        planned = due.reexamination
        if planned is None:
            return None
        met = planned.get("met_by")
        if met is not None and met["started_at"].date() <= due.due_on:
            return "reexamination_done", met["started_at"].date()
        if planned["status"] == "cancelled" and self.world.chance.random() < 0.4:
            return "reexamination_cancelled", due.due_on - timedelta(days=1)
        return None

    def _task(self, due: Due, **more: Any) -> Row:
        encounter = due.encounter
        planned_on = max(encounter["ended_at"].date() + timedelta(days=1), due.due_on - timedelta(days=30))
        return self.world.tasks.add(
            **due.natural_key, patient=encounter["patient"], site=encounter["site"], speciality=encounter["speciality"],
            encounter=encounter, reexamination=due.reexamination, doctor=encounter["doctor"],
            occasion=due.rule.occasion,
            action=due.rule.action, priority=due.rule.priority, anchor_on=due.anchor_on, due_on=due.due_on,
            assigned_role="care_agent", created_at=at(min(planned_on, due.due_on), 5 * 60 + 10), **more,
        )  # fmt: skip

    def _tries(self, who: Somebody, day: date, count: int) -> list[tuple[datetime, str]]:
        """Tries in vain: at most two a day, none after yesterday evening."""
        chance, found = self.world.chance, list[tuple[datetime, str]]()
        for number in range(count):
            on = min(day + timedelta(days=number // 2), self.world.days.ago(1))
            result = chance.choices(_UNANSWERED, _UNANSWERED_SHARES)[0]
            found.append((at(on, 8 * 60 + 20 + 170 * (number % 2) + chance.randrange(150)), result))
        return sorted(found)

    def _moment(self, day: date) -> datetime:
        chance = self.world.chance
        return at(day, 8 * 60 + chance.randrange(10, 9 * 60)) + timedelta(seconds=chance.randrange(60))

    def _after(self, tries: list[tuple[datetime, str]], day: date) -> datetime:
        """When they answered: after the tries, by the evening."""
        if not tries:
            return self._moment(day)
        last = tries[-1][0]
        evening = at(last.date(), 19 * 60)
        wanted = last + timedelta(minutes=self.world.chance.randrange(25, 160))
        return min(wanted, max(evening, last + timedelta(minutes=5)))

    def _ring(self, task: Row, who: Somebody, agent: Row, tries: list[tuple[datetime, str]]) -> None:
        world = self.world
        task["attempts"] = len(tries)
        world.tell(PatientsEvent.VIEWED, who.patient, tries[-1][0], agent, look="call", site=task["site"])
        for number, (moment, result) in enumerate(tries):
            point = who.points[0] if number < 2 or len(who.points) == 1 else who.points[1]
            attempt = world.attempts.add(
                task=task, patient=who.patient, site=task["site"], member=agent, contact_point=point, channel="phone",
                result=result, note=world.chance.choice(NO_ANSWER_NOTES) if result == "no_answer" else "",
                made_at=moment,
            )  # fmt: skip
            if result != "answered":
                step = "close" if result == "refused" else "supervisor" if number == 4 else "retry"
                world.tell(
                    CareEvent.ATTEMPT_LOGGED, task, moment, agent, attempt=attempt, result=result, step=step,
                    next_attempt_at=None, contact_point=point,
                )  # fmt: skip

    def _guide(self, task: Row, who: Somebody) -> Row | None:
        """The guide that fits most closely, as the call screen chooses it."""
        marks = who.patient["vulnerability"]
        fitting = [
            (score, version)
            for guide, version in self.guides
            if guide.occasion == task["occasion"]
            and (score := guide.fit(speciality_id=None, codes=[who.illness.code], marks=marks)) is not None
        ]
        return max(fitting, key=lambda pair: pair[0])[1] if fitting else None


def _first_words(symptoms: str) -> str:
    return symptoms.split(",")[0]
