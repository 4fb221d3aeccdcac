"""What is kept about a session while it is used: when it was last seen, and what it was refused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from tantam.accounts.authentication.ending import forget_key
from tantam.accounts.authentication.sessions import SessionStore
from tantam.accounts.authentication.where import where_of
from tantam.accounts.models import Member
from tantam.accounts.operations.signing_in import note_refusal, note_sign_out
from tantam.accounts.rules import idling

_SEEN = """
UPDATE usersessions_usersession SET last_seen_at = %(now)s
WHERE session_key = %(key)s AND last_seen_at < %(before)s"""

# When this process last wrote that a session was seen. Another process has its own and asks once more.
_noted: dict[str, datetime] = {}
_MOST_NOTED = 10_000
REFUSAL_NOTED_EVERY = 60


def note_seen(request: HttpRequest) -> None:
    """Remember that a request came with this session: each process writes it at most once in five minutes.

    A session that stands in no list yet is put into its member's.
    """
    session = cast(SessionStore, request.session)
    key, now = session.session_key, timezone.now()
    if key is not None and session.line is None:
        UserSession.objects.create_from_request(request)
        session.line, session.last_seen_at = UserSession.objects.values_list("pk", "last_seen_at").get(
            session_key=key
        )
    if key is None or now - _noted.get(key, datetime.min.replace(tzinfo=UTC)) < idling.GRACE:
        return
    if len(_noted) >= _MOST_NOTED:
        _noted.clear()
    _noted[key] = now
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, {"now": now, "key": key, "before": now - idling.GRACE})


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
    """Write down that the member was refused a page or a row; the same one once a minute."""
    page = request.resolver_match.view_name if request.resolver_match else ""
    if cache.add(f"refused:{member.pk}:{reason}:{page}", 1, REFUSAL_NOTED_EVERY):
        note_refusal(member, page=page, reason=reason, where=where_of(request), actor=member)
