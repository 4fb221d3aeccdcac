"""What is kept about a session while it is used: when it was last seen, and what it was refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import cast

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from tantam.accounts.authentication.ending import forget_key
from tantam.accounts.authentication.sessions import SessionStore
from tantam.accounts.authentication.where import address_of, where_of
from tantam.accounts.models import Member
from tantam.accounts.operations.signing_in import note_refusal, note_sign_out
from tantam.accounts.rules import idling

_SEEN = """
UPDATE usersessions_usersession SET last_seen_at = %(now)s
WHERE session_key = %(key)s AND last_seen_at < %(before)s"""

_LISTED = """
INSERT INTO usersessions_usersession (user_id, session_key, created_at, last_seen_at, ip, user_agent, data)
VALUES (%(user)s, %(key)s, %(now)s, %(now)s, %(ip)s, %(agent)s, '{}')
ON CONFLICT (session_key) DO UPDATE SET last_seen_at = excluded.last_seen_at RETURNING id"""

# When this process last wrote that a session was seen. Another process has its own and asks once more.
_noted: dict[str, datetime] = {}
_refused: dict[str, datetime] = {}
_MOST_NOTED = 10_000
REFUSAL_NOTED_EVERY = timedelta(minutes=1)


def note_seen(request: HttpRequest) -> None:
    """Remember that a request came with this session: each process writes it at most once in five minutes.

    A session that stands in no list yet is put into its member's.
    """
    session = cast(SessionStore, request.session)
    key, now = session.session_key, timezone.now()
    if key is None or not _is_due(_noted, key, now, idling.GRACE):
        return
    if session.line is not None:
        with connection.cursor() as cursor:
            cursor.execute(_SEEN, {"now": now, "key": key, "before": now - idling.GRACE})
        return
    agent = request.headers.get("User-Agent", "")[: UserSession._meta.get_field("user_agent").max_length]
    values = {
        "user": request.user.pk,
        "key": key,
        "now": now,
        "ip": address_of(request) or "0.0.0.0",  # nosec B104 - no address is known; nothing is bound
        "agent": agent,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LISTED, values)
        (session.line,) = cursor.fetchone()
    session.last_seen_at = now


def _is_due(noted: dict[str, datetime], key: str, now: datetime, every: timedelta) -> bool:
    """Whether this process has not written it for so long; if so it counts as written now."""
    if now - noted.get(key, datetime.min.replace(tzinfo=UTC)) < every:
        return False
    if len(noted) >= _MOST_NOTED:
        noted.clear()
    noted[key] = now
    return True


def has_idled(request: HttpRequest, member: Member) -> bool:
    """Whether nobody has used this session for longer than the member's roles allow."""
    last_seen = cast(SessionStore, request.session).last_seen_at
    return last_seen is not None and idling.has_idled(last_seen, timezone.now(), member.idle_minutes)


def leave(request: HttpRequest, member: Member) -> None:
    """Sign the member out of this session because nobody used it, and say so on the next page."""
    key = request.session.session_key
    note_sign_out(member, reason="idle", where=where_of(request), actor=member)
    logout(request)
    forget_key(key)
    messages.info(request, _("You were signed out because nobody had used this device for a while."))


def note_refused(request: HttpRequest, member: Member, reason: str) -> None:
    """Write down that the member was refused a page or a row; each process the same one once a minute."""
    page = request.resolver_match.view_name if request.resolver_match else ""
    if _is_due(_refused, f"{member.pk}:{reason}:{page}", timezone.now(), REFUSAL_NOTED_EVERY):
        note_refusal(member, page=page, reason=reason, where=where_of(request), actor=member)
