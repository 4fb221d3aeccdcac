"""What the frame shows but this room cannot know; rooms above provide it from `apps.ready()`."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

Source = Callable[[HttpRequest], str]

_sources: dict[str, Source] = {}

KNOWN = frozenset({"organisation_name", "live_ticket"})


def provide(**sources: Source) -> None:
    """Say where a text of the frame comes from: `organisation_name`, `live_ticket`.

    Each is called with the request, at most once per page and only when the page shows it.
    """
    unknown = set(sources) - KNOWN
    if unknown:
        raise LookupError(f"the frame shows no {', '.join(sorted(unknown))}")
    _sources.update(sources)


def ask(name: str, request: HttpRequest) -> str:
    """The text, or empty when no room provides it."""
    source = _sources.get(name)
    return source(request) if source is not None else ""
