"""The choices of the outcome form as they stand on the call screen: words, keys, icons, tones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tantam.care.forms.dialogs import ACTS
from tantam.care.models import AttemptResult, Confirmation, Experience, Health
from tantam.care.policy import current_policy
from tantam.facility.models import Site
from tantam.ui.kept import render_kept
from tantam.ui.moments import day as day_in_figures

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: Text
    icon: str
    tone: str
    key: str
    checked: bool = False
    worries: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    label: Text
    choices: list[Choice]


_GROUPS: tuple[tuple[str, Text, tuple[tuple[str, str, str, str], ...]], ...] = (
    (
        "confirmation",
        gettext_lazy("Re-examination"),
        (
            (Confirmation.CONFIRMED, "calendar-check", "good", "1"),
            (Confirmation.UNSURE, "calendar-clock", "neutral", "2"),
            (Confirmation.DECLINED, "calendar-x", "wait", "3"),
        ),
    ),
    (
        "health",
        gettext_lazy("Health"),
        (
            (Health.BETTER, "trending-up", "good", "4"),
            (Health.SAME, "equal", "neutral", "5"),
            (Health.WORSE, "trending-down", "wait", "6"),
        ),
    ),
    (
        "experience",
        gettext_lazy("Examination"),
        (
            (Experience.GOOD, "smile", "good", "7"),
            (Experience.FAIR, "meh", "neutral", "8"),
            (Experience.BAD, "frown", "wait", "9"),
        ),
    ),
)
_LABELS: dict[str, type[Confirmation] | type[Health] | type[Experience]] = {
    "confirmation": Confirmation,
    "health": Health,
    "experience": Experience,
}

# Failed tries that need nothing but one press: result, icon, key.
TRIES = (
    (AttemptResult.NO_ANSWER, "phone-missed", "q"),
    (AttemptResult.BUSY, "phone-call", "m"),
    (AttemptResult.UNREACHABLE, "phone-off", "u"),
    (AttemptResult.WRONG_NUMBER, "user-round-x", "w"),
)


def tries() -> list[tuple[str, str, str, Text]]:
    short = {AttemptResult.UNREACHABLE: _("Phone off")}
    return [(result.value, icon, key, short.get(result, result.label)) for result, icon, key in TRIES]


def groups(chosen: Mapping[str, str], *, with_date: bool) -> list[Group]:
    """The three questions; the first only when there is a date to confirm."""
    shown = []
    for name, label, choices in _GROUPS:
        if name == "confirmation" and not with_date:
            continue
        shown.append(
            Group(
                name,
                label,
                [
                    Choice(
                        str(value),
                        _LABELS[name](value).label,
                        icon,
                        tone,
                        key,
                        checked=chosen.get(name) == value,
                        worries=getattr(_LABELS[name](value), "is_worrying", False),
                    )
                    for value, icon, tone, key in choices
                ],
            )
        )
    return shown


@dataclass(frozen=True, slots=True)
class Later:
    """A time offered for calling back."""

    label: str
    day: str
    time: str


def laters(zone: ZoneInfo, now: datetime | None = None) -> list[Later]:
    """Times people usually ask for, within calling hours at the site in `zone`, soonest first."""
    here = timezone.localtime(now, zone)
    policy = current_policy()
    in_an_hour = here + timedelta(hours=1)
    rounded = in_an_hour + timedelta(minutes=-in_an_hour.minute % 5)
    offered = []
    if policy.calls_from <= rounded.time() < policy.calls_until and rounded.date() == here.date():
        offered.append(_later(_("In an hour"), rounded.date(), rounded.time()))
    today, tomorrow = here.date(), here.date() + timedelta(days=1)
    if here.hour < 13:
        offered.append(_later(_("This afternoon"), today, time(15, 0)))
    if here.hour < 17:
        offered.append(_later(_("This evening"), today, time(18, 30)))
    offered.append(_later(_("Tomorrow morning"), tomorrow, time(8, 30)))
    offered.append(_later(_("Tomorrow afternoon"), tomorrow, time(15, 0)))
    return offered


def _later(label: str, day: date, at: time) -> Later:
    clock = f"{at:%H:%M}"
    return Later(f"{label} {clock}", day_in_figures(day), clock)


def clock_of(site: Site) -> str:
    """The site whose clock a call-back is read by, where the member's own shows another time; else nothing."""
    here, there = timezone.localtime(), timezone.localtime(timezone=site.zone)
    return site.name if here.utcoffset() != there.utcoffset() else ""


def fresh_answers(site: Site, *, with_date: bool) -> SafeString:
    """The part of an untouched form that is the same for every call of a site."""
    return render_kept(
        "care/call_answers.html",
        lambda: {"groups": groups({}, with_date=with_date), "tries": tries(), "chosen": {}},
        with_date=with_date,
        laters=tuple(laters(site.zone)),
        clock_of=clock_of(site),
    )


def at_once_buttons() -> SafeString:
    """What can be recorded at once, as buttons."""
    return render_kept("care/call_atonce_buttons.html", lambda: {"acts": ACTS.values()})
