from __future__ import annotations

import json
import stat
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.lib import crypto
from tantam.lib.crypto import FIELD_KEYS, INDEX_KEY, CannotOpen, KeyRing, KeysUnusable

RING = KeyRing({"k1": bytes(range(32))}, "k1", bytes(32))


@pytest.fixture
def folder(tmp_path):
    crypto.create_keys(tmp_path / "keys")
    return tmp_path / "keys"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.binary(min_size=1, max_size=20))
def test_what_is_sealed_opens(plain, context):
    blob = RING.encrypt(plain, context=context)

    assert RING.decrypt(blob, context=context) == plain
    assert RING.decrypt(memoryview(blob), context=context) == plain
    assert blob != RING.encrypt(plain, context=context)


def test_a_sealed_value_opens_in_its_own_column_only():
    blob = RING.encrypt("0912345678", context=b"phone")

    with pytest.raises(CannotOpen):
        RING.decrypt(blob, context=b"name")


@pytest.mark.parametrize("place", [0, 1, 2, 5, 20, -1])
def test_a_changed_value_does_not_open(place):
    blob = bytearray(RING.encrypt("0912345678", context=b"x"))
    blob[place] ^= 1

    with pytest.raises(CannotOpen):
        RING.decrypt(bytes(blob), context=b"x")


@given(st.binary(max_size=80))
def test_rubbish_does_not_open(blob):
    with pytest.raises(CannotOpen):
        RING.decrypt(blob, context=b"x")


def test_sealed_values_stay_readable_for_as_long_as_the_format_stands():
    blob = bytes.fromhex("01026b31") + bytes(12) + bytes.fromhex(SEALED_WITH_A_ZERO_NONCE)

    assert RING.decrypt(blob, context=b"phone") == "+84912345678"


SEALED_WITH_A_ZERO_NONCE = "258481e7841eb0893d9e9e0dc52ee2cdd921b7e0ff4eca06bbf0c09f"


def test_a_rotation_keeps_old_values_readable(folder):
    before = KeyRing.load(folder)
    old = before.encrypt("Lan", context=b"x")

    assert crypto.rotate_field_key(folder) == "k2"
    after = KeyRing.load(folder)

    assert after.decrypt(old, context=b"x") == "Lan"
    assert not after.is_sealed_with_current_key(old)
    assert after.is_sealed_with_current_key(after.encrypt("Lan", context=b"x"))
    assert after.blind_index("phone", "1") == before.blind_index("phone", "1")
    with pytest.raises(CannotOpen, match="not in the ring"):
        before.decrypt(after.encrypt("Lan", context=b"x"), context=b"x")


def test_keys_are_made_once_and_for_their_owner_only(folder):
    made = {path.name: path.read_text() for path in folder.iterdir()}
    crypto.create_keys(folder)

    assert {path.name: path.read_text() for path in folder.iterdir()} == made
    assert set(made) == {FIELD_KEYS, INDEX_KEY}
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_two_first_starts_agree_on_the_keys(tmp_path):
    starts = [threading.Thread(target=crypto.create_keys, args=(tmp_path / "keys",)) for _ in range(8)]
    for start in starts:
        start.start()
    for start in starts:
        start.join()

    ring = KeyRing.load(tmp_path / "keys")
    assert KeyRing.load(tmp_path / "keys").decrypt(ring.encrypt("x", context=b"x"), context=b"x") == "x"
    assert len(list((tmp_path / "keys").iterdir())) == 2


@pytest.mark.parametrize("name", [FIELD_KEYS, INDEX_KEY])
def test_keys_that_cannot_be_used_are_named(folder, name):
    path = folder / name
    good = path.read_text()

    path.chmod(0o640)
    with pytest.raises(KeysUnusable, match="chmod 600"):
        KeyRing.load(folder)
    path.chmod(0o600)
    for damaged in ("", "{", "AAAA", json.dumps({"current": "k9", "keys": {}}), json.dumps([1])):
        path.write_text(damaged)
        with pytest.raises(KeysUnusable):
            KeyRing.load(folder)
    path.unlink()
    with pytest.raises(KeysUnusable, match=f"{name} is missing"):
        KeyRing.load(folder)
    path.write_text(good)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_a_blind_index_fits_its_column_and_tells_purposes_apart(value):
    number = RING.blind_index("phone", value)

    assert -(2**63) <= number < 2**63
    assert number == RING.blind_index("phone", value)
    assert number != RING.blind_index("identity", value)


def test_a_blind_index_is_an_ordinary_hmac():
    import hashlib
    import hmac

    expected = hmac.new(bytes(32), b"phone\0+84912345678", hashlib.sha256).digest()[:8]

    assert RING.blind_index("phone", "+84912345678") == int.from_bytes(expected, "big", signed=True)


def test_the_default_ring_comes_from_the_settings(settings, folder):
    settings.KEYS_DIR = folder
    crypto.reset_default_keyring()
    try:
        blob = crypto.encrypt("Lan", context=b"x")
        assert crypto.decrypt(blob, context=b"x") == KeyRing.load(folder).decrypt(blob, context=b"x") == "Lan"
        assert crypto.blind_index("p", "v") == KeyRing.load(folder).blind_index("p", "v")
    finally:
        crypto.reset_default_keyring()


def test_nothing_is_sealed_without_saying_for_what():
    with pytest.raises(ValueError, match="context"):
        RING.encrypt("Lan", context=b"")


def test_a_keyed_digest_needs_the_key_and_keeps_purposes_apart():
    """A plain hash of a phone number is undone by trying all of them."""
    import hashlib

    digest = RING.keyed_digest("import:payload", b"0912345678")

    assert digest == RING.keyed_digest("import:payload", b"0912345678")
    assert digest != RING.keyed_digest("import:mark", b"0912345678")
    assert digest != hashlib.blake2b(b"0912345678", digest_size=16).digest()
    assert digest != KeyRing({"k1": bytes(32)}, "k1", b"\1" * 32).keyed_digest(
        "import:payload", b"0912345678"
    )
    assert len(RING.keyed_digest("import:mark", b"", size=4)) == 4
