"""One small demonstration hospital for all tests of this folder, loaded once and left as it is.

Tests here are marked `django_db` without a transaction of their own: nothing is emptied between them. They read
the database as it is, and change it only through pages. What a test changes it must not mind finding changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from playwright.sync_api import BrowserContext
from pytest_django.live_server_helper import LiveServer

from tantam.accounts.models import Member
from tests.browser.signing import carry, session_of


@dataclass(frozen=True)
class Hospital:
    """The demonstration and where it answers."""

    url: str

    def member(self, username: str) -> Member:
        return Member.objects.get(username=username)


@pytest.fixture(scope="package")
def hospital(django_db_setup: None, django_db_blocker: Any) -> Iterator[Hospital]:
    from tantam.demo.load import load
    from tantam.facility.queries import forget_cached

    with django_db_blocker.unblock():
        forget_cached()
        load(patients=200)
        # A server of our own: with the plugin's, the database would be emptied after each test.
        server = LiveServer("127.0.0.1")
        yield Hospital(server.url)
        server.stop()
        forget_cached()
        call_command(
            "flush", interactive=False, verbosity=0, reset_sequences=False, inhibit_post_migrate=True
        )


@pytest.fixture
def sign_in(context: BrowserContext, server: str) -> Callable[[Member], None]:
    """As elsewhere, but written by another connection: this test's own is not seen by the server."""

    def written(member: Member) -> str:
        key = session_of(member)
        connections.close_all()
        return key

    def sign(member: Member) -> None:
        with ThreadPoolExecutor(1) as other:
            key = other.submit(written, member).result()
        carry(context, key, server=server)

    return sign


@pytest.fixture
def server(hospital: Hospital) -> str:
    return hospital.url
