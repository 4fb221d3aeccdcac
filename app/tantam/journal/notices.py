"""The words of notices: a template for each kind, registered by the room that sends it (B7)."""

from __future__ import annotations

from dataclasses import dataclass

PLAIN = "desk/notices/plain.html"


@dataclass(frozen=True, slots=True)
class NoticeWords:
    """How one kind of notice reads: a template and the icon beside it."""

    template: str
    icon: str


_words: dict[str, NoticeWords] = {}


def register(kind: str, template: str, *, icon: str = "bell") -> None:
    """Say how a kind of notice reads. The template gets `notice` (with `details`) and `patient` (or None).

    Called from a room's `apps.ready()`. It writes one line of words, no link: the whole line is the link.
    """
    _words[kind] = NoticeWords(template, icon)


def words_for(kind: str) -> NoticeWords:
    """The words of a kind; a plain line for one that no installed room knows any more."""
    return _words.get(kind, NoticeWords(PLAIN, "bell"))
