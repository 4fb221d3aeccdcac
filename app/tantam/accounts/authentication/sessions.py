"""Sessions in the database. Each request reads one, so that read is ready-made SQL."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from tantam.lib.prepared import read_prepared

_READ = """
SELECT kept.session_data, kept.expire_date, line.id, line.last_seen_at
FROM django_session kept LEFT JOIN usersessions_usersession line USING (session_key)
WHERE kept.session_key = %s AND kept.expire_date > %s"""


class SessionStore(db.SessionStore):
    """Django's own store but for how a session is read: building the query cost more than running it.

    `line` and `last_seen_at` are those of the session in its member's list, and None while it is in none.
    """

    line: int | None = None
    last_seen_at: datetime | None = None

    def _get_session_from_db(self) -> Session | None:
        key = self.session_key or ""
        found = read_prepared(_READ, [key, timezone.now()])
        if not found:
            self._session_key = None
            return None
        ((data, expires, self.line, self.last_seen_at),) = found
        return Session(session_key=key, session_data=data, expire_date=expires)
