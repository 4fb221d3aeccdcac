"""Signing out on other devices: the session itself and its line in the member's list go together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet

from tantam.journal.live import announce

if TYPE_CHECKING:
    from tantam.accounts.models import Member


def forget_sessions(member: Member, *, but: str | None = None) -> int:
    """End the member's sessions, all or all but the one of this key; answers how many there were."""
    return forget(UserSession.objects.filter(user=member).exclude(session_key=but or ""))


def forget_key(session_key: str | None) -> None:
    """End the session of this key, if there still is one."""
    forget(UserSession.objects.filter(session_key=session_key or ""))


def forget(kept: QuerySet[UserSession]) -> int:
    """End these sessions, and what their pages still listen to; answers how many there were."""
    with transaction.atomic():
        lines = dict(kept.order_by("pk").values_list("pk", "session_key"))
        Session.objects.filter(session_key__in=lines.values()).delete()
        UserSession.objects.filter(pk__in=lines).delete()
        for line in lines:
            announce(f"session:{line}:ended")
    return len(lines)
