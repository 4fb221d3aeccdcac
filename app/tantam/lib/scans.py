"""Scans and photographs of papers: which kind a file is, told by its content and never by its name."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from tantam.lib import scan_apart
from tantam.lib.errors import Refusal

LARGEST_SCAN: Final = 10 * 1024 * 1024
"""In bytes: a dozen scanned pages, or a photograph of any telephone."""

_PDF: Final = b"%PDF-"
# What ends a PDF may have a few bytes behind it that some scanners add.
_PDF_TAIL: Final = 2_048
_APART: Final = Path(scan_apart.__file__)
_PATIENCE: Final = 30
"""Seconds by the clock: its own limit counts only while it works."""


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


class ScanTooFine(Refusal):
    message = _(
        "The picture has more than %(limit)s million points. Scan the page at 300 to 600 points an inch."
    )


_PICTURES: Final = {b"\xff\xd8\xff": ScanKind.JPEG, b"\x89PNG\r\n\x1a\n": ScanKind.PNG}
_REFUSALS: Final = {
    scan_apart.DAMAGED: ScanDamaged,
    scan_apart.LOCKED: ScanLocked,
    scan_apart.ALIVE: ScanAlive,
}


@dataclass(frozen=True, slots=True)
class Scan:
    """A file that is what it says: its kind and its bytes."""

    kind: ScanKind
    content: bytes


def scan_of(content: bytes) -> Scan:
    """The scan in `content`.

    A picture is drawn anew and holds nothing else (docs/decisions/0036); a PDF stays as it was given. Refuses with
    ScanTooLarge, ScanTooFine, ScanEmpty, NotAScan, ScanDamaged, ScanLocked or ScanAlive.
    """
    check_size(len(content))
    if content.startswith(_PDF):
        if b"%%EOF" not in content[-_PDF_TAIL:] or b"startxref" not in content[-_PDF_TAIL:]:
            raise ScanDamaged
        _opened(ScanKind.PDF, content)
        return Scan(ScanKind.PDF, content)
    for head, kind in _PICTURES.items():
        if content.startswith(head):
            return Scan(kind, _opened(kind, content))
    raise NotAScan


def check_size(size: int) -> None:
    """Before reading: refuses with ScanTooLarge or ScanEmpty."""
    if size > LARGEST_SCAN:
        raise ScanTooLarge(size=-(-size // (1024 * 1024)), limit=LARGEST_SCAN // (1024 * 1024))
    if not size:
        raise ScanEmpty


def _opened(kind: ScanKind, content: bytes) -> bytes:
    """What `scan_apart` makes of the file, in a process of its own that cannot take this one along."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_APART), kind.value],
            input=content,
            capture_output=True,
            timeout=_PATIENCE,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ScanDamaged from None
    if done.returncode == scan_apart.TOO_FINE:
        raise ScanTooFine(limit=scan_apart.MOST_POINTS // 1_000_000)
    if done.returncode != scan_apart.WHOLE:
        raise _REFUSALS.get(done.returncode, ScanDamaged)
    return done.stdout
