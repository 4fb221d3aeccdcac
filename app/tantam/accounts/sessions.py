"""Sessions in the database. Each request reads one, so that read is ready-made SQL."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from tantam.lib.prepared import read_prepared

# A list of sessions tells minutes, not seconds; writing at every request would cost more than the page.
SEEN_EVERY = timedelta(minutes=5)

_READ = """
SELECT s.session_data, s.expire_date, u.last_seen_at
FROM django_session s LEFT JOIN usersessions_usersession u ON u.session_key = s.session_key
WHERE s.session_key = %s AND s.expire_date > %s"""
_SEEN = """
UPDATE usersessions_usersession SET last_seen_at = %(now)s
WHERE session_key = %(key)s AND last_seen_at < %(before)s"""


class SessionStore(db.SessionStore):
    """Django's own store but for how a session is read: building the query cost more than running it."""

    last_seen_at: datetime | None = None

    def _get_session_from_db(self) -> Session | None:
        key = self.session_key or ""
        found = read_prepared(_READ, [key, timezone.now()])
        if not found:
            self._session_key = None
            return None
        ((data, expires, self.last_seen_at),) = found
        return Session(session_key=key, session_data=data, expire_date=expires)


def note_seen(session: Any) -> None:
    """Remember that a request came with this session: at most once in `SEEN_EVERY`."""
    now = timezone.now()
    seen = getattr(session, "last_seen_at", None)
    if seen is None or now - seen < SEEN_EVERY:
        return
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, {"now": now, "key": session.session_key, "before": now - SEEN_EVERY})
