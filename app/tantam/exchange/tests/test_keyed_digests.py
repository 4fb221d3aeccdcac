"""What a dump of the database says of sealed values: nothing that could be tried out (A10)."""

from __future__ import annotations

import hashlib
from zlib import crc32

import orjson
import pytest

from tantam.exchange.models import ImportedIdentity, ImportFile
from tantam.exchange.tests.fhir_files import bundle, patient, write

pytestmark = pytest.mark.django_db


def guesses(payload: bytes) -> set[bytes]:
    hashes = (hashlib.blake2b(payload, digest_size=16), hashlib.sha256(payload), hashlib.md5(payload))
    return {made.digest()[:16] for made in hashes}


def test_no_digest_of_what_a_source_said_can_be_made_without_the_keys(tmp_path, take_in, monkeypatch):
    from tantam.exchange.engine import staging

    said = []
    digest = staging.digest

    def kept(payload):
        said.append(payload)
        return digest(payload)

    monkeypatch.setattr(staging, "digest", kept)
    run = take_in(write(tmp_path, "one.json", bundle(patient(1))))

    identity = ImportedIdentity.objects.get(kind="patient", is_alias=False)
    (payload,) = said
    assert orjson.loads(payload)["full_name"]
    assert bytes(identity.digest) not in guesses(payload)
    phone = next(
        contact["value"] for contact in orjson.loads(payload)["contacts"] if contact["kind"] == "phone"
    )
    for column, value in {"first_phone": phone, "full_name": orjson.loads(payload)["full_name"]}.items():
        assert identity.marks[column] != crc32(value.encode())
    assert not any(field.name == "sha256" for field in ImportFile._meta.fields)
    assert run.state == "done"


def test_one_value_in_two_columns_has_two_marks():
    from tantam.exchange.engine.writers.marks import mark

    assert mark("notes", "x") != mark("clinical_notes", "x")
