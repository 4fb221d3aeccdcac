"""Live updates: an act announces a topic, open pages that may hear it ask again for what they show.

Topics: `member:<id>:bell`, `site:<id>:work-list`, `member:<id>:import`, … A ticket names the
prefixes its holder may listen to, so the process that streams needs neither sessions nor tables.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
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


def ticket_for(prefixes: Iterable[str]) -> str:
    """A signed permission to listen to topics that begin with one of `prefixes`, for twelve hours."""
    return signing.dumps(sorted(prefixes), salt=_SALT, compress=True)


def prefixes_of(ticket: str) -> list[str]:
    """The prefixes a ticket grants. Raises `signing.BadSignature` when it is forged or too old."""
    granted: Any = signing.loads(ticket, salt=_SALT, max_age=TICKET_AGE)
    return [str(prefix) for prefix in granted]


def may_hear(topic: str, prefixes: Iterable[str]) -> bool:
    return any(topic == prefix or topic.startswith(prefix + ":") for prefix in prefixes)
