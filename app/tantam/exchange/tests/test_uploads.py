"""Nothing of a patient is ever in clear on a disk, from the first byte of an upload (A10)."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tantam.exchange.engine import vault
from tantam.exchange.jobs import sweep_uploads
from tantam.exchange.models import ImportRun
from tantam.lib import uploads
from tantam.lib.sealed_files import PIECE, SealedWriter, open_sealed_file
from tantam.lib.uploads import LEFT_BEHIND_AFTER, SealedUploadHandler, incoming

pytestmark = pytest.mark.django_db
HEADER = "Họ tên;Ngày sinh;SĐT\n"


def sheet(rows: int) -> bytes:
    lines = (f"Nguyễn Thị Hằng;05/03/1985;09{number:08}\n" for number in range(rows))
    return (HEADER + "".join(lines)).encode()


@pytest.fixture
def disk(settings, tmp_path, monkeypatch):
    """Every place an upload could reach: the product's files and the machine's temporary folder."""
    settings.MEDIA_ROOT = tmp_path / "files"
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    return tmp_path


def written(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def send(client, manager, site, content: bytes):
    client.force_login(manager)
    file = SimpleUploadedFile("benh nhan.csv", content)
    return client.post(reverse("exchange:new"), {"name": "HIS", "site": site.pk, "uploads": [file]})


def test_no_moment_of_a_large_upload_leaves_a_name_on_the_disk(disk, client, manager, site, monkeypatch):
    seen = []
    receive = SealedUploadHandler.receive_data_chunk

    def watched(self, raw_data, start):
        answer = receive(self, raw_data, start)
        seen.append(written(disk))
        return answer

    monkeypatch.setattr(SealedUploadHandler, "receive_data_chunk", watched)
    content = sheet(80_000)
    send(client, manager, site, content)

    assert max(map(len, seen)) > 1_000_000
    assert all("Nguyễn".encode() not in found for found in [*seen, written(disk)])
    file = ImportRun.objects.get().files.get()
    with vault.open_file(file) as stream:
        assert stream.read() == content
    assert list(incoming().glob("*")) == []


def test_a_small_upload_stays_in_memory(disk, client, manager, site, monkeypatch):
    monkeypatch.setattr(uploads, "SealedWriter", None)

    send(client, manager, site, sheet(10))

    assert "Nguyễn".encode() not in written(disk)
    assert ImportRun.objects.get().files.get().size == len(sheet(10))


@pytest.mark.parametrize("told", [True, False], ids=["told-before", "found-while-receiving"])
def test_more_than_a_page_takes_is_refused_while_it_arrives(
    disk, client, manager, site, settings, told, monkeypatch
):
    settings.UPLOADS = ((r"^/import/", 1_500_000),)
    if not told:
        monkeypatch.setattr(SealedUploadHandler, "handle_raw_input", _not_told)

    response = send(client, manager, site, sheet(80_000))

    assert response.status_code == 413
    assert "1,5" in response.content.decode()
    assert not ImportRun.objects.exists()
    assert list(incoming().glob("*")) == []


def _not_told(self, input_data, meta, content_length, boundary, encoding=None):
    self._limit, self._received = uploads.limit_of(meta["PATH_INFO"]), 0


def test_what_a_killed_process_left_is_unreadable_and_goes_in_time(disk):
    left = SealedWriter(incoming() / "left")
    left.write(sheet(30_000))  # and never closed
    left._out.flush()
    fresh = SealedWriter(incoming() / "fresh")
    fresh.close()
    old = left.path.stat().st_mtime - LEFT_BEHIND_AFTER - 1
    os.utime(left.path, (old, old))
    assert left.path.stat().st_size > PIECE
    assert "Nguyễn".encode() not in left.path.read_bytes()

    sweep_uploads()

    assert [path.name for path in incoming().iterdir()] == ["fresh"]


def test_the_settings_know_no_handler_that_writes_in_clear(settings):
    assert settings.FILE_UPLOAD_HANDLERS == ["tantam.lib.uploads.SealedUploadHandler"]


@pytest.mark.parametrize("size", [0, PIECE, PIECE + 1])
def test_a_sealed_file_gives_back_what_was_written_in_any_pieces(disk, size):
    content = os.urandom(size)
    writer = SealedWriter(disk / "one")
    for start in range(0, size, 70_001):
        writer.write(content[start : start + 70_001])
    writer.close()

    with open_sealed_file(disk / "one") as stream:
        assert stream.read() == content
