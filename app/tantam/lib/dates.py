"""Days, births and moments as people write them and as systems export them.

Vietnam writes the day first. A date that does not exist is refused, never mended:
11/21/1985 may be an American date or a slip, and a record must not guess.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date as Day  # noqa: N812 - ``date`` is a field name below
from datetime import datetime, timedelta, timezone, tzinfo
from functools import total_ordering
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from tantam.lib.errors import Refusal
from tantam.lib.names import fold
from tantam.lib.text import shorten

OLDEST_AGE: Final = 130
YEARS_AHEAD: Final = 100
_EARLIEST_YEAR: Final = 1850
_VIETNAM: Final = timezone(timedelta(hours=7))

RawDate = str | int | float | Day | datetime


class DateInvalid(Refusal):
    message = gettext_lazy(
        "“%(value)s” is not a date we can read. Write it like 21/11/2026, 21-11-26 or 2026-11-21."
    )


class DateDoesNotExist(DateInvalid):
    message = gettext_lazy(
        "“%(value)s” does not exist in the calendar. Write day/month/year, like 21/11/2026."
    )


class DateOutOfRange(DateInvalid):
    message = gettext_lazy("“%(value)s” is too far from today. Write it like 21/11/2026.")


class BirthInvalid(DateInvalid):
    message = gettext_lazy(
        "“%(value)s” is not a date of birth we can read. "
        "Write it like 21/11/1985, 21-11-85 or 1985-11-21, or the year alone."
    )


class BirthInFuture(BirthInvalid):
    message = gettext_lazy(
        "“%(value)s” is in the future. Write the date of birth like 21/11/1985, or the year alone."
    )


class BirthTooLongAgo(BirthInvalid):
    message = gettext_lazy(
        "“%(value)s” is more than 130 years ago. Write the date of birth like 21/11/1985, or the year alone."
    )


class MomentInvalid(DateInvalid):
    message = gettext_lazy("“%(value)s” is not a date and time we can read. Write it like 21/11/2026 14:30.")


@total_ordering
@dataclass(frozen=True, slots=True)
class Birth:
    """When somebody was born: the day, or only the year when that is all anyone knows.

    Births order by time; a year alone comes before the days of that year.
    """

    year: int
    date: Day | None = None

    def __lt__(self, other: Birth) -> bool:
        return self._key() < other._key()

    def _key(self) -> tuple[int, int]:
        return self.year, self.date.toordinal() if self.date else 0

    def __str__(self) -> str:
        return format_day(self.date) if self.date else str(self.year)


_DAY_FIRST = re.compile(r"(\d{1,2})\s*[/.\- ]\s*(\d{1,2})\s*[/.\- ]\s*(\d{4}|\d{2})", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})\s*[/.\- ]\s*(\d{1,2})\s*[/.\- ]\s*(\d{1,2})", re.ASCII)
_MONTH_ONLY = re.compile(
    r"(?P<year>\d{4})[/.\-](?P<month>\d{1,2})|(?P<month2>\d{1,2})[/.\-](?P<year2>\d{4})", re.ASCII
)
_DAY_UNKNOWN = re.compile(r"(?:00?|[x?*_.-]{1,2})\s*[/.\-]\s*(?:\d{1,2}|[x?*_.-]{1,2})\s*[/.\-]\s*(\d{4})")
_IN_WORDS = re.compile(r"(?:ngay )?(\d{1,2}) thang (\d{1,2})(?: nam|,)? (\d{4})", re.ASCII)
_AGE_YEARS = re.compile(r"(\d{1,3}) ?(?:tuoi|t|years? old|岁)", re.ASCII)
_AGE_MONTHS = re.compile(r"(\d{1,2}) ?(?:thang tuoi|thang|months? old)", re.ASCII)
_TIME = r"(?P<hour>\d{1,2})\s*(?:[:h]|giờ)\s*(?P<minute>\d{2})?(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
_HALF = r"(?:\s*(?P<half>am|pm|sa|ch))?"
_TIME_AFTER = re.compile(rf"(?P<day>.*\d)(?:\s*,\s*|\s+|t){_TIME}{_HALF}", re.IGNORECASE)
_TIME_BEFORE = re.compile(rf"{_TIME}{_HALF}(?:\s*,\s*|\s+)(?:ngày\s+)?(?P<day>\d.*)", re.IGNORECASE)
_OFFSET_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*(?:Z|[+-]\d{2}:?\d{2})", re.IGNORECASE)
_WHOLE_FLOAT = re.compile(r"(\d+)\.0+", re.ASCII)
_LEAP_SECOND = re.compile(r"(T\d{2}:\d{2}):60", re.IGNORECASE)
# Spreadsheets count days from here (their 29/02/1900 never was); below 2300 a number is a year.
_SERIAL_ZERO: Final = Day(1899, 12, 30)
_FIRST_SERIAL: Final = 2_300
_LAST_SERIAL: Final = 110_000  # in the year 2201

WEEKDAYS: Final = (
    pgettext_lazy("weekday", "Monday"),
    pgettext_lazy("weekday", "Tuesday"),
    pgettext_lazy("weekday", "Wednesday"),
    pgettext_lazy("weekday", "Thursday"),
    pgettext_lazy("weekday", "Friday"),
    pgettext_lazy("weekday", "Saturday"),
    pgettext_lazy("weekday", "Sunday"),
)


def parse_birth(raw: RawDate, *, today: Day) -> Birth:
    """A date of birth, or the year alone, from a form, a sheet or another system (B1).

    Understands what ``parse_day`` does, and a year, a month of a year, an unknown day
    (00/00/1985, ??/??/1985), an age ("45 tuổi"); these give the year. Two-digit years
    are the latest that are not in the future.

    Refuses with a DateInvalid: BirthInvalid, DateDoesNotExist, BirthInFuture, BirthTooLongAgo
    (more than 130 years).
    """
    try:
        found = _birth(raw, today)
    except _NotADayError:
        raise BirthInvalid(value=_shown(raw)) from None
    except (ValueError, OverflowError):
        raise DateDoesNotExist(value=_shown(raw)) from None
    if found.year > today.year or (found.date and found.date > today):
        raise BirthInFuture(value=_shown(raw))
    if found.year < today.year - OLDEST_AGE:
        raise BirthTooLongAgo(value=_shown(raw))
    return found


def parse_day(raw: RawDate, *, today: Day) -> Day:
    """An ordinary date, day first; a time after it is passed over (``parse_moment`` reads it).

    Understands dd/mm/yyyy, d-m-yy, d.m.yyyy, yyyy-mm-dd, yyyymmdd, ddmmyyyy, "ngày 21
    tháng 11 năm 2026" and the day numbers of spreadsheets. Two-digit years lie within
    80 years back and 20 ahead.

    Refuses with DateInvalid; DateDoesNotExist and DateOutOfRange tell more.
    """
    try:
        day = _day(raw, latest=Day(today.year + 20, 12, 31))
    except _NotADayError:
        raise DateInvalid(value=_shown(raw)) from None
    except (ValueError, OverflowError):
        raise DateDoesNotExist(value=_shown(raw)) from None
    if not _EARLIEST_YEAR <= day.year <= today.year + YEARS_AHEAD:
        raise DateOutOfRange(value=_shown(raw))
    return day


def parse_moment(raw: RawDate, zone: tzinfo) -> datetime:
    """A point in time, in ``zone``: an ISO or FHIR instant, or a local date and time.

    Understands "21/11/2026 14:30", "14h30 21/11/2026", "… 2:30 CH", yyyymmddHHMM, the
    day numbers of spreadsheets with their fraction, and dates alone (midnight). A year
    or a month of a year, as FHIR allows, is its first midnight.

    Refuses with MomentInvalid.
    """
    try:
        return _moment(raw, zone)
    except (_NotADayError, ValueError, OverflowError):
        raise MomentInvalid(value=_shown(raw)) from None


class _NotADayError(Exception):
    pass


def _shown(raw: RawDate) -> str:
    return shorten(str(raw), 40)


def _text(raw: str) -> str:
    if len(raw) > 80:
        raise _NotADayError
    text = raw if raw.isascii() else unicodedata.normalize("NFKC", raw)
    text = text.strip().strip("'\"")
    match = _WHOLE_FLOAT.fullmatch(text)
    return match[1] if match else text


def _day(raw: RawDate, *, latest: Day) -> Day:
    """The day, or ValueError when it does not exist, or _NotADayError."""
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, Day):
        return raw
    if isinstance(raw, (int, float)):
        return _day_of_number(raw)
    text = _text(raw)
    if match := _DAY_FIRST.fullmatch(text):
        return _day_first(match, latest)
    if match := _YEAR_FIRST.fullmatch(text):
        return Day(int(match[1]), int(match[2]), int(match[3]))
    if text.isascii() and text.isdigit():
        return _day_of_digits(text)
    if _OFFSET_TIME.fullmatch(text):
        moment = datetime.fromisoformat(text)
        # Midnight in Vietnam, written as UTC, is 17:00 of the day before.
        return (moment if moment.utcoffset() else moment.astimezone(_VIETNAM)).date()
    if match := _TIME_AFTER.fullmatch(text) or _TIME_BEFORE.fullmatch(text):
        return _day(match["day"], latest=latest)
    if match := _IN_WORDS.fullmatch(fold(text)):
        return Day(int(match[3]), int(match[2]), int(match[1]))
    raise _NotADayError


def _day_first(match: re.Match[str], latest: Day) -> Day:
    day, month, year = int(match[1]), int(match[2]), int(match[3])
    if len(match[3]) == 4:
        return Day(year, month, day)
    year += latest.year // 100 * 100
    if (year, month, day) > (latest.year, latest.month, latest.day):
        year -= 100
    return Day(year, month, day)


def _day_of_number(number: float) -> Day:
    if isinstance(number, bool) or not math.isfinite(number) or number < _FIRST_SERIAL:
        raise _NotADayError
    if number <= _LAST_SERIAL:
        return _SERIAL_ZERO + timedelta(days=int(number))
    return _day_of_digits(str(int(number)))


def _day_of_digits(digits: str) -> Day:
    if len(digits) == 5:
        return _day_of_number(int(digits))
    if len(digits) not in {8, 12, 14}:
        raise _NotADayError
    if int(digits[:4]) >= _EARLIEST_YEAR and (len(digits) > 8 or int(digits[4:6]) <= 12):
        return Day(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    if len(digits) == 8:
        return Day(int(digits[4:]), int(digits[2:4]), int(digits[:2]))
    raise _NotADayError


def _birth(raw: RawDate, today: Day) -> Birth:
    if isinstance(raw, (int, float)) and _EARLIEST_YEAR <= raw < _FIRST_SERIAL and raw == int(raw):
        return Birth(int(raw))
    if isinstance(raw, str):
        text = _text(raw)
        year = _year_alone(text, today)
        if year is not None:
            return Birth(year)
    day = _day(raw, latest=today)
    return Birth(day.year, day)


def _may_be_year(digits: str) -> bool:
    return _EARLIEST_YEAR <= int(digits) < _FIRST_SERIAL


def _year_alone(text: str, today: Day) -> int | None:
    """The year, when the text holds no more than a year; None when it may hold a day."""
    if text.isascii() and text.isdigit():
        if len(text) == 4 and int(text) < _FIRST_SERIAL:
            return int(text)
        # Insurance files fill an unknown month and day with zeros.
        unknown = len(text) in {8, 12} and text[4:8] == "0000" and _may_be_year(text[:4])
        return int(text[:4]) if unknown else None
    if match := _DAY_FIRST.fullmatch(text):
        return int(match[3]) if int(match[1]) == 0 and len(match[3]) == 4 else None
    if match := _DAY_UNKNOWN.fullmatch(text.lower()):
        return int(match[1])
    if match := _MONTH_ONLY.fullmatch(text):
        year, month = int(match["year"] or match["year2"]), int(match["month"] or match["month2"])
        return Day(year, max(month, 1), 1).year
    folded = fold(text)
    if match := _AGE_YEARS.fullmatch(folded):
        return today.year - int(match[1])
    if match := _AGE_MONTHS.fullmatch(folded):
        return (today.year * 12 + today.month - 1 - int(match[1])) // 12
    return None


def _moment(raw: RawDate, zone: tzinfo) -> datetime:
    if isinstance(raw, datetime):
        return raw.astimezone(zone) if raw.tzinfo else raw.replace(tzinfo=zone)
    if isinstance(raw, float) and math.isfinite(raw) and raw <= _LAST_SERIAL:
        seconds = round((raw - int(raw)) * 86_400)
        return _midnight(_day_of_number(raw), zone) + timedelta(seconds=seconds)
    if isinstance(raw, (int, float)):
        raw = str(int(raw)) if isinstance(raw, int) or math.isfinite(raw) else ""
    if isinstance(raw, Day):
        return _midnight(raw, zone)

    text = _text(raw)
    latest = Day(datetime.now(zone).year + 20, 12, 31)
    if _OFFSET_TIME.fullmatch(text):
        # A leap second is a valid instant in FHIR but not in Python.
        return datetime.fromisoformat(_LEAP_SECOND.sub(r"\1:59", text)).astimezone(zone)
    if text.isascii() and text.isdigit():
        if len(text) in {12, 14}:
            time = [int(text[place : place + 2] or 0) for place in (8, 10, 12)]
            return _midnight(_day_of_digits(text), zone).replace(hour=time[0], minute=time[1], second=time[2])
        if len(text) == 4 and _may_be_year(text):
            return _midnight(Day(int(text), 1, 1), zone)
    if match := _MONTH_ONLY.fullmatch(text):
        year, month = int(match["year"] or match["year2"]), int(match["month"] or match["month2"])
        return _midnight(Day(year, month, 1), zone)
    if match := _TIME_AFTER.fullmatch(text) or _TIME_BEFORE.fullmatch(text):
        return _at(match, _midnight(_day(match["day"], latest=latest), zone))
    return _midnight(_day(text, latest=latest), zone)


def _at(match: re.Match[str], midnight: datetime) -> datetime:
    hour = int(match["hour"])
    half = (match["half"] or "").lower()
    if half in {"pm", "ch"} and hour < 12:
        hour += 12
    elif half in {"am", "sa"} and hour == 12:
        hour = 0
    return midnight.replace(hour=hour, minute=int(match["minute"] or 0), second=int(match["second"] or 0))


def _midnight(day: Day, zone: tzinfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def age_years(birth: Birth, on: Day) -> int:
    """Whole years of age; from a year alone, the age reached during the year of ``on``."""
    years = on.year - birth.year
    if birth.date and (on.month, on.day) < (birth.date.month, birth.date.day):
        years -= 1
    return max(years, 0)


def age_in_words(birth: Birth, on: Day) -> str:
    """The age as a clinic says it: days under 2 months, months under 6 years, then years."""
    years = age_years(birth, on)
    if birth.date is None:
        if years == 0:
            return _("under 1 year old")
    else:
        months = _whole_months(birth.date, on)
        if months < 2:
            days = max((on - birth.date).days, 0)
            return ngettext("%(count)s day old", "%(count)s days old", days) % {"count": days}
        if years < 6:
            return ngettext("%(count)s month old", "%(count)s months old", months) % {"count": months}
    return ngettext("%(count)s year old", "%(count)s years old", years) % {"count": years}


def _whole_months(start: Day, on: Day) -> int:
    months = (on.year - start.year) * 12 + on.month - start.month
    return months - (on.day < start.day)


def format_day(day: Day) -> str:
    """As people read it: "21/11/2026"."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def format_moment(moment: datetime, zone: tzinfo) -> str:
    """Day and 24-hour time in ``zone``: "21/11/2026 14:30"."""
    local = moment.astimezone(zone)
    return f"{format_day(local)} {local.hour:02}:{local.minute:02}"


def weekday_name(day: Day) -> str:
    """Monday, … in the active language."""
    return str(WEEKDAYS[day.weekday()])
