"""Parts of a page that are the same for many visitors or rows: rendered once, then filled.

A template with thirty variables costs a tenth of a millisecond; the frame of a page, or fifty rows of a list, cost
more than the rest of the page. So a part is rendered with a mark in each of its holes and cut at the marks, and each
use of it is its own values joined with the pieces.

The marks are drawn anew for each process and are gone once a part is cut. Nothing looks for them in what fills the
holes, so no text of anybody's can be taken for one.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

MOST_KEPT = 2_000

# Letters and digits alone pass through escaping and through the filters that make an address.
_MARK = secrets.token_hex(16)
_NO_HOLES: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class _Part:
    """The fixed text, and between its pieces the names of the holes."""

    pieces: Sequence[str]
    holes: Sequence[str]

    def filled(self, values: Mapping[str, str]) -> str:
        written = [self.pieces[0]]
        for name, piece in zip(self.holes, self.pieces[1:], strict=True):
            value = values[name]
            # Most values are plain texts, for which the quick way is enough.
            written.append(escape(value) if type(value) is str else conditional_escape(value))
            written.append(piece)
        return "".join(written)


_parts: dict[Hashable, _Part] = {}


def forget() -> None:
    """Render everything anew: what the parts are made of has changed."""
    _parts.clear()


def render_kept(
    template: str,
    context: Callable[[], Mapping[str, Any]] | None = None,
    /,
    *,
    holes: Mapping[str, str] = _NO_HOLES,
    **values: Hashable,
) -> SafeString:
    """`template` with these values, in the language of the moment.

    Kept for each set of values in each process: only for parts that show what is public to whoever opens the
    page, such as the choices of a filter; never for a person's data, for tokens or for what changes by itself.
    Those go into `holes`, which the template writes as `{{ hole.name }}`: it may only write them, neither filter
    them nor ask about them. `context` gives what is costly to work out and depends on nothing but `values`.
    """
    key = (template, get_language(), tuple(values.items()))
    part = _parts.get(key)
    if part is None:
        made = {**values, **(context() if context is not None else {})}
        part = _cut(template, {**made, "hole": {name: _marked(name) for name in holes}})
        _keep(key, part)
    return mark_safe(part.filled(holes))


def fill_rows(
    template: str, rows: Iterable[Mapping[str, str]], *, flags: Sequence[str] = (), **fixed: str
) -> SafeString:
    """The rows, one after the other, each from `template` with its values as `row`.

    Every value is a text and is escaped. The template may only write values (`{{ row.name }}`) and ask whether
    they are empty (`{% if row.name %}`); what it shows and leaves out gives a handful of shapes, each rendered
    once. `fixed` are the same for all rows. `flags` are values that are only asked about and never written.
    """
    silent = frozenset(flags)
    shapes: dict[frozenset[str], _Part] = {}
    written: list[str] = []
    for row in rows:
        shape = frozenset(name for name, value in row.items() if value)
        part = shapes.get(shape)
        if part is None:
            part = shapes[shape] = _row_of_shape(template, shape, silent, fixed)
        written.append(part.filled(row))
    return mark_safe("".join(written))


def _row_of_shape(
    template: str, shape: frozenset[str], silent: frozenset[str], fixed: Mapping[str, str]
) -> _Part:
    key = (template, get_language(), shape, silent, tuple(sorted(fixed.items())))
    part = _parts.get(key)
    if part is None:
        row = {name: "1" if name in silent else _marked(name) for name in shape}
        part = _cut(template, {**fixed, "row": row})
        _keep(key, part)
    return part


def _marked(name: str) -> str:
    return f"{_MARK}{name}{_MARK}"


def _cut(template: str, context: Mapping[str, Any]) -> _Part:
    parts = render_to_string(template, dict(context)).strip().split(_MARK)
    return _Part(parts[0::2], parts[1::2])


def _keep(key: Hashable, part: _Part) -> None:
    if settings.DEBUG:
        return
    if len(_parts) >= MOST_KEPT:
        _parts.clear()
    _parts[key] = part
