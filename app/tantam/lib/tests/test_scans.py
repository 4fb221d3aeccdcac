"""A scan is what its content says, whatever it is called."""

from __future__ import annotations

import contextlib
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.lib.errors import Refusal
from tantam.lib.scans import (
    LARGEST_SCAN,
    NotAScan,
    ScanAlive,
    ScanDamaged,
    ScanEmpty,
    ScanKind,
    ScanLocked,
    ScanTooLarge,
    scan_of,
)
from tests.factories.scans import PDF_TAIL, jpeg, pdf, png


@pytest.mark.parametrize(
    ("content", "kind"), [(pdf(), ScanKind.PDF), (jpeg(), ScanKind.JPEG), (png(), ScanKind.PNG)]
)
def test_whole_files_are_told_apart(content, kind):
    scan = scan_of(content)
    assert (scan.kind, scan.content) == (kind, content)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        pytest.param(b"", ScanEmpty, id="empty"),
        pytest.param(b"MZ\x90\x00" + b"\x00" * 100, NotAScan, id="program"),
        pytest.param(b"<html><script>alert(1)</script></html>", NotAScan, id="page"),
        pytest.param(b"GIF89a" + b"\x00" * 100, NotAScan, id="another-picture"),
        pytest.param(b"\x00\x00\x00\x18ftypheic" + b"\x00" * 100, NotAScan, id="iphone-heic"),
        pytest.param(b"  " + pdf(), NotAScan, id="something-before"),
        pytest.param(pdf()[:30], ScanDamaged, id="pdf-cut-off"),
        pytest.param(jpeg()[:-1], ScanDamaged, id="jpeg-cut-off"),
        pytest.param(jpeg()[:8], ScanDamaged, id="jpeg-head"),
        pytest.param(b"\xff\xd8\xff\xe0\x00\x04abXX" + b"\x00" * 40, ScanDamaged, id="jpeg-nonsense"),
        pytest.param(png()[:-4], ScanDamaged, id="png-cut-off"),
        pytest.param(png().replace(b"pHYs", b"pHYS"), ScanDamaged, id="png-changed"),
        pytest.param(b"%PDF-1.7\n/Encrypt 5 0 R" + PDF_TAIL, ScanLocked, id="password"),
        pytest.param(b"%PDF-1.7\n<</S/JavaScript/JS(app)>>" + PDF_TAIL, ScanAlive, id="script"),
        pytest.param(b"%PDF-1.7\n<</S /Launch /F(cmd.exe)>>" + PDF_TAIL, ScanAlive, id="launches"),
        pytest.param(pdf(b"x" * LARGEST_SCAN), ScanTooLarge, id="too-large"),
    ],
)
def test_what_is_no_scan_is_refused_with_its_reason(content, refusal):
    with pytest.raises(refusal):
        scan_of(content)


def test_the_largest_that_fits_fits():
    room = LARGEST_SCAN - len(pdf())
    assert len(scan_of(pdf(b"x" * room)).content) == LARGEST_SCAN


@given(st.sampled_from([b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b""]), st.binary(max_size=400))
def test_any_bytes_are_met_with_a_kind_or_a_refusal(head, body):
    with contextlib.suppress(Refusal):
        assert scan_of(head + body).kind in ScanKind


def test_a_program_in_a_pdf_is_seen_however_it_is_spelt():
    """A name may write its letters as #xx."""
    for name in (b"/JavaScript", b"/J#61vaScript", b"/#4aava#53cript", b"/L#61unch"):
        with pytest.raises(ScanAlive):
            scan_of(pdf(b"\n1 0 obj << /S " + name + b" /JS (app.alert(1)) >> endobj\n"))


def exif(way_up):
    tiff = b"II\x2a\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0" + bytes([way_up, 0, 0, 0]) + b"\0\0\0\0"
    body = b"Exif\0\0" + tiff + b"GPS 10.7626N 106.6601E"
    return b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body


def test_a_photograph_keeps_nothing_of_where_it_was_taken():
    plain = jpeg()
    taken = plain[:2] + exif(6) + b"\xff\xfe\x00\x09Lan Ngo" + plain[2:] + b"PK a file behind the end"

    kept = scan_of(taken).content

    assert b"GPS" not in kept
    assert b"Lan" not in kept
    assert b"PK" not in kept
    # The page is still read the way up it was photographed, and the picture itself is what it was.
    assert b"\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06" in kept
    assert kept.endswith(plain[plain.index(b"\xff\xc0") :])
    assert scan_of(kept).content == kept
    assert scan_of(plain).content == plain


def test_a_png_keeps_only_what_it_is_drawn_from():
    plain = png()
    body = b"eXIfMM GPS 10.7626N"
    chunk = (len(body) - 4).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    kept = scan_of(plain[:-12] + chunk + plain[-12:] + b"behind").content

    assert kept == plain
