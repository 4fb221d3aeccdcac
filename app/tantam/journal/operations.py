from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from datetime import date, datetime
from enum import Enum
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from django.db import models, transaction
from django.utils import timezone

from tantam.journal.events import JournalEvent
from tantam.journal.live import announce
from tantam.journal.models import BellItem, Entry, Listing
from tantam.journal.models.entries import about_what
from tantam.journal.reactions import defer_reactions
from tantam.journal.rules.details import refuse_prose

if TYPE_CHECKING:
    from tantam.accounts.models import Member

P = ParamSpec("P")
R = TypeVar("R")

_recorded: ContextVar[int] = ContextVar("recorded", default=0)


class ActNotRecorded(RuntimeError):
    """An act ended without a journal entry. A programming error, never shown to people as such."""


def operation(act: Callable[P, R]) -> Callable[P, R]:
    """Make a function an act: one transaction, an `actor=` by name, at least one journal entry.

    An act that finds nothing to change says so with `nothing_changed()`. What an act raises rolls all of it back.
    """
    actor = inspect.signature(act).parameters.get("actor")
    if actor is None or actor.kind is not inspect.Parameter.KEYWORD_ONLY:
        raise TypeError(f"{act.__qualname__} must take actor by keyword")

    @wraps(act)
    def perform(*args: P.args, **kwargs: P.kwargs) -> R:
        before = _recorded.get()
        with transaction.atomic():
            result = act(*args, **kwargs)
            if _recorded.get() == before:
                raise ActNotRecorded(act.__qualname__)
        return result

    perform.is_operation = True  # type: ignore[attr-defined]
    return perform


def nothing_changed() -> None:
    """Tell `@operation` that this run of the act rightly left no entry."""
    _recorded.set(_recorded.get() + 1)


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    return value


def _plain_details(details: dict[str, Any], patient_id: int | None) -> dict[str, Any]:
    plain = {name: _plain(value) for name, value in details.items()}
    refuse_prose(plain, is_about_patient=patient_id is not None)
    return plain


def _entry(event: str, subject: models.Model, actor: Member | None, details: dict[str, Any]) -> Entry:
    about = about_what(subject)
    return Entry(
        event=str(event),
        actor=actor,
        subject_type=subject._meta.label_lower,
        subject_id=about.subject_id,
        patient_id=about.patient_id,
        site_id=about.site_id,
        details=_plain_details(details, about.patient_id),
    )


def record(event: str, subject: models.Model, *, actor: Member | None, **details: Any) -> Entry:
    """Write one journal entry and defer a job per reaction, inside the current transaction.

    `actor` is None only for what the system does by itself. `details` are codes, ids, numbers, days.
    Refuses with ProseInDetails what is more (`journal/rules/details.py`).
    """
    entry = _entry(event, subject, actor, details)
    entry.save(force_insert=True)
    _recorded.set(_recorded.get() + 1)
    defer_reactions(event, [entry.pk])
    return entry


def record_many(
    event: str, subjects: Sequence[models.Model], *, actor: Member | None, **details: Any
) -> None:
    """`record()` for many subjects of one kind and event in one statement; the same details for each."""
    if subjects:
        defer_reactions(event, Entry.objects.add_alike(_entry(event, subjects[0], actor, details), subjects))
    _recorded.set(_recorded.get() + 1)


def note_list(member: Member, kind: str, patient_ids: Iterable[int]) -> None:
    """Leave a trace of a list with names that a member was shown: whom, how many, where (D9).

    `kind` names the list ("search", "work-list"). One statement, no entry yet: what follows within seconds, such as
    the next letter of a search, joins it, and the worker writes one entry for all of it.
    """
    Listing.objects.add(member, kind, list(patient_ids))


@operation
def note_file(*, count: int, patient_id: int | None, actor: Member) -> None:
    """Note that `count` entries of the journal were saved as a file, all or those about one patient (D9)."""
    record(JournalEvent.EXPORTED, actor, actor=actor, count=count, patient=patient_id)


def notify(
    members: Iterable[Member], kind: str, *, patient_id: int | None = None, url: str = "", **details: Any
) -> list[BellItem]:
    """Put an item in each member's bell and tell their open pages, inside the current transaction (B7)."""
    plain = _plain_details(details, patient_id)
    items = BellItem.objects.bulk_create(
        [
            BellItem(member=member, kind=kind, patient_id=patient_id, url=url, details=plain)
            for member in {member.pk: member for member in members}.values()
        ]
    )
    for item in items:
        announce(f"member:{item.member_id}:bell")
    return items


def read_bell(member: Member, *, before: int | None = None) -> int:
    """Mark what is in the member's bell as read, up to and including item `before`; answers how many were new."""
    unread = BellItem.objects.filter(member=member, read_at__isnull=True)
    if before is not None:
        unread = unread.filter(pk__lte=before)
    return unread.update(read_at=timezone.now())
