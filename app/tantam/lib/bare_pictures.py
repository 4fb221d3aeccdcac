"""Pictures without what a telephone writes into them: where it was, when, whose it is. The picture stays bit for bit.

Only which way up it was taken is kept, since a photographed page is read that way.
"""

from __future__ import annotations

from typing import Final

_EXIF: Final = b"Exif\0\0"
_ORIENTATION: Final = 0x0112
# What a JPEG may carry before the picture and needs to be drawn: JFIF (E0), colours (E2: ICC, EE: Adobe).
_NEEDED: Final = frozenset({0xE0, 0xEE})
_ICC: Final = b"ICC_PROFILE\0"
_BARE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
_PNG_KEPT: Final = frozenset(
    {
        b"IHDR",
        b"PLTE",
        b"IDAT",
        b"IEND",
        b"tRNS",
        b"gAMA",
        b"cHRM",
        b"sRGB",
        b"iCCP",
        b"sBIT",
        b"pHYs",
        b"bKGD",
    }
)


def bare_jpeg(content: bytes) -> bytes:
    """A whole JPEG without places, times, names, comments, small copies of itself, and anything behind its end."""
    out, place, way_up = bytearray(content[:2]), 2, 1
    while place + 4 <= len(content):
        mark = content[place + 1]
        if mark == 0xFF or mark in _BARE:
            place += 1 if mark == 0xFF else 2
            continue
        length = 2 + int.from_bytes(content[place + 2 : place + 4], "big")
        segment = content[place : place + length]
        if mark == 0xDA:
            if way_up != 1:
                out[2:2] = _only_orientation(way_up)
            end = content.rfind(b"\xff\xd9", place + length)
            return bytes(out + content[place : end + 2])
        if mark == 0xE1 and segment[4:10] == _EXIF:
            way_up = _orientation(segment[10:]) or way_up
        is_extra = 0xE0 <= mark <= 0xEF or mark == 0xFE
        if not is_extra or mark in _NEEDED or (mark == 0xE2 and segment[4:16] == _ICC):
            out += segment
        place += length
    return content


def bare_png(content: bytes) -> bytes:
    """A whole PNG with only the chunks it is drawn from."""
    out, place = bytearray(content[:8]), 8
    while place + 12 <= len(content):
        ends = place + 12 + int.from_bytes(content[place : place + 4], "big")
        name = content[place + 4 : place + 8]
        if name in _PNG_KEPT:
            out += content[place:ends]
        if name == b"IEND":
            break
        place = ends
    return bytes(out)


def _orientation(tiff: bytes) -> int | None:
    """The way up (1 to 8) in the first directory of an EXIF block; None when it says none."""
    order = {b"II": "little", b"MM": "big"}.get(tiff[:2])
    if order is None:
        return None

    def number(at: int, size: int) -> int:
        return int.from_bytes(tiff[at : at + size], order)  # type: ignore[arg-type]

    directory = number(4, 4)
    for entry in range(min(number(directory, 2), 200)):
        at = directory + 2 + 12 * entry
        if number(at, 2) == _ORIENTATION:
            found = number(at + 8, 2)
            return found if 1 <= found <= 8 else None
    return None


def _only_orientation(way_up: int) -> bytes:
    tiff = b"MM\0\x2a\0\0\0\x08\0\x01" + bytes([1, 0x12, 0, 3, 0, 0, 0, 1, 0, way_up, 0, 0]) + b"\0\0\0\0"
    body = _EXIF + tiff
    return b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body
