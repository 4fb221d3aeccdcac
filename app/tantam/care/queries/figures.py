"""The figures of the care dashboard. What each one counts is written in docs/measures.md and on the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connection

from tantam.care.models import CLOSED_BY_PLANNER
from tantam.facility.queries import site_todays

LONGEST_PERIOD_DAYS = 366


@dataclass(slots=True)
class Figures:
    """Contacts due in a period and what became of them; re-examinations and how many were contacted in time."""

    due: int = 0
    done: int = 0
    reached: int = 0
    overdue: int = 0
    reexaminations: int = 0
    in_time: int = 0

    def add(self, other: Figures) -> None:
        self.due += other.due
        self.done += other.done
        self.reached += other.reached
        self.overdue += other.overdue
        self.reexaminations += other.reexaminations
        self.in_time += other.in_time

    @property
    def done_share(self) -> int | None:
        return percent(self.done, self.due)

    @property
    def reached_share(self) -> int | None:
        return percent(self.reached, self.due)

    @property
    def coverage(self) -> int | None:
        return percent(self.in_time, self.reexaminations)


@dataclass(frozen=True, slots=True)
class AgentFigures:
    """One colleague's tries in a period."""

    member_id: int
    name: str
    tries: int
    answered: int
    patients: int
    messages: int

    @property
    def answered_share(self) -> int | None:
        return percent(self.answered, self.tries)


@dataclass(slots=True)
class CareReport:
    first: date
    last: date
    total: Figures = field(default_factory=Figures)
    by_site: dict[int, Figures] = field(default_factory=dict)
    by_day: dict[date, Figures] = field(default_factory=dict)
    agents: list[AgentFigures] = field(default_factory=list)


_CONTACTS = """
SELECT t.site_id, t.due_on, count(*),
       count(*) FILTER (WHERE t.status = 'done'),
       count(*) FILTER (WHERE spoken.task_id IS NOT NULL),
       count(*) FILTER (WHERE t.status = 'open' AND t.due_on < s.today)
FROM care_caretask t
JOIN unnest(%(sites)s::bigint[], %(todays)s::date[]) AS s(site_id, today) ON s.site_id = t.site_id
LEFT JOIN (SELECT DISTINCT a.task_id FROM care_callattempt a
           JOIN care_caretask o ON o.id = a.task_id
           WHERE a.result = 'answered' AND o.due_on BETWEEN %(first)s AND %(last)s) AS spoken
       ON spoken.task_id = t.id
WHERE t.due_on BETWEEN %(first)s AND %(last)s
  AND NOT (t.status = 'closed' AND t.closed_reason = ANY (%(fallen_away)s))
GROUP BY t.site_id, t.due_on"""

_COVERAGE = """
SELECT r.site_id, r.due_on, count(*), count(*) FILTER (WHERE EXISTS (
           SELECT 1 FROM care_caretask t JOIN care_callattempt a ON a.task_id = t.id
           WHERE t.reexamination_id = r.id AND a.result = 'answered'
             AND (a.made_at AT TIME ZONE z.time_zone)::date < r.due_on))
FROM records_reexamination r JOIN facility_site z ON z.id = r.site_id
WHERE r.due_on BETWEEN %(first)s AND %(last)s AND r.site_id = ANY (%(sites)s) AND r.status <> 'cancelled'
GROUP BY r.site_id, r.due_on"""

_AGENTS = """
SELECT a.member_id, m.full_name,
       count(*) FILTER (WHERE a.result <> 'sent'),
       count(*) FILTER (WHERE a.result = 'answered'),
       count(DISTINCT a.patient_id) FILTER (WHERE a.result = 'answered'),
       count(*) FILTER (WHERE a.result = 'sent')
FROM care_callattempt a
JOIN accounts_member m ON m.id = a.member_id
JOIN facility_site z ON z.id = a.site_id
WHERE a.made_at >= %(first)s::date - interval '1 day' AND a.made_at < %(last)s::date + interval '2 days'
  AND (a.made_at AT TIME ZONE z.time_zone)::date BETWEEN %(first)s AND %(last)s
  AND a.site_id = ANY (%(sites)s)
GROUP BY a.member_id, m.full_name
ORDER BY 4 DESC, 3 DESC, 2"""


def care_report(site_ids: Sequence[int], first: date, last: date) -> CareReport:
    """The figures of the sites from `first` to `last`, both included; at most a year. Three statements."""
    last = min(last, first + timedelta(days=LONGEST_PERIOD_DAYS - 1))
    todays = site_todays()
    sites = [site_id for site_id in site_ids if site_id in todays]
    report = CareReport(first, last, by_site={site_id: Figures() for site_id in sites})
    for offset in range((last - first).days + 1):
        report.by_day[first + timedelta(days=offset)] = Figures()
    params: dict[str, Any] = {
        "sites": sites,
        "todays": [todays[site_id] for site_id in sites],
        "first": first,
        "last": last,
        "fallen_away": list(CLOSED_BY_PLANNER),
    }
    with connection.cursor() as cursor:
        cursor.execute(_CONTACTS, params)
        for site_id, day, due, done, reached, overdue in cursor.fetchall():
            _count(report, site_id, day, Figures(due, done, reached, overdue))
        cursor.execute(_COVERAGE, params)
        for site_id, day, total, in_time in cursor.fetchall():
            _count(report, site_id, day, Figures(reexaminations=total, in_time=in_time))
        cursor.execute(_AGENTS, params)
        report.agents = [AgentFigures(*row) for row in cursor.fetchall()]
    return report


def percent(part: int, whole: int) -> int | None:
    """Rounded down, so that 100 means all of them; None of nothing."""
    return part * 100 // whole if whole else None


def _count(report: CareReport, site_id: int, day: date, figures: Figures) -> None:
    report.by_site[site_id].add(figures)
    report.by_day[day].add(figures)
    report.total.add(figures)
