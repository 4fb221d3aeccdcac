"""Rooms above react to what happened below, one job per reaction, deferred inside the act's transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from procrastinate.types import JSONValue

    from tantam.journal.models import Entry

Reaction = Callable[["Entry"], None]

_by_event: dict[str, list[str]] = defaultdict(list)
_by_name: dict[str, Reaction] = {}


class NameTaken(RuntimeError):
    """Two reactions have one name: the jobs of one would run the other. Refused when the rooms are loaded."""


def on(*events: str, name: str) -> Callable[[Reaction], Reaction]:
    """Run the function in the worker after each of `events`. It must be idempotent: a job may run twice.

    `name` ("care.contacts_follow_the_record") stands in the jobs that wait: it stays when the function moves or
    is called otherwise, so that what was deferred before an update still finds it. Refuses with NameTaken.
    """

    def register(reaction: Reaction) -> Reaction:
        if name in _by_name:
            raise NameTaken(name)
        _by_name[name] = reaction
        for event in events:
            _by_event[str(event)].append(name)
        return reaction

    return register


def reactions_to(event: str) -> list[str]:
    return list(_by_event.get(event, ()))


def defer_reactions(event: str, entry_ids: Iterable[int]) -> None:
    """One job for each entry of `event` and each reaction to it."""
    wanted: list[dict[str, JSONValue]] = [
        {"reaction": name, "entry_id": pk} for name in _by_event.get(str(event), ()) for pk in entry_ids
    ]
    if not wanted:
        return
    from procrastinate.contrib.django import app

    app.configure_task("journal.react", queue="reactions").batch_defer(*wanted)


def react_to_entry(*, reaction: str, entry_id: int) -> None:
    """The job: look the entry up and run the reaction in a transaction of its own."""
    from django.db import transaction

    from tantam.journal.models import Entry

    with transaction.atomic():
        _by_name[reaction](Entry.objects.get(pk=entry_id))
