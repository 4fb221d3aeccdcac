"""One timeline for everything that happens with a patient; rooms above add what is theirs (B3).

A room registers a source from its `apps.ready()`; the timeline asks each source for the rows older than a
cursor and merges them. Every page of it is exact (keyset): nothing is shown twice or left out, however many
rows share a moment.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import connection
from django.db.models import Model, Q, QuerySet

from tantam.accounts.permissions import Permission

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from tantam.accounts.models import Member

Row = TypeVar("Row", bound=Model)
LONGEST_PAGE = 100


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened. `day` is set when only the day is known or planned; `at` orders it all the same.

    `kind` is filled in with the name of the source, `row_id` is unique within it.
    """

    at: datetime
    row_id: int
    icon: str
    title: str
    text: str = ""
    lines: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    by: str = ""
    where: str = ""
    tone: str = "neutral"
    url: str = ""
    day: date | None = None
    is_struck: bool = False
    kind: str = field(default="", kw_only=True)

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.row_id}"


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last entry shown: the page after it begins just below."""

    at: datetime
    kind: str
    row_id: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.kind}~{self.row_id}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The cursor an address holds; None when it holds none that can be read."""
        try:
            at, kind, row_id = text.split("~")
            moment = datetime.fromisoformat(at.replace(" ", "+"))
            return cls(moment, kind, int(row_id)) if moment.tzinfo is not None else None
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Window:
    """What a source is asked for: this patient, as this member may see, below `before`, at most `limit` + 1."""

    patient_id: int
    member: Member
    kind: str
    limit: int
    before: Cursor | None = None

    def rows(self, queryset: QuerySet[Row], at: str) -> list[Row]:
        """The rows of this page, newest first. `at` names a moment column or annotation."""
        if self.before is not None:
            older = Q(**{f"{at}__lt": self.before.at})
            if self.kind < self.before.kind:
                older |= Q(**{at: self.before.at})
            elif self.kind == self.before.kind:
                older |= Q(**{at: self.before.at, "pk__lt": self.before.row_id})
            queryset = queryset.filter(older)
        return list(queryset.order_by(f"-{at}", "-pk")[: self.limit + 1])


Source = Callable[[Window], list[TimelineEntry]]


@dataclass(frozen=True, slots=True)
class _Registered:
    kind: str
    label: _StrPromise
    source: Source
    permission: Permission
    table: str


_sources: dict[str, _Registered] = {}


def register(
    kind: str,
    label: _StrPromise,
    source: Source,
    *,
    permission: Permission,
    model: type[Model] | None = None,
) -> None:
    """Add a source, asked only for members who hold `permission` somewhere; it narrows to their sites itself.

    With the `model` its rows are of (it has a `patient`), it is not asked about patients who have none:
    most patients have rows of few kinds, and looking for all in one statement is cheap.
    """
    table = model._meta.db_table if model is not None else ""
    _sources[kind] = _Registered(kind, label, source, permission, table)


def kinds_for(member: Member) -> list[tuple[str, Any]]:
    """The kinds a member may see, with their labels, for choosing among them."""
    return [(kind, one.label) for kind, one in sorted(_sources.items()) if member.may(one.permission)]


@dataclass(frozen=True, slots=True)
class TimelinePage:
    entries: tuple[TimelineEntry, ...]
    next: Cursor | None


def timeline(
    patient_id: int,
    member: Member,
    *,
    before: Cursor | None = None,
    limit: int = 30,
    kinds: Collection[str] = (),
) -> TimelinePage:
    """One page of the patient's timeline, newest first, as far as `member` may see (B3).

    `kinds` narrows it to some sources; `before` is the `next` of the page above. At most 100 entries a page.
    """
    limit = max(1, min(limit, LONGEST_PAGE))
    found: list[tuple[datetime, str, int, TimelineEntry]] = []
    asked = {
        kind: one
        for kind, one in _sources.items()
        if (not kinds or kind in kinds) and member.may(one.permission)
    }
    empty = _empty_tables(patient_id, {one.table for one in asked.values() if one.table})
    for kind, one in asked.items():
        if one.table in empty:
            continue
        window = Window(patient_id, member, kind, limit, before)
        found += [(entry.at, kind, entry.row_id, entry) for entry in one.source(window)]
    found.sort(key=lambda row: row[:3], reverse=True)
    page = found[:limit]
    entries = tuple(_named(kind, entry) for _at, kind, _id, entry in page)
    last = page[-1] if len(found) > limit else None
    return TimelinePage(entries, Cursor(last[0], last[1], last[2]) if last else None)


def _empty_tables(patient_id: int, tables: set[str]) -> set[str]:
    """Those of the tables that hold nothing of the patient. One statement."""
    ordered = sorted(tables)
    if not ordered:
        return set()
    columns = [f'EXISTS (SELECT 1 FROM "{table}" WHERE patient_id = %(patient)s)' for table in ordered]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)}", {"patient": patient_id})
        row = cursor.fetchone() or ()
    return {table for table, is_there in zip(ordered, row, strict=True) if not is_there}


def _named(kind: str, entry: TimelineEntry) -> TimelineEntry:
    if entry.kind == kind:
        return entry
    return replace(entry, kind=kind)
