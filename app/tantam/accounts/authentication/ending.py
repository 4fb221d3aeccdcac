"""Signing out on other devices: the session itself and its line in the member's list go together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

if TYPE_CHECKING:
    from tantam.accounts.models import Member


def forget_sessions(member: Member, *, but: str | None = None) -> int:
    """End the member's sessions, all or all but the one of this key; answers how many there were."""
    return forget(UserSession.objects.filter(user=member).exclude(session_key=but or ""))


def forget(kept: QuerySet[UserSession]) -> int:
    """End these sessions; answers how many there were."""
    keys = list(kept.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    kept.delete()
    return len(keys)
