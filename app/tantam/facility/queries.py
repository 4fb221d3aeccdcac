from __future__ import annotations

import datetime
import time
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays
from django.db.models import QuerySet
from django.utils import timezone

from tantam.facility.models import (
    Department,
    HolidayOverride,
    OpeningInterval,
    Organisation,
    Room,
    Site,
    Speciality,
)

LONGEST_CLOSURE_DAYS = 30
"""No site is closed for longer; so far an open day is looked for."""
_CACHE_SECONDS = 30.0
_sites: tuple[float, dict[int, Site]] = (0.0, {})
_organisation: tuple[float, Organisation | None] = (0.0, None)
_specialities: tuple[float, dict[int, Speciality]] = (0.0, {})


def sites_by_id() -> dict[int, Site]:
    """Every site by id. Kept for thirty seconds in each process: sites change a few times a year."""
    global _sites
    read_at, sites = _sites
    if not sites or time.monotonic() - read_at > _CACHE_SECONDS:
        sites = {site.pk: site for site in Site.objects.all()}
        _sites = (time.monotonic(), sites)
    return sites


def organisation() -> Organisation | None:
    """The organisation, or None before set-up. Kept for thirty seconds in each process."""
    global _organisation
    read_at, known = _organisation
    if known is None or time.monotonic() - read_at > _CACHE_SECONDS:
        known = Organisation.objects.first()
        _organisation = (time.monotonic(), known)
    return known


def specialities_by_id() -> dict[int, Speciality]:
    """Every speciality by id, in order of name. Kept for thirty seconds in each process."""
    global _specialities
    read_at, known = _specialities
    if not known or time.monotonic() - read_at > _CACHE_SECONDS:
        known = {speciality.pk: speciality for speciality in Speciality.objects.all()}
        _specialities = (time.monotonic(), known)
    return known


def forget_cached() -> None:
    """Read sites, specialities and organisation anew at the next question. Called by the acts that change them."""
    global _sites, _organisation, _specialities
    _sites = (0.0, {})
    _organisation = (0.0, None)
    _specialities = (0.0, {})


@lru_cache(maxsize=16)
def _public_holidays(year: int) -> dict[date, str]:
    return dict(holidays.country_holidays("VN", years=year, language="vi"))


def holiday_name(day: date, site: Site | None = None) -> str | None:
    """Why `day` is a holiday, or None. An override of the site wins over one of the organisation,
    and both over Vietnam's public calendar, which only predicts the days given off around Tết."""
    overrides: dict[int | None, HolidayOverride] = {
        override.site_id: override
        for override in HolidayOverride.objects.filter(day=day)
        if override.site_id is None or (site is not None and override.site_id == site.pk)
    }
    override = (overrides.get(site.pk) if site is not None else None) or overrides.get(None)
    if override is not None:
        return override.name if override.is_holiday else None
    return _public_holidays(day.year).get(day)


def holidays_between(first: date, last: date, site: Site | None = None) -> list[tuple[date, str]]:
    """Every holiday from `first` to `last` inclusive with its name, overrides applied; at most a few years."""
    decided: dict[tuple[date, int | None], HolidayOverride] = {
        (override.day, override.site_id): override
        for override in HolidayOverride.objects.filter(day__range=(first, last))
    }
    days: dict[date, str] = {}
    for year in range(first.year, last.year + 1):
        days |= {day: name for day, name in _public_holidays(year).items() if first <= day <= last}
    for site_id in (None, site.pk if site else None):
        for (day, of_site), override in decided.items():
            if of_site != site_id:
                continue
            if override.is_holiday:
                days[day] = override.name
            else:
                days.pop(day, None)
    return sorted(days.items())


def is_open_on(site: Site, day: date) -> bool:
    """Whether the site works at all on `day`: it has hours on that weekday and it is no holiday.

    A site whose hours nobody has entered yet counts as working on every day that is no holiday.
    """
    return day in open_days([site], day, day)[site.pk]


def is_open_at(site: Site, day: date, at: datetime.time) -> bool:
    """Whether the site works at that time of the day. One that keeps no hours is open all day."""
    if not is_open_on(site, day):
        return False
    hours = list(site.opening_intervals.filter(weekday=day.weekday()))
    if not hours and not site.opening_intervals.exists():
        return True
    return any(each.opens <= at < each.closes for each in hours)


def next_open_day(site: Site, day: date, *, within_days: int = LONGEST_CLOSURE_DAYS) -> date:
    """The first working day of the site on or after `day`; `day` itself when none is near."""
    return min(open_days([site], day, day + timedelta(days=within_days - 1))[site.pk], default=day)


def nearest_open_day(day: date, working: Container[date], *, step: int) -> date:
    """`day`, or the nearest day before it (`step` -1) or after it (1) that is among the `working` ones.

    `day` itself when none lies within the longest closure.
    """
    for offset in range(LONGEST_CLOSURE_DAYS):
        candidate = day + timedelta(days=step * offset)
        if candidate in working:
            return candidate
    return day


def site_todays(today: date | None = None) -> dict[int, date]:
    """The day it is at each site now; `today` everywhere when it is given."""
    return {site.pk: today or timezone.localdate(timezone=site.zone) for site in sites_by_id().values()}


def open_days(sites: Iterable[Site], first: date, last: date) -> dict[int, set[date]]:
    """The days from `first` to `last` on which each site works, by site id. Two queries for all of them.

    A site whose hours nobody has entered yet counts as working on every day that is no holiday.
    """
    weekdays: dict[int, set[int]] = {}
    for site_id, weekday in OpeningInterval.objects.values_list("site_id", "weekday"):
        weekdays.setdefault(site_id, set()).add(weekday)
    overrides: dict[tuple[int | None, date], bool] = {
        (site_id, day): is_holiday
        for site_id, day, is_holiday in HolidayOverride.objects.filter(day__range=(first, last)).values_list(
            "site_id", "day", "is_holiday"
        )
    }
    span = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    found: dict[int, set[date]] = {}
    for site in sites:
        found[site.pk] = {
            day
            for day in span
            if (site.pk not in weekdays or day.weekday() in weekdays[site.pk])
            and not overrides.get(
                (site.pk, day), overrides.get((None, day), day in _public_holidays(day.year))
            )
        }
    return found


@dataclass(frozen=True, slots=True)
class YearAhead:
    """The holidays of the next thirteen months, and the entries that make some of them different."""

    days: list[tuple[date, str]]
    overrides: list[HolidayOverride]


DAYS_AHEAD = 400
MOST_OVERRIDES = 200


def year_ahead() -> YearAhead:
    """What the calendar of the organisation says from today on; at most 200 entries of its own."""
    today = timezone.localdate()
    overrides = HolidayOverride.objects.filter(day__gte=today).select_related("site").order_by("day", "pk")
    return YearAhead(
        holidays_between(today, today + timedelta(days=DAYS_AHEAD)), list(overrides[:MOST_OVERRIDES])
    )


def sites_with_places() -> QuerySet[Site]:
    """Every site with its departments, rooms and hours, those in use first."""
    return Site.objects.prefetch_related("departments", "rooms", "opening_intervals").order_by(
        "-is_active", "name"
    )


def departments_of(site: Site) -> QuerySet[Department]:
    """A site's departments with their specialities, by name."""
    return Department.objects.filter(site=site).select_related("speciality")


def rooms_of(site: Site) -> QuerySet[Room]:
    """A site's rooms with their departments, by name."""
    return Room.objects.filter(site=site).select_related("department")
