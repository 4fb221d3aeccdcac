"""Who asks, when proxies stand between: one truth for everything that reads a client's address."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from ipaddress import ip_address
from typing import Any

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

HEADER = "HTTP_X_FORWARDED_FOR"
_HERE = "127.0.0.1"


def believing(application: Application, *, proxies: int) -> Application:
    """The WSGI application with `REMOTE_ADDR` telling the client, as `proxies` of our own wrote it down.

    Each trusted proxy appends the address it was asked from, so the client's is the `proxies`-th from the right;
    what stands further left was written by the sender and is worth nothing. With none, addresses are left as they
    are. The header is taken away once it was read, so nothing behind believes it a second time.
    """
    if proxies < 1:
        return application

    def asked(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ["REMOTE_ADDR"] = (
            client_of(environ.pop(HEADER, ""), proxies) or environ.get("REMOTE_ADDR") or _HERE
        )
        return application(environ, start_response)

    return asked


def client_of(header: str, proxies: int) -> str:
    """The client's address out of a forwarding header; empty when it holds none that could be it."""
    words = [word.strip() for word in header.split(",")]
    if len(words) < proxies:
        return ""
    try:
        return str(ip_address(words[-proxies].removeprefix("[").removesuffix("]")))
    except ValueError:
        return ""
