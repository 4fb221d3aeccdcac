"""The lines of the work list in words, made once a page so that its template only has to write them down."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext, ngettext

from tantam.care.models import HOUR_UNKNOWN, Action, Priority
from tantam.care.queries.work_list import Row
from tantam.facility.queries import site_todays, sites_by_id, specialities_by_id
from tantam.knowledge.models import Occasion
from tantam.lib.dates import Birth, age_in_words
from tantam.lib.phones import tail
from tantam.patients.queries.phones import open_phone
from tantam.ui.moments import clock
from tantam.ui.moments import day as in_figures

# What a priority looks like; normal work carries no badge.
_PRIORITY_KINDS: dict[int, str] = {
    Priority.URGENT: "is-danger",
    Priority.HIGH: "is-wait",
    Priority.LOW: "is-neutral",
}


# Only asked about in the row's template, never written.
FLAGS = ("held_by_me", "may_claim", "is_message")


class Lines:
    """Turns rows into lines for one member; what repeats is worked out once."""

    def __init__(self, member_id: int, *, may_call_at: Iterable[int], show_sites: bool) -> None:
        self.member_id = member_id
        self.may_call_at = frozenset(may_call_at)
        self.sites = sites_by_id() if show_sites else {}
        self.specialities = {pk: str(speciality) for pk, speciality in specialities_by_id().items()}
        self.priorities = {value: str(Priority(value).label) for value in _PRIORITY_KINDS}
        self.todays = site_todays()
        self.days: dict[date, str] = {}
        self.words = {
            "today": gettext("Today"),
            "before": gettext("Re-examination %(day)s"),
            "after": gettext("Visited %(day)s"),
            "follow_up": gettext("Follow-up of a call"),
            "best": gettext("%(from)s–%(to)s h"),
            "you": gettext("You are calling"),
            "other": gettext("%(name)s is calling"),
            "other_task": gettext("%(name)s is calling about something else"),
            "no_phone": gettext("no phone"),
        }

    def line(self, row: Row) -> dict[str, str]:
        """The texts of one line; `*_kind` are classes, the FLAGS are "1" or empty."""
        today = self.todays.get(row.site_id) or timezone.localdate()
        e164 = open_phone(row.phone)
        born = Birth(row.birth_year, row.birth_date) if row.birth_year else None
        mine = row.held_by == self.member_id
        return {
            "id": str(row.id),
            "name": row.name,
            "facts": f"{age_in_words(born, today)} · {row.code}" if born else row.code,
            "tail": f"…{tail(e164, 3)}" if e164 else self.words["no_phone"],
            "why": row.rule or self.words["follow_up"],
            "about": self._about(row),
            "speciality": self.specialities.get(row.speciality_id or 0, ""),
            "site": self.sites[row.site_id].name if row.site_id in self.sites else "",
            "priority": self.priorities.get(row.priority, ""),
            "priority_kind": _PRIORITY_KINDS.get(row.priority, ""),
            "due": self._due(row.due_on, today),
            "due_kind": "overdue" if row.due_on < today else "",
            "best": self._best(row),
            "tries": self._tries(row.attempts),
            "next_try": self._next_try(row.next_attempt_at),
            "who": self._who(row, mine),
            "held_by_me": "1" if mine and row.held_task == row.id else "",
            "may_claim": "1" if row.held_by is None and row.site_id in self.may_call_at else "",
            "is_message": "1" if row.action == Action.MESSAGE else "",
        }

    def _day(self, day: date) -> str:
        if day not in self.days:
            self.days[day] = in_figures(day)
        return self.days[day]

    def _about(self, row: Row) -> str:
        if row.rule is None:
            return ""
        words = self.words["before" if row.occasion == Occasion.BEFORE_REEXAMINATION else "after"]
        return words % {"day": self._day(row.anchor_on)}

    def _due(self, due_on: date, today: date) -> str:
        if due_on == today:
            return self.words["today"]
        if due_on < today:
            late = (today - due_on).days
            return ngettext("%(days)s day late", "%(days)s days late", late) % {"days": late}
        return self._day(due_on)

    def _best(self, row: Row) -> str:
        if row.phone_note:
            return row.phone_note
        if row.best_hour == HOUR_UNKNOWN:
            return ""
        return self.words["best"] % {"from": row.best_hour, "to": row.best_hour + 2}

    def _tries(self, attempts: int) -> str:
        if not attempts:
            return ""
        return ngettext("%(count)s try", "%(count)s tries", attempts) % {"count": attempts}

    def _next_try(self, at: datetime | None) -> str:
        if at is None or at <= timezone.now():
            return ""
        local = timezone.localtime(at)
        time = clock(at)
        when = time if local.date() == timezone.localdate() else f"{time} {self._day(local.date())}"
        return gettext("again at %(time)s") % {"time": when}

    def _who(self, row: Row, mine: bool) -> str:
        if row.held_by is not None:
            if mine:
                return self.words["you"]
            words = self.words["other" if row.held_task == row.id else "other_task"]
            return words % {"name": row.holder}
        return row.assignee or ""
