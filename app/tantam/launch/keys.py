"""The secrets of an installation: made once, at the first start, readable by their owner alone."""

from __future__ import annotations

import base64
import json
import os
import secrets
import stat
from collections.abc import Callable
from pathlib import Path

from tantam.launch.locks import Lock


def _random_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _field_keys() -> str:
    return json.dumps({"current": "k1", "keys": {"k1": _random_key()}})


def _token() -> str:
    return secrets.token_urlsafe(50)


# secret_key signs sessions; field_keys.json encrypts personal data; index_key makes it findable.
KEYS: dict[str, Callable[[], str]] = {
    "secret_key": _token,
    "field_keys.json": _field_keys,
    "index_key": _random_key,
}
DATABASE_KEYS: dict[str, Callable[[], str]] = {"database_password": _token}
# Kept in a folder of their own that no process of the product is told of: who owns the tables may change them.
OWNER_KEYS: dict[str, Callable[[], str]] = {"tantam_owner_password": _token, "postgres_password": _token}


def ensure(folder: Path, kinds: dict[str, Callable[[], str]] = KEYS) -> None:
    """Make the keys of `kinds` that are missing from `folder`; a key that is there is never touched.

    A key appears under its name only when it is whole, so a start killed here leaves none that is half written.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with Lock(folder / ".lock"):
        for name, make in kinds.items():
            path = folder / name
            if path.exists():
                continue
            fresh = folder / f".{name}.fresh"
            fresh.unlink(missing_ok=True)
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as out:
                out.write(make() + "\n")
                out.flush()
                os.fsync(out.fileno())
            fresh.replace(path)


def problems(folder: Path) -> list[str]:
    """What is wrong with the keys in `folder`: missing, readable by others, or not what they should be."""
    found: list[str] = []
    if not folder.is_dir():
        return [f"{folder} is missing"]
    for name in KEYS:
        path = folder / name
        if not path.exists():
            found.append(f"{name} is missing")
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            found.append(f"{name} is readable by others (mode {mode:04o}; chmod 600 {path})")
        if not _is_well_formed(name, path.read_text()):
            found.append(f"{name} is damaged")
    return found


def _is_well_formed(name: str, text: str) -> bool:
    try:
        if name == "field_keys.json":
            book = json.loads(text)
            keys = {key: base64.b64decode(value, validate=True) for key, value in book["keys"].items()}
            return book["current"] in keys and all(len(key) == 32 for key in keys.values())
        if name == "index_key":
            return len(base64.b64decode(text.strip(), validate=True)) == 32
    except (ValueError, KeyError, TypeError, AttributeError):
        return False
    return len(text.strip()) >= 32
