"""What happened to a care rule, read from the journal: who changed what, and what each planning made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Count, Q
from django.utils.translation import gettext, ngettext

from tantam.accounts.models import Member
from tantam.accounts.permissions import Role
from tantam.care.events import CareEvent
from tantam.care.models import IN_WORDS, Action, CareRule, CareTask, Priority, TaskStatus
from tantam.facility.queries import sites_by_id, specialities_by_id
from tantam.journal.models import Entry
from tantam.knowledge.models import Guide, Occasion

SHOWN = 30
_CHOICES: dict[str, Any] = {
    "occasion": Occasion,
    "action": Action,
    "priority": Priority,
    "assigned_role": Role,
}
_EVENTS = (CareEvent.RULE_SAVED, CareEvent.TASKS_PLANNED, CareEvent.TASK_MOVED)


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a rule's history."""

    at: datetime
    by: str
    title: str
    details: list[str]
    icon: str
    kind: str


@dataclass(frozen=True, slots=True)
class Planning:
    """How far the planning of a saved rule is: done with its counts, or still waiting for the worker."""

    is_done: bool
    at: datetime | None = None
    planned: int = 0
    moved: int = 0
    closed: int = 0
    waiting: int = 0


def history(rule: CareRule) -> list[Happening]:
    """The latest entries first; runs of the planner for one patient are left out."""
    entries = (
        Entry.objects.filter(
            subject_type="care.carerule",
            subject_id=rule.pk,
            patient_id__isnull=True,
            event__in=_EVENTS,
            details__patient__isnull=True,
        )
        .select_related("actor")
        .order_by("-id")[:SHOWN]
    )
    names, revisions = _Names(), _Revisions(rule)
    return [_happening(entry, names, revisions) for entry in entries]


def planning_of(rule: CareRule) -> Planning:
    """Whether what was saved last has been planned, and what came of it."""
    entry = (
        Entry.objects.filter(
            subject_type="care.carerule",
            subject_id=rule.pk,
            patient_id__isnull=True,
            event=CareEvent.TASKS_PLANNED,
            details__revision__isnull=False,
        )
        .order_by("-id")
        .first()
    )
    waiting = CareTask.objects.filter(rule=rule, status=TaskStatus.OPEN).count()
    saved = (
        Entry.objects.filter(
            subject_type="care.carerule",
            subject_id=rule.pk,
            patient_id__isnull=True,
            event=CareEvent.RULE_SAVED,
        )
        .order_by("-id")
        .first()
    )
    if entry is None:
        # A rule that came with the installation was never saved by anyone: nothing is under way.
        return Planning(is_done=saved is None, waiting=waiting)
    return Planning(
        is_done=saved is None or entry.pk > saved.pk,
        at=entry.at,
        planned=entry.detail("planned") or 0,
        moved=entry.detail("moved") or 0,
        closed=entry.detail("closed") or 0,
        waiting=waiting,
    )


def rules_at(site_ids: Sequence[int]) -> list[CareRule]:
    """The rules of these sites and those of all sites, the ones in use first."""
    rules = CareRule.objects.filter(Q(site__isnull=True) | Q(site__in=site_ids))
    return list(
        rules.select_related("site", "speciality", "assigned_to").order_by(
            "-is_active", "occasion", "days", "name"
        )
    )


def open_contacts(site_ids: Sequence[int]) -> dict[int, int]:
    """How many open contacts each rule holds at the sites."""
    held = CareTask.objects.filter(status=TaskStatus.OPEN, site__in=site_ids, rule__isnull=False)
    return dict(held.values_list("rule_id").annotate(n=Count("pk")).order_by())


class _Names:
    """Names behind the ids that the journal keeps; each table is asked at most once."""

    def __init__(self) -> None:
        self._members: dict[int, str] | None = None
        self._guides: dict[int, str] | None = None

    def of(self, field: str, value: Any) -> str:
        if value is None or value == "":
            return gettext("all") if field in ("site", "speciality", "diagnosis_prefix") else gettext("none")
        if field in _CHOICES:
            return str(_CHOICES[field](value).label)
        if field == "site":
            site = sites_by_id().get(value)
            return site.name if site else str(value)
        if field == "speciality":
            return str(specialities_by_id().get(value, value))
        if field == "assigned_to":
            if self._members is None:
                self._members = dict(Member.objects.values_list("pk", "full_name"))
            return self._members.get(value, str(value))
        if field == "guide":
            if self._guides is None:
                self._guides = dict(Guide.objects.values_list("pk", "title"))
            return self._guides.get(value, str(value))
        if field == "is_active":
            return gettext("in use") if value else gettext("stopped")
        return str(value)


class _Revisions:
    """What a rule said in words at each revision, from its own history; asked at most once, and only when needed."""

    def __init__(self, rule: CareRule) -> None:
        self._rule = rule
        self._kept: dict[int, dict[str, str]] | None = None

    def at(self, revision: int, field: str) -> str:
        if self._kept is None:
            before = apps.get_model("care", "CareRuleEvent")._default_manager
            rows = before.filter(pgh_obj_id=self._rule.pk).values("revision", *IN_WORDS)
            self._kept = {row["revision"]: row for row in rows}
            self._kept[self._rule.revision] = {name: getattr(self._rule, name) for name in IN_WORDS}
        return self._kept.get(revision, {}).get(field, "")


def _happening(entry: Entry, names: _Names, revisions: _Revisions) -> Happening:
    by = entry.actor.full_name if entry.actor is not None else gettext("by itself")
    if entry.event == CareEvent.RULE_SAVED:
        title = gettext("Rule written") if entry.detail("created") else gettext("Rule changed")
        details = []
        for name, *values in entry.detail("changed") or ():
            revision = entry.detail("revision") or 0
            before, after = values or (revisions.at(revision - 1, name), revisions.at(revision, name))
            details.append(f"{_label(name)}: {names.of(name, before)} → {names.of(name, after)}")
        return Happening(entry.at, by, title, details, "pencil", "info")
    return Happening(entry.at, by, gettext("Contacts planned"), _counted(entry), "calendar-check", "good")


def _counted(entry: Entry) -> list[str]:
    planned, moved, closed = (entry.detail(name) or 0 for name in ("planned", "moved", "closed"))
    lines = []
    if planned or not (moved or closed):
        lines.append(
            ngettext("%(count)s contact planned", "%(count)s contacts planned", planned) % {"count": planned}
        )
    if moved:
        lines.append(
            ngettext("%(count)s contact moved", "%(count)s contacts moved", moved) % {"count": moved}
        )
    if closed:
        lines.append(
            ngettext("%(count)s contact closed", "%(count)s contacts closed", closed) % {"count": closed}
        )
    return lines


def _label(field: str) -> str:
    return str(getattr(CareRule._meta.get_field(field), "verbose_name", field))
