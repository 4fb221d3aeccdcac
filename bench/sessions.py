"""Signing in as a member would: through the form."""

from __future__ import annotations

import http.client
import re
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from bench.rows import AGENTS, PASSWORD, agent
from bench.servers import Served

LOGIN = "/account/login/"


def signed_in(served: Served) -> list[str]:
    """One Cookie header per care agent, each signed in through the form."""
    return [sign_in(served, agent(number)) for number in range(1, AGENTS + 1)]


def sign_in(served: Served, username: str) -> str:
    """The Cookie header of a fresh session. Refuses with RuntimeError when the form does not let us in."""
    jar: SimpleCookie = SimpleCookie()
    connection = http.client.HTTPConnection(served.host, served.port, timeout=30)
    page = _get(connection, "GET", LOGIN, jar)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    if token is None:
        raise RuntimeError("the sign-in page has no form")
    form = {"csrfmiddlewaretoken": token[1], "login": username, "password": PASSWORD}
    answer = _get(connection, "POST", LOGIN, jar, urlencode(form))
    connection.close()
    if "tantam_session" not in jar:
        raise RuntimeError(f"{username} was not let in:\n{answer[:2000]}")
    return "; ".join(f"{name}={morsel.value}" for name, morsel in jar.items() if morsel.value)


def _get(
    connection: http.client.HTTPConnection, method: str, path: str, jar: SimpleCookie, body: str = ""
) -> str:
    headers = {"Cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in jar.items())}
    if body:
        headers |= {
            "Content-Type": "application/x-www-form-urlencoded",
            "Referer": f"http://{connection.host}:{connection.port}{path}",
        }
    connection.request(method, path, body or None, headers)
    response = connection.getresponse()
    text = response.read().decode()
    for value in response.headers.get_all("Set-Cookie") or ():
        jar.load(value)
    if response.status >= 400:
        raise RuntimeError(f"{method} {path}: {response.status}\n{text[:2000]}")
    return text
