"""Opening hours and holidays of a site."""

from __future__ import annotations

from datetime import date, time

import pytest

from tantam.facility.errors import HoursOverlap
from tantam.facility.models import HolidayOverride
from tantam.facility.operations import save_place, set_opening_hours
from tantam.facility.queries import holiday_name, holidays_between, is_open_on, next_open_day

MONDAY_TO_SATURDAY = [
    (day, *stretch) for day in range(6) for stretch in ((time(7, 30), time(11, 30)), (time(13), time(17)))
]


@pytest.fixture
def open_site(site, manager):
    set_opening_hours(site, hours=MONDAY_TO_SATURDAY, actor=manager)
    return site


def test_a_day_may_have_several_stretches(open_site):
    assert open_site.opening_intervals.filter(weekday=0).count() == 2


def test_overlapping_stretches_are_refused_and_nothing_is_lost(open_site, manager):
    with pytest.raises(HoursOverlap):
        set_opening_hours(open_site, hours=[(0, time(8), time(12)), (0, time(11), time(17))], actor=manager)

    assert open_site.opening_intervals.count() == 12


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2026, 11, 23), True),
        (date(2026, 11, 22), False),
        pytest.param(date(2026, 11, 24), False, id="Vietnam Cultural Day, new in 2026"),
        pytest.param(date(2026, 9, 2), False, id="National Day"),
        pytest.param(date(2026, 2, 17), False, id="first day of Tết"),
    ],
)
def test_days_open_and_closed(open_site, day, is_open):
    assert is_open_on(open_site, day) is is_open


def test_an_override_wins_over_the_public_calendar(open_site, other_site, manager):
    day = date(2026, 11, 24)
    save_place(
        HolidayOverride(site=open_site, day=day, is_holiday=False, name="Vẫn khám"),
        fields=["day"],
        actor=manager,
    )

    assert is_open_on(open_site, day)
    assert holiday_name(day, other_site) is not None
    assert day not in dict(holidays_between(date(2026, 11, 1), date(2026, 11, 30), open_site))


def test_the_next_open_day_passes_over_sunday_and_holiday(open_site, manager):
    save_place(HolidayOverride(day=date(2026, 11, 23), name="Nghỉ bù"), fields=["day"], actor=manager)

    assert next_open_day(open_site, date(2026, 11, 22)) == date(2026, 11, 25)
