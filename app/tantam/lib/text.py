"""Free text as people type and paste it, made safe to store."""

from __future__ import annotations

import unicodedata

from django.utils.translation import gettext_lazy as _

from tantam.lib.errors import Refusal

_KEPT = "\n\t"
_DROPPED_CATEGORIES = frozenset({"Cc", "Cf", "Cs"})
# Joiners carry meaning in emoji and in some scripts; dropping them changes what was written.
_KEPT_FORMATS = frozenset("\u200c\u200d")


class TextTooLong(Refusal):
    message = _("This text has %(length)s characters; at most %(limit)s fit here.")


def drop_controls(text: str, *, kept: str = "") -> str:
    """Remove control, invisible and broken (surrogate) characters, except those in ``kept``."""
    if text.isprintable():
        return text
    return "".join(
        character
        for character in text
        if character in kept
        or character in _KEPT_FORMATS
        or unicodedata.category(character) not in _DROPPED_CATEGORIES
    )


def clean_text(raw: str, *, max_length: int) -> str:
    """The text in NFC with one kind of line end, without NULs and other control characters.

    PostgreSQL refuses NUL, and a lone surrogate cannot be written as UTF-8 at all.
    Refuses with TextTooLong rather than cut what somebody wrote.
    """
    if len(raw) > 4 * max_length + 1_000:  # normalising 100 MB first would hang the page
        raise TextTooLong(length=len(raw), limit=max_length)
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    text = unicodedata.normalize("NFC", drop_controls(text, kept=_KEPT)).strip()
    if len(text) > max_length:
        raise TextTooLong(length=len(text), limit=max_length)
    return text


def shorten(text: str, length: int) -> str:
    """At most ``length`` characters on one line, ending in "…" when something was left out."""
    flat = " ".join(text[: 4 * length + 40].split())
    if len(flat) <= length and len(text) <= 4 * length + 40:
        return flat
    return flat[: max(length - 1, 0)].rstrip() + "…"
