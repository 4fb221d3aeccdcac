"""Opens one scan with the libraries that know its kind: run as a program of its own by `scans`.

Those libraries are written in C and read what strangers made. Here they have a memory and a time that end, no
secrets, no database and no network of ours; what breaks them breaks this process.

    python -I scan_apart.py (pdf|jpeg|png) < file

Answers on standard output the picture drawn anew, for a PDF nothing; the exit code says what it found.
"""

from __future__ import annotations

import contextlib
import io
import resource
import sys
from collections.abc import Iterator
from typing import Any, Final

WHOLE, DAMAGED, LOCKED, ALIVE, TOO_FINE = 0, 3, 4, 5, 6

MOST_MEMORY: Final = 1024**3
MOST_SECONDS: Final = 15
MOST_POINTS: Final = 50_000_000
"""An A4 page at 600 points an inch has 35 million, a good telephone's photograph 50."""
MOST_PARTS: Final = 1_000_000

# What runs, opens or sends something: as the name of an action, of an annotation, or of what a dictionary holds.
LIVE: Final = frozenset(
    {
        "/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/EF", "/RichMedia", "/XFA", "/SubmitForm",
        "/ImportData", "/GoToE", "/GoToR", "/Movie", "/Sound", "/Screen", "/Rendition", "/3D",
    }
)  # fmt: skip


def look_at_pdf(content: bytes) -> int:
    """Whether a PDF is whole, open to everyone, and holds nothing that does anything, also in its packed objects."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if pdf.is_encrypted:
                return LOCKED
            if not len(pdf.pages):
                return DAMAGED
            for number, name in enumerate(_names_in(pdf)):
                if name in LIVE:
                    return ALIVE
                if number > MOST_PARTS:
                    return DAMAGED
    except pikepdf.PasswordError:
        return LOCKED
    return WHOLE


def _names_in(pdf: Any) -> Iterator[str]:
    """Every name in a PDF, as key or value. The library has undone `#xx` and unpacked what was packed."""
    import pikepdf

    def inside(part: Any, depth: int) -> Iterator[str]:
        if depth > 100:
            raise ValueError("nested too deeply")
        if isinstance(part, pikepdf.Name):
            yield str(part)
        elif isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
            for key, value in part.items():
                yield key
                if not (isinstance(value, pikepdf.Object) and value.is_indirect):
                    yield from inside(value, depth + 1)
        elif isinstance(part, pikepdf.Array):
            yield ""
            for value in part:
                if not (isinstance(value, pikepdf.Object) and value.is_indirect):
                    yield from inside(value, depth + 1)

    yield from inside(pdf.trailer, 0)
    for part in pdf.objects:
        yield ""
        yield from inside(part, 0)


def draw_anew(content: bytes, kind: str) -> tuple[int, bytes]:
    """The picture alone: no place, time, name, comment, second picture, small copy, or anything behind its end."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # asked below, before anything is unpacked
    out = io.BytesIO()
    with Image.open(io.BytesIO(content), formats=["JPEG", "MPO"] if kind == "jpeg" else ["PNG"]) as picture:
        if picture.width * picture.height > MOST_POINTS:
            return TOO_FINE, b""
        orientation = picture.getexif().get(0x0112, 1)
        picture.load()
        kept: dict[str, Any] = {"icc_profile": picture.info.get("icc_profile")}
        if picture.info.get("dpi"):
            kept["dpi"] = picture.info["dpi"]
        if orientation in range(2, 9):
            # A photographed page is read the way up it was taken.
            way_up = Image.Exif()
            way_up[0x0112] = orientation
            kept["exif"] = way_up
        if kind == "png":
            if "transparency" in picture.info:
                kept["transparency"] = picture.info["transparency"]
            bare = picture.copy()
            bare.info = {}
            bare.save(out, "PNG", **kept)
        else:
            # The very tables it was made with: drawn anew it loses next to nothing.
            picture.info.pop("comment", None)
            picture.info.pop("exif", None)
            picture.format = "JPEG"
            picture.save(out, "JPEG", quality="keep", **kept)
    return WHOLE, out.getvalue()


def main(kind: str) -> int:
    for what, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        # macOS knows no limit of memory.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))
    content = sys.stdin.buffer.read()
    try:
        if kind == "pdf":
            return look_at_pdf(content)
        found, drawn = draw_anew(content, kind)
    except Exception:
        # Whatever a library stumbles over: nobody could be sure of reading it later.
        return DAMAGED
    sys.stdout.buffer.write(drawn)
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
