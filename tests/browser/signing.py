"""Signing members in for browser tests, without the form."""

from __future__ import annotations

from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext

from tantam.accounts.models import Member
from tests.proof import prove


def session_of(member: Member) -> str:
    """The key of a fresh session; a second factor counts as given."""
    client = Client()
    client.force_login(member)
    session = client.session
    prove(session, member)
    session.save()
    return str(session.session_key)


def carry(context: BrowserContext, key: str, *, server: str) -> None:
    """Let the browser carry the session."""
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": server}])
