"""Where a member is signed in, as a list people can read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from tantam.accounts.models import Member
from tantam.lib.devices import Device, device_of


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One device a member is signed in on. `address` is the IP at sign-in."""

    id: int
    device: Device
    address: str
    since: datetime
    last_seen_at: datetime
    is_this_one: bool


def open_sessions(member: Member, *, this_key: str | None = None) -> list[OpenSession]:
    """The sessions that still let this member in: this one first, then the last seen. Two statements.

    Those whose time has run out, or which a changed password has closed, are left out.
    """
    listed = list(UserSession.objects.filter(user=member).order_by("-last_seen_at", "-pk"))
    alive = Session.objects.filter(
        session_key__in=[row.session_key for row in listed], expire_date__gt=timezone.now()
    )
    fits = member.get_session_auth_hash()
    open_keys = {
        session.session_key
        for session in alive
        if constant_time_compare(session.get_decoded().get(HASH_SESSION_KEY, ""), fits)
    }
    rows = [
        OpenSession(
            row.pk,
            device_of(row.user_agent),
            row.ip,
            row.created_at,
            row.last_seen_at,
            row.session_key == this_key,
        )
        for row in listed
        if row.session_key in open_keys
    ]
    return sorted(rows, key=lambda row: not row.is_this_one)
