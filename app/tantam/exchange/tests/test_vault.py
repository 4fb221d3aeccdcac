"""Uploads wait sealed, and are read back at any place (A10)."""

from __future__ import annotations

import io
import os
import shutil
import stat
from pathlib import Path

import pytest

from tantam.exchange.engine import running, vault
from tantam.exchange.engine.vault import Upload
from tantam.exchange.errors import NothingReceived
from tantam.exchange.models import RunState
from tantam.exchange.operations.runs import discard_run, receive_files, start_applying, start_reading
from tantam.exchange.tests.fhir_files import bundle, patient
from tantam.lib import crypto
from tantam.lib.crypto import CannotOpen
from tantam.lib.sealed_files import is_sealed_with_current_key

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def sealed(source, content, name="một.json"):
    run = receive_files(source, uploads=[Upload(name, io.BytesIO(content))], actor=None)
    return run, run.files.get()


@pytest.mark.parametrize("size", [0, 1, vault.PIECE - 1, vault.PIECE, vault.PIECE + 1, 3 * vault.PIECE + 17])
def test_what_was_sealed_comes_back_whole(source, size):
    content = os.urandom(size)

    _run, file = sealed(source, content)

    assert (file.size, file.is_sealed) == (size, True)
    with vault.open_file(file) as stream:
        assert stream.read() == content
        stream.seek(max(0, size - 5))
        assert stream.read() == content[-5:]
        stream.seek(-1 if size else 0, 2)
        assert stream.read(10) == content[-1:]
        stream.seek(vault.PIECE - 3)
        assert stream.read(6) == content[vault.PIECE - 3 : vault.PIECE + 3]


def test_nothing_lies_open_on_the_disk(source):
    _run, file = sealed(source, b"Hang " * 1_000)

    path = Path(file.path)
    assert b"Hang" not in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "một" not in path.name


def test_pieces_cannot_be_swapped(source):
    _run, file = sealed(source, b"a" * vault.PIECE + b"b" * vault.PIECE)
    path = Path(file.path)
    content = path.read_bytes()
    half = 24 + (len(content) - 24) // 2
    path.write_bytes(content[:24] + content[half:] + content[24:half])

    with pytest.raises(CannotOpen), vault.open_file(file) as stream:
        stream.read()


def test_an_upload_is_taken_in_and_then_gone(source, django_capture_on_commit_callbacks):
    import json

    run, file = sealed(source, json.dumps(bundle(patient(1))).encode())
    start_reading(run, in_background=False, actor=None)
    run = running.read_and_check(run.pk)
    start_applying(run, in_background=False, actor=None)
    with django_capture_on_commit_callbacks(execute=True):
        run = running.apply(run.pk)

    assert run.state == RunState.DONE
    assert run.counts["applied"] == {"patient": {"created": 1}}
    assert not Path(file.path).exists()


def test_a_discarded_upload_is_gone(source, django_capture_on_commit_callbacks):
    run, file = sealed(source, b"{}")

    with django_capture_on_commit_callbacks(execute=True):
        discard_run(run, actor=None)

    assert not Path(file.path).exists()


def test_no_file_is_no_import(source):
    with pytest.raises(NothingReceived):
        receive_files(source, uploads=[], actor=None)


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\data\\x.json", "a\x00b.json", "x" * 500 + ".json"])
def test_names_of_uploads_lead_nowhere(source, name):
    run, file = sealed(source, b"{}", name)

    assert Path(file.path).parent == vault.folder_of(run)
    assert "/" not in file.name
    assert len(file.name) <= 255


def test_what_waits_is_sealed_with_the_newest_key(source, settings, tmp_path):
    """A rotation reaches the files that lie beside the database."""
    shutil.copytree(settings.KEYS_DIR, tmp_path / "keys")
    settings.KEYS_DIR = tmp_path / "keys"
    crypto.reset_default_keyring()
    try:
        run = receive_files(source, uploads=[Upload("a.csv", io.BytesIO(b"Lan" * 200_000))], actor=None)
        file = run.files.get()
        with vault.open_file(file) as being_read:
            assert being_read.read(3) == b"Lan"
            crypto.rotate_field_key(settings.KEYS_DIR)
            crypto.default_keyring().learn()

            assert vault.reseal_waiting() == 1

            assert is_sealed_with_current_key(Path(file.path))
            assert being_read.read() == (b"Lan" * 200_000)[3:]
        with vault.open_file(file) as again:
            assert again.read() == b"Lan" * 200_000
        assert vault.reseal_waiting() == 0
        assert [path.name for path in Path(file.path).parent.iterdir()] == [Path(file.path).name]
    finally:
        crypto.reset_default_keyring()
