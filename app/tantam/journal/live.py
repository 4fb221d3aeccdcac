"""Live updates: an act announces a topic, open pages that may hear it ask again for what they show.

Topics: `member:<id>:bell`, `site:<id>:work-list`, `member:<id>:import`, … A ticket names the prefixes its holder may
listen to, so the process that streams asks the database only whether the session it was given to still lasts.
`session:<line>:ended` is for that process alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db import connection

CHANNEL = "tantam_live"
TICKET_AGE = 12 * 60 * 60
_SALT = "tantam.live"


def announce(topic: str, **facts: str | int | None) -> None:
    """Tell listeners of `topic` when (and only when) the current transaction commits. Facts: codes and counts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps({"topic": topic, **facts})])


@dataclass(frozen=True, slots=True)
class Ticket:
    """What one session's pages may listen to: topics that begin with one of `prefixes`.

    `member` and `session` (the session's line in the member's list) say whose it is: it ends with the session, and a
    member has only so many streams at once.
    """

    prefixes: list[str]
    member: int
    session: int


def ticket_for(prefixes: Iterable[str], *, member: int, session: int) -> str:
    """A signed ticket, good for twelve hours while its session lasts."""
    return signing.dumps([sorted(prefixes), member, session], salt=_SALT, compress=True)


def ticket_of(text: str) -> Ticket:
    """The ticket a page holds. Raises `signing.BadSignature` when it is forged or too old."""
    granted: Any = signing.loads(text, salt=_SALT, max_age=TICKET_AGE)
    prefixes, member, session = granted
    return Ticket([str(prefix) for prefix in prefixes], int(member), int(session))


def may_hear(topic: str, prefixes: Iterable[str]) -> bool:
    return any(topic == prefix or topic.startswith(prefix + ":") for prefix in prefixes)
