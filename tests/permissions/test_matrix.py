"""The complete matrix of role × URL, asked over HTTP. A URL without a row fails."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tantam.accounts.permissions import Role
from tests.factories.accounts import MemberFactory
from tests.permissions.matrix import CLOSED, PUBLIC, ROWS, SIGNED_IN

ABSENT = {
    "int": "987654321",
    "str": "absent",
    "slug": "absent",
    "uuid": "00000000-0000-0000-0000-000000000000",
}


def _routes(
    patterns: list[URLPattern | URLResolver], prefix: str = "", namespace: str = ""
) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(
                pattern.url_patterns, route, ":".join(part for part in (namespace, pattern.namespace) if part)
            )
        else:
            yield (f"{namespace}:{pattern.name}" if namespace else str(pattern.name)), route


def _address(route: str) -> str:
    filled = re.sub(r"<(?:(\w+):)?\w+>", lambda match: ABSENT[match.group(1) or "str"], route)
    filled = re.sub(r"\(\?P<\w+>[^)]*\)", "absent", filled)
    return "/" + filled.replace("^", "").replace("$", "").replace("\\Z", "")


# The gallery of parts is there in development only.
ADDRESSES = {
    name: route for name, route in _routes(get_resolver().url_patterns) if not name.startswith("ui_gallery")
}


def test_every_url_has_a_row_and_every_row_a_url():
    assert set(ADDRESSES) == set(ROWS)


@pytest.mark.parametrize("role", [*Role, None], ids=lambda role: str(role or "no-role"))
def test_what_a_role_may_open(db, site, role, monkeypatch):
    """D9: each role reaches exactly the URLs of its row; absent rows answer 404, forbidden pages 403."""
    member = MemberFactory(username="somebody", roles=[(role, site)] if role else [])
    # The second factor has its own tests; here the question is what the role allows.
    monkeypatch.setattr("tantam.accounts.door._has_second_factor", lambda *args: True)
    client = Client()
    client.force_login(member)
    wrong = {}
    for name, route in ADDRESSES.items():
        if name in {"account_logout"} or ROWS[name] in (PUBLIC, SIGNED_IN, CLOSED):
            continue
        status = client.get(_address(route)).status_code
        expected = ROWS[name] if isinstance(ROWS[name], set | frozenset) else frozenset()
        if (status != 403) != (role in expected) or status >= 500:
            wrong[name] = status
    assert wrong == {}


def test_nobody_comes_in_without_signing_in(db, organisation):
    client = Client()
    let_in = {}
    for name, route in ADDRESSES.items():
        if ROWS[name] in (PUBLIC, CLOSED):
            continue
        response = client.get(_address(route))
        if response.status_code != 302 or "/account/login/" not in response.headers["Location"]:
            let_in[name] = response.status_code
    assert let_in == {}
