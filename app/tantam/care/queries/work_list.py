"""The work list as a read model: one statement for the rows, one for the counts, no model instances.

Rows of every tab come from the index `care_work_list`, a short range for each site and priority, so that
the page costs the same with a hundred open contacts or with hundreds of thousands.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

from tantam.care.models import Action, Priority
from tantam.care.rules.claims import claimed_sql, freed_before
from tantam.facility.queries import site_todays
from tantam.lib.prepared import read_prepared
from tantam.patients.queries.phones import BEST_PHONE

PAGE_ROWS = 50
COUNTED_UP_TO = 1_000
_BEYOND_FOR = 10.0
_MOST_BEYOND = 5_000
# Until when a tab counts as beyond the limit, by what was asked for.
_beyond: dict[tuple[object, ...], float] = {}


class Tab(models.TextChoices):
    DUE = "due", _("Due today")
    OVERDUE = "overdue", _("Overdue")
    MINE = "mine", _("Mine")
    UNASSIGNED = "unassigned", _("Unassigned")
    UPCOMING = "upcoming", _("Upcoming")
    SUPERVISOR = "supervisor", _("Need a supervisor")
    MESSAGES = "messages", _("Messages to send")


class Place(NamedTuple):
    """Where a page of the list ended: the sort key of its last row."""

    priority: int
    due_on: date
    best_hour: int
    task_id: int

    def written(self) -> str:
        return f"{self.priority}.{self.due_on:%Y%m%d}.{self.best_hour}.{self.task_id}"

    @classmethod
    def read(cls, text: str) -> Place | None:
        """The place written in an address, or None when it is not one."""
        try:
            priority, day, best_hour, task_id = text.split(".")
            due_on = datetime.strptime(day, "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
            return cls(int(priority), due_on, int(best_hour), int(task_id))
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the list is asked for; `member_id` is who asks."""

    member_id: int
    sites: Sequence[int]
    tab: Tab = Tab.DUE
    speciality: int | None = None
    priority: int | None = None
    action: str = Action.CALL
    after: Place | None = None


class Row(NamedTuple):
    """One line of the list, as the statement answers it."""

    id: int
    priority: int
    due_on: date
    best_hour: int
    action: str
    occasion: str
    anchor_on: date
    site_id: int
    speciality_id: int | None
    attempts: int
    next_attempt_at: datetime | None
    needs_supervisor: bool
    rule: str | None
    patient_id: int
    name: str
    code: str
    birth_year: int | None
    birth_date: date | None
    phone: bytes | None
    phone_note: str | None
    held_by: int | None
    held_task: int | None
    holder: str | None
    assigned_to: int | None
    assignee: str | None


_ROWS = """
SELECT t.id, t.priority, t.due_on, t.best_hour, t.action, t.occasion, t.anchor_on, t.site_id,
       t.speciality_id, t.attempts, t.next_attempt_at, t.needs_supervisor, rule.name,
       p.id, p.full_name, p.code, p.birth_year, p.birth_date, phone.value, phone.note,
       held.claimed_by_id, held.id, holder.full_name, t.assigned_to_id, assignee.full_name
FROM ({page}) AS page
JOIN care_caretask t ON t.id = page.id
JOIN patients_patient p ON p.id = t.patient_id
LEFT JOIN care_carerule rule ON rule.id = t.rule_id
LEFT JOIN LATERAL (
    SELECT c.value, c.note FROM {best_phone}) AS phone ON true
LEFT JOIN LATERAL (
    SELECT h.id, h.claimed_by_id FROM care_caretask h
    WHERE h.patient_id = p.id AND h.status = 'open' AND {claimed}
    LIMIT 1) AS held ON true
LEFT JOIN accounts_member holder ON holder.id = held.claimed_by_id
LEFT JOIN accounts_member assignee ON assignee.id = t.assigned_to_id
ORDER BY page.priority, page.due_on, page.best_hour, page.id"""

# A range of the index for each site and priority, then the best of them together. Sites stand as rows, limits and
# priorities as numbers, not as values of arrays: so PostgreSQL knows how few they are, and keeps its plan.
_BY_DAY = """
SELECT piece.* FROM {places}
CROSS JOIN unnest({priorities}) AS wanted(priority)
CROSS JOIN LATERAL (
    SELECT t.id, t.priority, t.due_on, t.best_hour FROM care_caretask t
    WHERE t.status = 'open' AND NOT t.needs_supervisor AND t.action = %(action)s
      AND t.site_id = s.site_id AND t.priority = wanted.priority AND {where}
    ORDER BY t.priority, t.due_on, t.best_hour, t.id LIMIT {limit}) AS piece
ORDER BY piece.priority, piece.due_on, piece.best_hour, piece.id LIMIT {limit}"""

_FEW = """
SELECT t.id, t.priority, t.due_on, t.best_hour FROM care_caretask t
WHERE t.status = 'open' AND t.site_id IN (SELECT s.site_id FROM {places}) AND t.priority = ANY ({priorities})
  AND {where}
ORDER BY t.priority, t.due_on, t.best_hour, t.id LIMIT {limit}"""

_COUNT = """
(SELECT count(*) FROM (
    SELECT 1 FROM {places} JOIN care_caretask t ON t.site_id = s.site_id
    WHERE t.status = 'open' AND t.priority = ANY ({priorities}) AND {where}
    LIMIT {counted}) AS counted)"""

_WHERE = {
    Tab.DUE: "t.due_on = s.today",
    Tab.OVERDUE: "t.due_on < s.today",
    Tab.UPCOMING: "t.due_on > s.today",
    Tab.UNASSIGNED: "t.due_on <= s.today AND t.assigned_to_id IS NULL AND t.claimed_by_id IS NULL",
    Tab.MESSAGES: "t.due_on <= s.today",
    Tab.MINE: """t.id IN (
        SELECT o.id FROM care_caretask o WHERE o.status = 'open' AND o.assigned_to_id = %(me)s
        UNION SELECT o.id FROM care_caretask o WHERE o.status = 'open' AND o.claimed_by_id = %(me)s)""",
    Tab.SUPERVISOR: "t.needs_supervisor",
}
_FEW_TABS = (Tab.MINE, Tab.SUPERVISOR)


def rows(asked: Asked) -> list[Row]:
    """At most one row more than a page, most important first: the extra one says that there is more."""
    few = asked.tab in _FEW_TABS
    params = _params(asked)
    where = _WHERE[asked.tab] + _filters(asked)
    if asked.after is not None:
        where += (
            " AND (t.priority, t.due_on, t.best_hour, t.id)"
            " > (%(a_priority)s, %(a_due)s, %(a_hour)s, %(a_id)s)"
        )
        params |= dict(zip(("a_priority", "a_due", "a_hour", "a_id"), asked.after, strict=True))
    page = (_FEW if few else _BY_DAY).format(where=where, limit=PAGE_ROWS + 1, **_fixed(asked))
    sql = _ROWS.format(page=page, best_phone=BEST_PHONE, claimed=claimed_sql("h"))
    return [Row._make(row) for row in read_prepared(sql, params)]


def counts(asked: Asked) -> dict[Tab, int]:
    """How many contacts each tab holds under the same filters; at most COUNTED_UP_TO + 1. One statement.

    Counting to the limit is the dearest part of the page, and a tab beyond it stays there for a while: such a
    tab is counted again only after ten seconds. Every smaller number is counted each time, so it is exact.
    """
    now = time.monotonic()
    keys = {tab: _key(asked, tab) for tab in Tab}
    held = dict.fromkeys(Tab, COUNTED_UP_TO + 1)
    asking = [tab for tab in Tab if _beyond.get(keys[tab], 0.0) <= now]
    if asking:
        fixed = _fixed(asked)
        columns = ",\n".join(_count(asked, tab, fixed) for tab in asking)
        (found,) = read_prepared(f"SELECT {columns}", _params(asked))
        held |= dict(zip(asking, found, strict=True))
        for tab in asking:
            if held[tab] > COUNTED_UP_TO:
                if len(_beyond) >= _MOST_BEYOND:
                    _beyond.clear()
                _beyond[keys[tab]] = now + _BEYOND_FOR
    return held


def forget_counts() -> None:
    """Count every tab anew at the next question."""
    _beyond.clear()


def _key(asked: Asked, tab: Tab) -> tuple[object, ...]:
    whose = asked.member_id if tab is Tab.MINE else None
    return tab, whose, tuple(asked.sites), asked.speciality, asked.priority, asked.action


def _count(asked: Asked, tab: Tab, fixed: dict[str, str]) -> str:
    where = _WHERE[tab] + _filters(asked)
    if tab not in _FEW_TABS:
        action = Action.MESSAGE if tab is Tab.MESSAGES else asked.action
        where += f" AND NOT t.needs_supervisor AND t.action = '{Action(action).value}'"
    return _COUNT.format(where=where, counted=COUNTED_UP_TO + 1, **fixed)


def _fixed(asked: Asked) -> dict[str, str]:
    """What is part of a statement's text: how many sites there are, and which priorities."""
    places = ", ".join(f"(%(site_{n})s::bigint, %(today_{n})s::date)" for n in range(len(_places(asked))))
    priorities = [asked.priority] if asked.priority else [priority.value for priority in Priority]
    return {
        "places": f"(VALUES {places or '(NULL::bigint, NULL::date)'}) AS s(site_id, today)",
        "priorities": f"ARRAY[{', '.join(str(int(one)) for one in priorities)}]::smallint[]",
    }


def _places(asked: Asked) -> list[tuple[int, date]]:
    """The sites asked for that still are sites, each with the day it is there."""
    todays = site_todays()
    return [(site_id, todays[site_id]) for site_id in asked.sites if site_id in todays]


def _params(asked: Asked) -> dict[str, Any]:
    places = list(enumerate(_places(asked)))
    return {
        "me": asked.member_id,
        **{f"site_{n}": site_id for n, (site_id, _today) in places},
        **{f"today_{n}": today for n, (_site, today) in places},
        "action": Action.MESSAGE if asked.tab is Tab.MESSAGES else asked.action,
        "speciality": asked.speciality,
        "freed": freed_before(),
    }


def _filters(asked: Asked) -> str:
    """What narrows every tab alike."""
    return " AND t.speciality_id = %(speciality)s" if asked.speciality else ""
