"""Lucide icons, inlined: no font, no request, and the strict content policy has nothing to object to."""

from __future__ import annotations

import re
from functools import cache

from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from tantam.ui.finders import node_modules

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_SPACE = re.compile(r"\s+")
_NAME = re.compile(r"[a-z0-9-]+")


class UnknownIcon(LookupError):
    """No Lucide icon has this name."""


@cache
def _body(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise UnknownIcon(name)
    path = node_modules() / "lucide-static" / "icons" / f"{name}.svg"
    try:
        source = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UnknownIcon(name) from None
    found = _BODY.search(_COMMENT.sub("", source))
    if found is None:
        raise UnknownIcon(name)
    return _SPACE.sub(" ", found.group(1)).replace("> <", "><").replace(" />", "/>").strip()


@cache
def _svg(name: str, css_class: str) -> SafeString:
    classes = f"t-icon {css_class}".strip()
    return mark_safe(
        f'<svg class="{classes}" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">{_body(name)}</svg>'
    )


def written(name: str) -> SafeString:
    """The icon of a name written out in a template.

    A wrong name raises `UnknownIcon` as the template is compiled, so that every test of the page finds it;
    only where no drawings are installed at all does it show nothing.
    """
    if not (node_modules() / "lucide-static").is_dir():
        return svg(name)
    return _svg(name, "")


def svg(name: str, *, label: str = "", css_class: str = "") -> SafeString:
    """The inline SVG of a Lucide icon.

    Without a label it is decoration (`aria-hidden`); with one it is an image with that name. A name
    that does not exist raises `UnknownIcon` while developing and shows nothing in production, where a
    missing drawing must not take a page down.
    """
    try:
        if not label:
            return _svg(name, css_class)
        classes = f"t-icon {css_class}".strip()
        return mark_safe(
            f'<svg class="{classes}" viewBox="0 0 24 24" width="20" height="20" role="img" '
            f'aria-label="{escape(label)}">{_body(name)}</svg>'
        )
    except UnknownIcon:
        if settings.DEBUG:
            raise
        return mark_safe("")
