"""What moving a re-examination would mean, shown before it is done (J4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from tantam.care.models import CareTask, TaskStatus
from tantam.facility.models import Site
from tantam.facility.queries import LONGEST_CLOSURE_DAYS, nearest_open_day, open_days
from tantam.knowledge.models import Occasion
from tantam.records.queries import ClosedDay, closed_day

QUICK_DAYS = (1, 3, 7, 14)


@dataclass(frozen=True, slots=True)
class QuickDay:
    """An open day offered by one press: so many days after the date now planned, or the next on which we work."""

    days: int
    day: date


@dataclass(frozen=True, slots=True)
class MovedTask:
    """An open contact about the re-examination, and the day it would be due."""

    task: CareTask
    due_on: date

    @property
    def stays(self) -> bool:
        return self.due_on == self.task.due_on


@dataclass(frozen=True, slots=True)
class Moving:
    day: date
    has_passed: bool
    closed: ClosedDay | None
    tasks: list[MovedTask]


def quick_days(site: Site, due_on: date) -> list[QuickDay]:
    """The days people usually ask for, counted from the planned date, or from today when it has passed."""
    start = max(due_on, timezone.localdate())
    reach = timedelta(days=max(QUICK_DAYS) + LONGEST_CLOSURE_DAYS)
    working = open_days([site], start, start + reach)[site.pk]
    offered: dict[date, QuickDay] = {}
    for after in QUICK_DAYS:
        day = nearest_open_day(start + timedelta(days=after), working, step=1)
        if day in working:
            offered.setdefault(day, QuickDay(after, day))
    return list(offered.values())


def moving_to(task: CareTask, reexamination_id: int, day: date) -> Moving:
    """Whether the site works on `day`, and where the planner will put the other contacts about that date."""
    today = timezone.localdate()
    others = (
        CareTask.objects.filter(reexamination_id=reexamination_id, status=TaskStatus.OPEN)
        .exclude(pk=task.pk)
        .select_related("rule")
        .order_by("due_on", "pk")
    )
    planned = [
        (other, other.rule.days)
        for other in others
        if other.rule is not None and other.rule.occasion == Occasion.BEFORE_REEXAMINATION
    ]
    reach = timedelta(days=max((before for _other, before in planned), default=0) + LONGEST_CLOSURE_DAYS)
    working = open_days([task.site], day - reach, day)[task.site_id]
    moved = [
        MovedTask(other, max(nearest_open_day(day - timedelta(days=before), working, step=-1), today))
        for other, before in planned
    ]
    closed = None if day in working else closed_day(task.site, day)
    return Moving(day, day < today, closed, moved)
