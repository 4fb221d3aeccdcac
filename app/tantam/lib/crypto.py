"""Encryption of columns and blind indexes over them.

A sealed value is ``01 | length of key id | key id | 12-byte nonce | ciphertext and tag``
(AES-256-GCM). Header and ``context`` are authenticated: a value sealed for one column
does not open in another, and nothing is sealed without saying for what. Old keys stay in
the ring, so values open after a rotation.

Keys live in files with mode 0600 in one directory, never in the database or its backup:
``field_keys.json`` ({"current": "k1", "keys": {"k1": base64 of 32 bytes}}) and
``index_key`` (base64 of 32 bytes).
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import hmac
import json
import os
import secrets
import threading
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FIELD_KEYS: Final = "field_keys.json"
INDEX_KEY: Final = "index_key"
_VERSION: Final = 1
_NONCE_BYTES: Final = 12
_KEY_BYTES: Final = 32


class KeysUnusable(Exception):
    """The keys are missing, readable by others, or damaged; the sentence says which file."""


class CannotOpen(Exception):
    """A sealed value was changed, sealed for another column, or its key is not in the ring."""


class KeyRing:
    """The field keys and the index key of one organisation, loaded once and then read only."""

    def __init__(self, keys: dict[str, bytes], current: str, index_key: bytes) -> None:
        if current not in keys:
            raise KeysUnusable(f"The current field key {current!r} is not among the keys.")
        for name, key in {**keys, INDEX_KEY: index_key}.items():
            if len(key) != _KEY_BYTES:
                raise KeysUnusable(f"The key {name!r} has {len(key)} bytes instead of {_KEY_BYTES}.")
            if not 1 <= len(name) <= 32 or not name.isascii():
                raise KeysUnusable(f"The key name {name!r} must have 1 to 32 plain letters.")
        self.current = current
        self._ciphers = {name.encode(): AESGCM(key) for name, key in keys.items()}
        self._cipher = self._ciphers[current.encode()]
        self._header = bytes([_VERSION, len(current)]) + current.encode()
        self._index_key = index_key
        padded = index_key.ljust(64, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded))
        self._purposes: dict[str, hashlib._Hash] = {}
        self._digest_keys: dict[str, bytes] = {}

    @classmethod
    def load(cls, directory: str | os.PathLike[str]) -> KeyRing:
        """Read the keys. Refuses with KeysUnusable: missing, open to others, damaged."""
        folder = Path(directory)
        index_key = _decode(_read_secret(folder / INDEX_KEY), folder / INDEX_KEY)
        path = folder / FIELD_KEYS
        try:
            ring = json.loads(_read_secret(path))
            keys = {str(name): _decode(key, path) for name, key in ring["keys"].items()}
            current = str(ring["current"])
        except (ValueError, KeyError, TypeError, AttributeError):
            raise KeysUnusable(f"{path} is damaged. Put it back from your copy of the keys.") from None
        return cls(keys, current, index_key)

    def encrypt(self, plain: bytes | str, *, context: bytes) -> bytes:
        """Seal a value for one column or one kind of file (``context`` names it, and is never empty)."""
        if not context:
            raise ValueError("a sealed value is bound to a column or a kind of file: name its context")
        nonce = os.urandom(_NONCE_BYTES)
        data = plain.encode() if isinstance(plain, str) else plain
        return self._header + nonce + self._cipher.encrypt(nonce, data, self._header + context)

    def decrypt(self, blob: bytes | memoryview, *, context: bytes) -> str:
        """Open a text sealed by ``encrypt``. Refuses with CannotOpen."""
        try:
            return self.decrypt_bytes(blob, context=context).decode()
        except UnicodeDecodeError:
            raise CannotOpen("The sealed value is not a text.") from None

    def decrypt_bytes(self, blob: bytes | memoryview, *, context: bytes) -> bytes:
        """Open bytes sealed by ``encrypt``. Refuses with CannotOpen."""
        blob = bytes(blob)
        if len(blob) < 2 or blob[0] != _VERSION:
            raise CannotOpen("This is not a sealed value.")
        start = 2 + blob[1]
        header = blob[:start]
        cipher = self._ciphers.get(header[2:])
        if cipher is None:
            raise CannotOpen(f"The field key {header[2:]!r} is not in the ring.")
        nonce, sealed = blob[start : start + _NONCE_BYTES], blob[start + _NONCE_BYTES :]
        try:
            return cipher.decrypt(nonce, sealed, header + context)
        except (InvalidTag, ValueError):
            raise CannotOpen("The sealed value was changed or belongs to another column.") from None

    def is_sealed_with_current_key(self, blob: bytes | memoryview) -> bool:
        """Whether a rotation may leave this value as it is."""
        return bytes(blob[: len(self._header)]) == self._header

    def blind_index(self, purpose: str, value: str) -> int:
        """A signed 64-bit number to look a value up by without opening it.

        HMAC-SHA256 of purpose and value, cut to 64 bits: equal values of one purpose give
        equal numbers, and nothing links two purposes. The caller normalises the value.
        """
        inner = self._purposes.get(purpose)
        if inner is None:
            inner = self._inner.copy()
            inner.update(purpose.encode() + b"\0")
            self._purposes[purpose] = inner
        inner = inner.copy()
        inner.update(value.encode())
        outer = self._outer.copy()
        outer.update(inner.digest())
        return int.from_bytes(outer.digest()[:8], "big", signed=True)

    def keyed_digest(self, purpose: str, content: bytes, *, size: int = 16) -> bytes:
        """Bytes that differ when the content differs, and tell nobody without the key what it was.

        BLAKE2b with a key of its own for each purpose, made from the index key. A plain hash of a phone number
        is undone in seconds by trying all numbers; whatever was or will be sealed is only ever digested by this.
        """
        key = self._digest_keys.get(purpose)
        if key is None:
            key = hmac.digest(self._index_key, b"digest\0" + purpose.encode(), "sha256")
            self._digest_keys[purpose] = key
        return hashlib.blake2b(content, digest_size=size, key=key).digest()


def create_keys(directory: str | os.PathLike[str]) -> None:
    """Make the keys that are not there yet, with mode 0600. Never touches one that is."""
    folder = Path(directory)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write_once(folder / INDEX_KEY, _new_key())
    _write_once(folder / FIELD_KEYS, json.dumps({"current": "k1", "keys": {"k1": _new_key()}}))


def rotate_field_key(directory: str | os.PathLike[str]) -> str:
    """Add a field key, make it the current one, and return its name. Old keys stay."""
    KeyRing.load(directory)
    path = Path(directory) / FIELD_KEYS
    ring = json.loads(_read_secret(path))
    number = len(ring["keys"]) + 1
    while f"k{number}" in ring["keys"]:
        number += 1
    ring["keys"][f"k{number}"] = _new_key()
    ring["current"] = f"k{number}"
    beside = _write_beside(path, json.dumps(ring))
    beside.replace(path)
    return f"k{number}"


def _new_key() -> str:
    return base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()


def _write_beside(path: Path, content: str) -> Path:
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return beside


def _write_once(path: Path, content: str) -> None:
    if path.exists():
        return
    beside = _write_beside(path, content)
    try:
        # link() refuses an existing name: of two first starts at once, one key wins whole.
        with contextlib.suppress(FileExistsError):
            os.link(beside, path)
    finally:
        beside.unlink()


def _read_secret(path: Path) -> str:
    try:
        if path.stat().st_mode & 0o077:
            raise KeysUnusable(f"{path} can be read by others. Mend it with: chmod 600 {path}")
        return path.read_text()
    except FileNotFoundError:
        raise KeysUnusable(f"{path} is missing. Put it back from your copy of the keys.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise KeysUnusable(f"{path} cannot be read: {error}") from error


def _decode(text: str, path: Path) -> bytes:
    try:
        return base64.b64decode(text.strip(), validate=True)
    except binascii.Error:
        raise KeysUnusable(f"{path} is damaged. Put it back from your copy of the keys.") from None


_default: KeyRing | None = None
_loading = threading.Lock()


def default_keyring() -> KeyRing:
    """The ring in ``settings.KEYS_DIR``, loaded at first use."""
    global _default
    if _default is None:
        from django.conf import settings

        with _loading:
            if _default is None:
                _default = KeyRing.load(settings.KEYS_DIR)
    return _default


def reset_default_keyring(ring: KeyRing | None = None) -> None:
    """Forget the loaded ring, or put another in its place (tests, after a rotation)."""
    global _default
    _default = ring


def encrypt(plain: bytes | str, *, context: bytes) -> bytes:
    """Seal a value with the default ring."""
    return default_keyring().encrypt(plain, context=context)


def decrypt(blob: bytes | memoryview, *, context: bytes) -> str:
    """Open a value with the default ring. Refuses with CannotOpen."""
    return default_keyring().decrypt(blob, context=context)


def blind_index(purpose: str, value: str) -> int:
    """The number a value is looked up by, from the default ring; fits a BigIntegerField."""
    return default_keyring().blind_index(purpose, value)


def keyed_digest(purpose: str, content: bytes, *, size: int = 16) -> bytes:
    """Bytes to compare contents by without keeping them, from the default ring."""
    return default_keyring().keyed_digest(purpose, content, size=size)
