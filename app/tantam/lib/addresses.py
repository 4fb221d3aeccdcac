"""Where to go next, as a form or an address asks for it."""

from __future__ import annotations

from django.utils.http import url_has_allowed_host_and_scheme


def own_path(wanted: str, *, otherwise: str) -> str:
    """`wanted` when it is a path of this installation, else `otherwise`: never another host, never a view's name."""
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours else otherwise
