from __future__ import annotations

from importlib import import_module

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from tantam.accounts.authentication import letters


@app.task(name="accounts.forget_ended_sessions", queue="housekeeping")
def forget_ended_sessions(timestamp: int = 0) -> None:
    """Remove sessions whose time has run out, and their lines in the members' lists of sessions."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


# The link in it lives for an hour; what has not gone by then is of no use.
@app.task(name=letters.TASK, queue="mail", retry=RetryStrategy(max_attempts=6, exponential_wait=4))
def send_letter(letter: str) -> None:
    """Send a mail to a member; tried again while the mail server does not answer."""
    letters.opened(letter).send()
