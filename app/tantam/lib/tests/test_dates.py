from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from tantam.lib.dates import (
    Birth,
    BirthInFuture,
    BirthInvalid,
    BirthTooLongAgo,
    DateDoesNotExist,
    DateInvalid,
    DateOutOfRange,
    MomentInvalid,
    age_in_words,
    age_years,
    format_day,
    format_moment,
    parse_birth,
    parse_day,
    parse_moment,
    weekday_name,
)

TODAY = date(2026, 11, 21)
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
BORN = date(1985, 11, 21)


@pytest.mark.parametrize(
    "raw",
    [
        "21/11/1985",
        "21-11-85",
        "21.11.1985",
        "21 / 11 / 1985",
        "21 11 1985",
        "1985-11-21",
        "1985/11/21",
        "19851121",
        19851121,
        "21111985",
        "198511210000",
        "1985-11-21T00:00:00",
        "1985-11-21T00:00:00+07:00",
        "1985-11-20T17:00:00Z",
        "21/11/1985 00:00:00",
        "21/11/1985 12:00:00 SA",
        "ngày 21 tháng 11 năm 1985",
        "21 tháng 11, 1985",
        "２１/１１/１９８５",
        "'21/11/1985",
        31372,
        31372.0,
        "31372",
        "31372.0",
        date(1985, 11, 21),
        datetime(1985, 11, 21, 3, 4, tzinfo=UTC),
    ],
)
def test_one_date_in_every_spelling(raw):
    assert parse_birth(raw, today=TODAY) == Birth(1985, BORN)
    assert parse_day(raw, today=TODAY) == BORN


@pytest.mark.parametrize(
    ("raw", "year"),
    [
        ("1985", 1985),
        (1985, 1985),
        (1985.0, 1985),
        ("1985.0", 1985),
        ("1985-11", 1985),
        ("11/1985", 1985),
        ("00/00/1985", 1985),
        ("00/11/1985", 1985),
        ("??/??/1985", 1985),
        ("xx/xx/1985", 1985),
        ("19850000", 1985),
        ("198500000000", 1985),
        ("45 tuổi", 1981),
        ("8 tháng tuổi", 2026),
        ("14 tháng", 2025),
        ("2026", 2026),
    ],
)
def test_the_year_alone_is_enough(raw, year):
    """B1: the year alone is allowed, or the age."""
    assert parse_birth(raw, today=TODAY) == Birth(year)


@pytest.mark.parametrize(
    ("raw", "born"),
    [
        ("21/11/26", date(2026, 11, 21)),
        ("22/11/26", date(1926, 11, 22)),
        ("1-2-85", date(1985, 2, 1)),
        ("1-2-05", date(2005, 2, 1)),
    ],
)
def test_a_short_year_is_the_latest_that_has_been(raw, born):
    assert parse_birth(raw, today=TODAY).date == born


@pytest.mark.parametrize(
    ("raw", "day"), [("21/11/26", TODAY), ("1/1/46", date(2046, 1, 1)), ("1/1/47", date(1947, 1, 1))]
)
def test_a_short_year_of_an_ordinary_day_is_near(raw, day):
    assert parse_day(raw, today=TODAY) == day


@pytest.mark.parametrize(
    ("raw", "refusal"),
    [
        ("31/02/1985", DateDoesNotExist),
        ("29/02/2023", DateDoesNotExist),
        ("11/21/1985", DateDoesNotExist),
        ("1985-13-01", DateDoesNotExist),
        ("13/1985", DateDoesNotExist),
        ("22/11/2026", BirthInFuture),
        ("2027", BirthInFuture),
        (60_000, BirthInFuture),
        ("1895", BirthTooLongAgo),
        ("1/1/1895", BirthTooLongAgo),
        ("131 tuổi", BirthTooLongAgo),
        ("", BirthInvalid),
        ("   ", BirthInvalid),
        ("abc", BirthInvalid),
        ("85", BirthInvalid),
        (85, BirthInvalid),
        (0, BirthInvalid),
        (-1, BirthInvalid),
        (True, BirthInvalid),
        (float("nan"), BirthInvalid),
        (float("inf"), BirthInvalid),
        ("1" * 100_000, BirthInvalid),
    ],
)
def test_a_birth_that_cannot_be_is_refused_by_name(raw, refusal):
    with pytest.raises(refusal) as caught:
        parse_birth(raw, today=TODAY)

    assert isinstance(caught.value, DateInvalid)
    assert "1985" in str(caught.value) or "2026" in str(caught.value)
    assert len(str(caught.value)) < 250


@pytest.mark.parametrize(
    ("raw", "refusal"),
    [
        ("31/04/2026", DateDoesNotExist),
        ("1985", DateInvalid),
        ("1/1/1700", DateOutOfRange),
        ("1/1/2127", DateOutOfRange),
    ],
)
def test_a_day_that_cannot_be_is_refused(raw, refusal):
    with pytest.raises(refusal):
        parse_day(raw, today=TODAY)


@given(st.dates(date(1897, 1, 1), TODAY))
def test_a_date_shown_is_read_back(day):
    for text in (
        format_day(day),
        day.isoformat(),
        day.strftime("%Y%m%d"),
        f"{day.day}-{day.month}-{day.year}",
    ):
        assert parse_birth(text, today=TODAY) == Birth(day.year, day)
        assert parse_day(text, today=TODAY) == day


@given(st.text(max_size=30) | st.text("0123456789/-. :T", max_size=20) | st.integers() | st.floats())
def test_anything_is_a_date_or_refused(raw):
    refusals = []
    for parse in (
        lambda: parse_birth(raw, today=TODAY),
        lambda: parse_day(raw, today=TODAY),
        lambda: parse_moment(raw, VIETNAM),
    ):
        try:
            parse()
        except DateInvalid as refusal:
            refusals.append(str(refusal))
    assert all(len(sentence) < 250 for sentence in refusals)


@pytest.mark.parametrize(
    "raw",
    [
        "2026-11-21T14:30:00+07:00",
        "2026-11-21T07:30:00Z",
        "2026-11-21T07:30:00.000Z",
        "2026-11-21T02:30:00-05:00",
        "2026-11-21T14:30",
        "2026-11-21 14:30:00",
        "21/11/2026 14:30",
        "14:30 21/11/2026",
        "14h30 21/11/2026",
        "14h30 ngày 21/11/2026",
        "21/11/2026, 2:30 CH",
        "21/11/2026 02:30:00 PM",
        "202611211430",
        "20261121143000",
        202611211430,
        46347.604166666664,
        datetime(2026, 11, 21, 14, 30, tzinfo=UTC).replace(tzinfo=None),
        datetime(2026, 11, 21, 7, 30, tzinfo=UTC),
    ],
)
def test_one_moment_in_every_spelling(raw):
    moment = parse_moment(raw, VIETNAM)

    assert moment == datetime(2026, 11, 21, 14, 30, tzinfo=VIETNAM)
    assert moment.utcoffset() == timedelta(hours=7)


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("21/11/2026", datetime(2026, 11, 21, tzinfo=VIETNAM)),
        ("2026-11-21", datetime(2026, 11, 21, tzinfo=VIETNAM)),
        (date(2026, 11, 21), datetime(2026, 11, 21, tzinfo=VIETNAM)),
        ("2026-02", datetime(2026, 2, 1, tzinfo=VIETNAM)),
        ("2026", datetime(2026, 1, 1, tzinfo=VIETNAM)),
        ("21/11/2026 12:05 SA", datetime(2026, 11, 21, 0, 5, tzinfo=VIETNAM)),
        ("8 giờ 21/11/2026", datetime(2026, 11, 21, 8, tzinfo=VIETNAM)),
        ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, 6, 59, 59, tzinfo=VIETNAM)),
    ],
)
def test_moments_that_say_less_or_more(raw, moment):
    assert parse_moment(raw, VIETNAM) == moment


@pytest.mark.parametrize(
    "raw", ["", "abc", "21/11/2026 25:00", "31/02/2026 10:00", "2026-11-21T14:30:00+99:00", True]
)
def test_a_moment_that_cannot_be_is_refused(raw):
    with pytest.raises(MomentInvalid):
        parse_moment(raw, VIETNAM)


@pytest.mark.parametrize(
    ("birth", "on", "years"),
    [
        (Birth(1985, BORN), date(2026, 11, 20), 40),
        (Birth(1985, BORN), date(2026, 11, 21), 41),
        (Birth(2004, date(2004, 2, 29)), date(2026, 2, 28), 21),
        (Birth(2004, date(2004, 2, 29)), date(2026, 3, 1), 22),
        (Birth(1985), date(2026, 1, 1), 41),
        (Birth(2026, TODAY), date(2026, 1, 1), 0),
    ],
)
def test_age_in_years(birth, on, years):
    assert age_years(birth, on) == years


@pytest.mark.parametrize(
    ("birth", "vietnamese", "english"),
    [
        (Birth(2026, TODAY), "0 ngày tuổi", "0 days old"),
        (Birth(2026, date(2026, 9, 22)), "60 ngày tuổi", "60 days old"),
        (Birth(2026, date(2026, 9, 21)), "2 tháng tuổi", "2 months old"),
        (Birth(2020, date(2020, 11, 22)), "71 tháng tuổi", "71 months old"),
        (Birth(2020, date(2020, 11, 21)), "6 tuổi", "6 years old"),
        (Birth(1985, BORN), "41 tuổi", "41 years old"),
        (Birth(2025), "1 tuổi", "1 year old"),
        (Birth(2026), "dưới 1 tuổi", "under 1 year old"),
    ],
)
def test_age_as_a_clinic_says_it(birth, vietnamese, english):
    with translation.override("vi"):
        assert age_in_words(birth, TODAY) == vietnamese
    with translation.override("en"):
        assert age_in_words(birth, TODAY) == english


def test_births_stand_in_order():
    births = [Birth(1985, date(1985, 1, 1)), Birth(1984, BORN.replace(year=1984)), Birth(1985), Birth(1986)]

    assert sorted(births) == [births[1], births[2], births[0], births[3]]
    assert str(Birth(1985)) == "1985"
    assert str(Birth(1985, BORN)) == "21/11/1985"


def test_days_and_moments_are_shown_the_vietnamese_way():
    assert format_day(date(2026, 1, 2)) == "02/01/2026"
    assert format_moment(datetime(2026, 11, 21, 17, 5, tzinfo=UTC), VIETNAM) == "22/11/2026 00:05"


@pytest.mark.parametrize(("language", "name"), [("vi", "Thứ Bảy"), ("en", "Saturday"), ("zh-hans", "星期六")])
def test_weekdays_have_names(language, name):
    with translation.override(language):
        assert weekday_name(TODAY) == name
