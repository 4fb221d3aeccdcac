"""The addresses of pages by what they show, for rooms that stand below the page's own.

A room names its own pages and those of rooms below by their URL names. For what stands above it asks here: the
room that owns the page registers it from `apps.ready()`.
"""

from __future__ import annotations

from functools import lru_cache

from django.urls import get_urlconf, reverse

_PLACE = 987_654_321
_url_names: dict[str, str] = {}


class UnknownLink(LookupError):
    """No room has registered a page under this name."""


def register(**url_names: str) -> None:
    """Say which page shows what: `register(patient="desk:patient")`. Registering a name again replaces it."""
    _url_names.update(url_names)
    _pattern.cache_clear()


def registered() -> dict[str, str]:
    """Every name and the URL name it stands for."""
    return dict(_url_names)


def url(name: str, *ids: int) -> str:
    """The address of the page of that name: `url("patient", patient.pk)`.

    Raises `UnknownLink` for a name nobody registered: a page without its link would hide the mistake.
    """
    return _pattern(name, len(ids), get_urlconf()).format(*(int(number) for number in ids))


@lru_cache(maxsize=256)
def _pattern(name: str, ids: int, urlconf: str | None) -> str:
    """The address with `{}` for each id. Lists ask for hundreds, and working one out costs as much as a row."""
    try:
        url_name = _url_names[name]
    except KeyError as missing:
        raise UnknownLink(f"no room has registered the page “{name}”") from missing
    places = [_PLACE + number for number in range(ids)]
    address = reverse(url_name, urlconf=urlconf, args=places)
    for place in places:
        address = address.replace(str(place), "{}")
    return address
