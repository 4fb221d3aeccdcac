"""The smallest whole PDF, JPEG and PNG; `fill` makes one differ from another, or as large as wanted."""

from __future__ import annotations

import zlib

PDF_TAIL = b"\nxref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 1 >>\nstartxref\n9\n%%EOF\n"


def pdf(fill: bytes = b"") -> bytes:
    return b"%PDF-1.4\n%" + fill + PDF_TAIL


def png(fill: bytes = b"") -> bytes:
    """One grey point, which a browser draws."""
    header = (1).to_bytes(4, "big") * 2 + b"\x08\x00\x00\x00\x00"
    chunks = [_chunk(b"IHDR", header), _chunk(b"pHYs", fill)]
    chunks += [_chunk(b"IDAT", zlib.compress(b"\x00\x7f")), _chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def jpeg(fill: bytes = b"") -> bytes:
    comment = b"\xff\xe0" + (len(fill) + 2).to_bytes(2, "big") + fill
    size = b"\xff\xc0\x00\x0b\x08\x00\x01\x00\x01\x01\x01\x11\x00"
    return b"\xff\xd8" + comment + size + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + b"\x7f\xff\xd9"


def _chunk(name: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")
