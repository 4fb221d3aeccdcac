"""What stands on a patient's timeline: rooms above add their sources from `apps.ready()` (B3)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Self, TypeVar

from django.db.models import Model, Q, QuerySet

from tantam.accounts.permissions import Permission

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from tantam.accounts.models import Member

Row = TypeVar("Row", bound=Model)


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
class Registered:
    """One source: what it is called, who may ask it, and the table that is empty for most patients."""

    kind: str
    label: _StrPromise
    source: Source
    permission: Permission
    table: str


_sources: dict[str, Registered] = {}


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
    _sources[kind] = Registered(kind, label, source, permission, table)


def sources_for(member: Member, kinds: Collection[str] = ()) -> dict[str, Registered]:
    """The sources the member may ask, by kind; with `kinds` only those."""
    return {
        kind: one
        for kind, one in sorted(_sources.items())
        if (not kinds or kind in kinds) and member.may(one.permission)
    }
