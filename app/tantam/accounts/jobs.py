from __future__ import annotations

from importlib import import_module

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from procrastinate.contrib.django import app


@app.task(name="accounts.forget_ended_sessions", queue="housekeeping")
def forget_ended_sessions(timestamp: int = 0) -> None:
    """Remove sessions whose time has run out, and their lines in the members' lists of sessions."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
