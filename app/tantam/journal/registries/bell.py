"""The words of the bell: a template for each kind of item, registered by the room that sends it (B7)."""

from __future__ import annotations

from dataclasses import dataclass

PLAIN = "desk/bell_items/plain.html"


@dataclass(frozen=True, slots=True)
class BellWords:
    """How one kind of item reads: a template and the icon beside it."""

    template: str
    icon: str


_words: dict[str, BellWords] = {}


def register(kind: str, template: str, *, icon: str = "bell") -> None:
    """Say how a kind of item reads. The template gets `item` (with `details`) and `patient` (or None).

    Called from a room's `apps.ready()`. It writes one line of words, no link: the whole line is the link.
    """
    _words[kind] = BellWords(template, icon)


def words_for(kind: str) -> BellWords:
    """The words of a kind; a plain line for one that no installed room knows any more."""
    return _words.get(kind, BellWords(PLAIN, "bell"))
