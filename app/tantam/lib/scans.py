"""Scans and photographs of papers: which kind a file is, told by its content and never by its name."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from tantam.lib.bare_pictures import bare_jpeg, bare_png
from tantam.lib.errors import Refusal

LARGEST_SCAN: Final = 10 * 1024 * 1024
"""In bytes: a dozen scanned pages, or a photograph of any telephone."""

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"
_PDF: Final = b"%PDF-"
# What ends a PDF may have a few bytes behind it that some scanners add.
_PDF_TAIL: Final = 2_048
_PDF_LOCKED: Final = re.compile(rb"/Encrypt\s+\d+\s+\d+\s+R")
_PDF_LIVE: Final = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFile|RichMedia)\b")
_PDF_SPELT: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
# A JPEG says its size in one of these; C4, C8 and CC mean something else.
_JPEG_SIZES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_BARE: Final = frozenset({0x01, *range(0xD0, 0xD8)})


class ScanKind(models.TextChoices):
    PDF = "pdf", _("PDF")
    JPEG = "jpeg", _("JPEG photograph")
    PNG = "png", _("PNG picture")

    @property
    def media_type(self) -> str:
        return "application/pdf" if self == ScanKind.PDF else f"image/{self.value}"

    @property
    def is_picture(self) -> bool:
        return self != ScanKind.PDF


class ScanTooLarge(Refusal):
    message = _(
        "The file has %(size)s MB; at most %(limit)s MB fit. Scan it in black and white, or with fewer pages."
    )


class ScanEmpty(Refusal):
    message = _("The file is empty. Choose it again, or scan the paper once more.")


class NotAScan(Refusal):
    message = _(
        "This is neither a PDF nor a JPEG or PNG picture, whatever its name says. "
        "On an iPhone choose “Most compatible” in the camera's settings, or scan the paper as a PDF."
    )


class ScanDamaged(Refusal):
    message = _(
        "The file is damaged or was cut off on its way. Choose it again, or scan the paper once more."
    )


class ScanLocked(Refusal):
    message = _("This PDF asks for a password, so nobody could read it as proof later. Save it without one.")


class ScanAlive(Refusal):
    message = _(
        "This PDF carries a program or another file inside. Print it to a new PDF, or scan the paper."
    )


@dataclass(frozen=True, slots=True)
class Scan:
    """A file that is what it says: its kind and its bytes."""

    kind: ScanKind
    content: bytes


def scan_of(content: bytes) -> Scan:
    """The scan in `content`.

    Refuses with ScanTooLarge, ScanEmpty, NotAScan, ScanDamaged, ScanLocked or ScanAlive. It reads how a file
    is built, it does not draw it: what cannot be drawn although it is whole gets through.
    """
    check_size(len(content))
    if content.startswith(_PDF):
        _check_pdf(content)
        return Scan(ScanKind.PDF, content)
    if content.startswith(_JPEG):
        _check_jpeg(content)
        return Scan(ScanKind.JPEG, bare_jpeg(content))
    if content.startswith(_PNG):
        _check_png(content)
        return Scan(ScanKind.PNG, bare_png(content))
    raise NotAScan


def check_size(size: int) -> None:
    """Before reading: refuses with ScanTooLarge or ScanEmpty."""
    if size > LARGEST_SCAN:
        raise ScanTooLarge(size=-(-size // (1024 * 1024)), limit=LARGEST_SCAN // (1024 * 1024))
    if not size:
        raise ScanEmpty


def _check_pdf(content: bytes) -> None:
    if b"%%EOF" not in content[-_PDF_TAIL:] or b"startxref" not in content[-_PDF_TAIL:]:
        raise ScanDamaged
    # Names may be written with their letters as #xx; a program is one however it is spelt.
    plain = _PDF_SPELT.sub(lambda found: bytes([int(found[1], 16)]), content)
    if _PDF_LOCKED.search(plain):
        raise ScanLocked
    if _PDF_LIVE.search(plain):
        raise ScanAlive


def _check_jpeg(content: bytes) -> None:
    place, has_size = 2, False
    while place + 4 <= len(content):
        if content[place] != 0xFF:
            raise ScanDamaged
        mark = content[place + 1]
        if mark == 0xFF or mark in _JPEG_BARE:
            place += 1 if mark == 0xFF else 2
            continue
        length = int.from_bytes(content[place + 2 : place + 4], "big")
        if length < 2:
            raise ScanDamaged
        if mark in _JPEG_SIZES:
            size = content[place + 5 : place + 9]
            has_size = len(size) == 4 and any(size[:2]) and any(size[2:])
        if mark == 0xDA:
            # Behind the beginning of the picture itself only its end is left to find.
            if not has_size or content.find(b"\xff\xd9", place + 2 + length) < 0:
                raise ScanDamaged
            return
        place += 2 + length
    raise ScanDamaged


def _check_png(content: bytes) -> None:
    place, names = len(_PNG), []
    while place + 12 <= len(content):
        length = int.from_bytes(content[place : place + 4], "big")
        ends = place + 12 + length
        if ends > len(content):
            break
        chunk = memoryview(content)[place + 4 : ends - 4]
        if zlib.crc32(chunk) != int.from_bytes(content[ends - 4 : ends], "big"):
            break
        names.append(bytes(chunk[:4]))
        place = ends
        if names[-1] == b"IEND":
            if names[0] == b"IHDR" and b"IDAT" in names:
                return
            break
    raise ScanDamaged
