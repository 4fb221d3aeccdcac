"""When a session that nobody uses ends."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

LONGEST_GUARDED = 30
LONGEST = 720
# A session is seen at most five minutes before it is last used: each process writes that seldom.
GRACE = timedelta(minutes=5)


class _Guarded(Protocol):
    @property
    def needs_second_factor(self) -> bool: ...


def longest_idle(role: _Guarded) -> int:
    """The most minutes a session of this role may stay unused."""
    return LONGEST_GUARDED if role.needs_second_factor else LONGEST


def has_idled(last_seen: datetime, now: datetime, minutes: int) -> bool:
    """Whether a session last seen then has been left unused for longer than its member's roles allow."""
    return now - last_seen > timedelta(minutes=minutes) + GRACE
