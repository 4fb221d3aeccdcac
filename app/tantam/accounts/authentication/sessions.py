"""Sessions in the database. Each request reads one, so that read is ready-made SQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from tantam.lib.prepared import read_prepared

# A list of sessions tells minutes, not seconds; asking or writing at every request would cost more than it says.
SEEN_EVERY = timedelta(minutes=5)

_READ = "SELECT session_data, expire_date FROM django_session WHERE session_key = %s AND expire_date > %s"
_SEEN = """
UPDATE usersessions_usersession SET last_seen_at = %(now)s
WHERE session_key = %(key)s AND last_seen_at < %(before)s"""

# When this process last wrote that a session was seen. Another process has its own and asks once more.
_noted: dict[str, datetime] = {}
_MOST_NOTED = 10_000


class SessionStore(db.SessionStore):
    """Django's own store but for how a session is read: building the query cost more than running it."""

    def _get_session_from_db(self) -> Session | None:
        key = self.session_key or ""
        found = read_prepared(_READ, [key, timezone.now()])
        if not found:
            self._session_key = None
            return None
        ((data, expires),) = found
        return Session(session_key=key, session_data=data, expire_date=expires)


def note_seen(key: str | None) -> None:
    """Remember that a request came with this session: each process writes it at most once in `SEEN_EVERY`."""
    now = timezone.now()
    if key is None or now - _noted.get(key, datetime.min.replace(tzinfo=UTC)) < SEEN_EVERY:
        return
    if len(_noted) >= _MOST_NOTED:
        _noted.clear()
    _noted[key] = now
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, {"now": now, "key": key, "before": now - SEEN_EVERY})
