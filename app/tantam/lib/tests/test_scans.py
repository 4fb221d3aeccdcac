"""A scan is what its content says, whatever it is called."""

from __future__ import annotations

import contextlib
import io

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat
from PIL.PngImagePlugin import PngInfo

from tantam.lib import scans
from tantam.lib.errors import Refusal
from tantam.lib.scans import (
    LARGEST_SCAN,
    NotAScan,
    ScanAlive,
    ScanDamaged,
    ScanEmpty,
    ScanKind,
    ScanLocked,
    ScanTooFine,
    ScanTooLarge,
    scan_of,
)
from tests.factories.scans import jpeg, made_pdf, pdf, png


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
        pytest.param(jpeg()[:-30], ScanDamaged, id="jpeg-cut-off"),
        pytest.param(jpeg()[:8], ScanDamaged, id="jpeg-head"),
        pytest.param(b"\xff\xd8\xff\xe0\x00\x04abXX" + b"\x00" * 40, ScanDamaged, id="jpeg-nonsense"),
        pytest.param(png()[:40], ScanDamaged, id="png-cut-off"),
        pytest.param(png().replace(b"\x00\x08\x00", b"\x00\x09\x00", 1), ScanDamaged, id="png-changed"),
        pytest.param(b"%PDF-1.7\nnothing\nstartxref\n9\n%%EOF\n", ScanDamaged, id="pdf-of-nothing"),
        pytest.param(pdf(b"x" * LARGEST_SCAN), ScanTooLarge, id="too-large"),
    ],
)
def test_what_is_no_scan_is_refused_with_its_reason(content, refusal):
    with pytest.raises(refusal):
        scan_of(content)


def test_the_largest_that_fits_fits():
    room = LARGEST_SCAN - len(pdf())
    assert len(scan_of(pdf(b"x" * (room - 2))).content) == LARGEST_SCAN


@settings(max_examples=15, deadline=None)  # each opens a process
@given(st.sampled_from([b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b""]), st.binary(max_size=400))
def test_any_bytes_are_met_with_a_kind_or_a_refusal(head, body):
    with contextlib.suppress(Refusal):
        assert scan_of(head + body).kind in ScanKind


def script():
    return pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "in-a-compressed-stream"])
@pytest.mark.parametrize(
    "root",
    [
        pytest.param(lambda: {"/OpenAction": script()}, id="script-on-opening"),
        pytest.param(lambda: {"/AA": pikepdf.Dictionary(WC=script())}, id="script-on-closing"),
        pytest.param(
            lambda: {"/Names": pikepdf.Dictionary(JavaScript=pikepdf.Dictionary())}, id="named-scripts"
        ),
        pytest.param(
            lambda: {"/OpenAction": pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe")}, id="launch"
        ),
        pytest.param(
            lambda: {"/Names": pikepdf.Dictionary(EmbeddedFiles=pikepdf.Dictionary())}, id="files-inside"
        ),
        pytest.param(lambda: {"/AcroForm": pikepdf.Dictionary(XFA=pikepdf.Array([]))}, id="live-form"),
        pytest.param(lambda: {"/X": pikepdf.Array([pikepdf.Array([script()])])}, id="nested"),
    ],
)
def test_what_a_pdf_would_run_is_seen_wherever_it_lies(root, packed):
    whole = made_pdf(root(), packed=packed)
    assert not packed or b"app.alert" not in whole
    with pytest.raises(ScanAlive):
        scan_of(whole)


@pytest.mark.parametrize("spelt", [b"/J#61vaScript", b"/#4aava#53cript"])
def test_a_program_in_a_pdf_is_seen_however_it_is_spelt(spelt):
    """A name may write its letters as #xx."""
    whole = made_pdf({"/OpenAction": script()}).replace(b"/JS ", b"/Q1 ")
    with pytest.raises(ScanAlive):
        scan_of(whole.replace(b"/JavaScript", spelt))


def test_a_pdf_with_a_password_is_refused():
    made, out = pikepdf.new(), io.BytesIO()
    made.add_blank_page()
    made.save(out, encryption=pikepdf.Encryption(owner="o", user="u"))
    with pytest.raises(ScanLocked):
        scan_of(out.getvalue())
    # Without one to read it, but one to change it: whoever holds that could change what proves.
    made.save(out := io.BytesIO(), encryption=pikepdf.Encryption(owner="o", user=""))
    with pytest.raises(ScanLocked):
        scan_of(out.getvalue())


def test_a_file_that_keeps_its_reader_busy_is_refused(monkeypatch):
    monkeypatch.setattr(scans, "_PATIENCE", 0.001)
    with pytest.raises(ScanDamaged):
        scan_of(pdf())


def test_a_picture_that_unpacks_to_more_than_a_page_is_refused():
    out = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    with pytest.raises(ScanTooFine):
        scan_of(out.getvalue())


# --- what telephones add ---------------------------------------------------------------------------


def taken(kind, *, way_up=6, mode="RGB", **more):
    """A photograph as a telephone writes it: place, time, owner, model, words."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x9003], exif[0xA430] = (
        way_up,
        "Samsung",
        "2026:11:28 10:00:00",
        "Lan Ngo",
    )
    exif.get_ifd(0x8825).update({1: "N", 2: (10.0, 45.0, 45.36), 3: "E", 4: (106.0, 39.0, 36.36)})
    picture, out = Image.effect_noise((64, 48), 60).convert(mode), io.BytesIO()
    picture.save(out, kind, exif=exif, **more)
    return out.getvalue()


def opened(content):
    return Image.open(io.BytesIO(content))


def test_a_photograph_keeps_nothing_of_where_it_was_taken():
    given = (
        taken("JPEG", comment=b"Lan Ngo", xmp=b"<x:xmpmeta>Lan Ngo</x:xmpmeta>") + b"PK a file behind the end"
    )
    assert opened(given).getexif().get_ifd(0x8825)[2] == (10.0, 45.0, 45.36)

    kept = scan_of(given).content

    picture = opened(kept)
    # The page is still read the way up it was photographed, and that is all.
    assert dict(picture.getexif()) == {0x0112: 6}
    assert not picture.getexif().get_ifd(0x8825)
    for word in (b"Lan", b"Samsung", b"2026:", b"xmpmeta", b"PK"):
        assert word not in kept
    assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi", "exif"}
    assert scan_of(kept).kind == ScanKind.JPEG


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_photograph_drawn_anew_looks_as_it_did(mode):
    given = taken("JPEG", mode=mode, quality=90)
    kept = scan_of(given).content
    assert opened(kept).mode == mode
    assert opened(kept).quantization == opened(given).quantization
    differing = ImageStat.Stat(ImageChops.difference(opened(given), opened(kept)))
    assert max(differing.mean) < 1.0


def test_several_pictures_in_one_file_leave_the_first():
    """Telephones put a second picture, or a film, behind the photograph."""
    first, second, out = Image.new("RGB", (16, 16), "red"), Image.new("RGB", (16, 16), "blue"), io.BytesIO()
    first.save(out, "MPO", save_all=True, append_images=[second])

    kept = scan_of(out.getvalue()).content

    assert opened(kept).format == "JPEG"
    assert getattr(opened(kept), "n_frames", 1) == 1
    assert opened(kept).getpixel((8, 8))[0] > 200


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P", "1", "I;16"])
def test_a_png_keeps_its_points_and_nothing_else(mode):
    words = PngInfo()
    words.add_text("Author", "Lan Ngo")
    words.add_itxt("XML:com.adobe.xmp", "Lan Ngo 10.7626N")
    picture = (
        Image.new(mode, (16, 16), 3) if mode == "I;16" else Image.effect_noise((16, 16), 50).convert(mode)
    )
    picture.save(
        out := io.BytesIO(), "PNG", pnginfo=words, exif=Image.open(io.BytesIO(taken("PNG"))).getexif()
    )

    kept = scan_of(out.getvalue() + b"behind").content

    assert opened(kept).mode == mode
    assert opened(kept).tobytes() == picture.tobytes()
    for word in (b"Lan", b"Samsung", b"behind", b"10.7626N"):
        assert word not in kept
    assert dict(opened(kept).getexif()) == {0x0112: 6}


@pytest.mark.parametrize("kind", ["WEBP", "GIF", "TIFF"])
def test_other_pictures_are_refused_with_what_to_do(kind):
    Image.new("RGB", (8, 8)).save(out := io.BytesIO(), kind)
    with pytest.raises(NotAScan):
        scan_of(out.getvalue())
