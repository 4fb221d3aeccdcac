"""Parts of a page that are the same for many of its visitors, rendered once."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language


def render_kept(template: str, **values: Hashable) -> SafeString:
    """`template` with these values and no others, in the language of the moment.

    Kept for each set of values in each process: only for parts that show what is public to whoever opens the
    page, such as the choices of a filter; never for a person's data, for tokens or for what changes by itself.
    """
    make = _kept.__wrapped__ if settings.DEBUG else _kept
    return make(template, get_language() or "", tuple(values.items()))


@lru_cache(maxsize=512)
def _kept(template: str, language: str, values: tuple[tuple[str, Hashable], ...]) -> SafeString:
    return mark_safe(render_to_string(template, dict(values)).strip())
