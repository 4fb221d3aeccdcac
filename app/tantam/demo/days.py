"""The demonstration's calendar: everything in it lies before or after the day it is loaded."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from random import Random
from zoneinfo import ZoneInfo

import holidays

from tantam.demo.places import Place

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
YEARS = 2


@lru_cache(maxsize=8)
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("VN", years=year))


@dataclass(frozen=True)
class Days:
    """Days and moments around `today`."""

    today: date
    beginning: date = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "beginning", self.today - timedelta(days=365 * YEARS))

    def ago(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def ahead(self, days: int) -> date:
        return self.today + timedelta(days=days)

    def is_open(self, day: date) -> bool:
        """All three sites work on every weekday, Sunday mornings too; not on public holidays."""
        return day not in _public_holidays(day.year)

    def open_day(self, day: date, direction: int = 1) -> date:
        """`day`, or the nearest open day after it (before it with direction -1)."""
        while not self.is_open(day):
            day += timedelta(days=direction)
        return day

    def encounter_moment(self, place: Place, day: date, chance: Random) -> datetime:
        """A moment within the site's hours, mornings fuller than afternoons."""
        stretches = place.hours_on(day.weekday())
        opens, closes = stretches[0] if len(stretches) == 1 or chance.random() < 0.62 else stretches[1]
        first, last = minutes(opens), minutes(closes) - 25
        return at(day, chance.randrange(first, last, 5)) + timedelta(seconds=chance.randrange(60))


def minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def at(day: date, minute: int) -> datetime:
    return datetime.combine(day, time(minute // 60, minute % 60), tzinfo=ZONE)
