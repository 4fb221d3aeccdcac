"""The smallest whole PDF, JPEG and PNG; `fill` makes one differ from another, or a PDF as large as wanted."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
from PIL import Image


def pdf(fill: bytes = b"") -> bytes:
    """One empty page, and `fill` in a comment before the end."""
    whole = made_pdf()
    place = whole.rindex(b"startxref")
    return whole[:place] + (b"%" + fill + b"\n" if fill else b"") + whole[place:]


def made_pdf(root: dict[str, Any] | None = None, *, packed: bool = False) -> bytes:
    """A PDF of one page with `root` in its catalogue; `packed` puts its objects into compressed streams."""
    made, out = pikepdf.new(), io.BytesIO()
    made.add_blank_page()
    for name, value in (root or {}).items():
        made.Root[name] = made.make_indirect(value)
    streams = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    made.save(out, object_stream_mode=streams, deterministic_id=True)
    return out.getvalue()


def png(fill: bytes = b"") -> bytes:
    """Eight grey points by eight."""
    return _picture(fill, "PNG")


def jpeg(fill: bytes = b"") -> bytes:
    return _picture(fill, "JPEG")


def _picture(fill: bytes, kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("L", (8, 8), sum(fill) % 200 + 20).save(out, kind)
    return out.getvalue()
