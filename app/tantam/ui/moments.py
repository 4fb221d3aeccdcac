"""Days, moments and ages in words, as people at the hospital say them."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext, ngettext

from tantam.lib.dates import weekday_name


def as_day(value: date | datetime) -> date:
    """The calendar day here: an aware moment is first moved to the current time zone."""
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    return value


def as_moment(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


def day(value: date | datetime) -> str:
    """21/11/2026."""
    shown = as_day(value)
    return f"{shown.day:02d}/{shown.month:02d}/{shown.year:04d}"


def clock(value: datetime) -> str:
    """14:30, in the current time zone."""
    shown = as_moment(value)
    return f"{shown.hour:02d}:{shown.minute:02d}"


def weekday(value: date | datetime) -> str:
    return weekday_name(as_day(value))


def relative_day(value: date | datetime) -> str:
    """Today, tomorrow, 3 days ago; beyond two weeks simply the date."""
    shown = as_day(value)
    away = (shown - timezone.localdate()).days
    if away == 0:
        return gettext("today")
    if away == 1:
        return gettext("tomorrow")
    if away == -1:
        return gettext("yesterday")
    if 1 < away <= 14:
        return ngettext("in %(days)s day", "in %(days)s days", away) % {"days": away}
    if -14 <= away < -1:
        return ngettext("%(days)s day ago", "%(days)s days ago", -away) % {"days": -away}
    return day(shown)
