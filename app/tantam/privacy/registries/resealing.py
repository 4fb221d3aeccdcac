"""What rooms above keep sealed beside the database and have to seal anew when a new key comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

_acts: dict[str, Callable[[], int]] = {}


def register_sealed_files(name: str, reseal: Callable[[], int]) -> None:
    """Called from a room's `apps.ready()`. `reseal` seals with the newest key what has an older one, and answers how
    much that was; it may be run again at any time. Registering the same name again replaces it."""
    _acts[name] = reseal


def sealed_files() -> Iterator[tuple[str, Callable[[], int]]]:
    yield from _acts.items()
