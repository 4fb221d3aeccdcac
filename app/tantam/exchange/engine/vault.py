"""Where uploaded files wait: sealed in pieces, read back without ever lying open on a disk.

A sealed file is a 24-byte head (`TTV1`, the overhead of a piece, a random token) and pieces of 256 KiB of
plain bytes, each sealed for its file and its place, so pieces cannot be swapped and any place can be read.
"""

from __future__ import annotations

import hashlib
import io
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from django.conf import settings

from tantam.exchange.models import ImportFile
from tantam.lib.crypto import default_keyring

if TYPE_CHECKING:
    from tantam.exchange.models import ImportRun

_MAGIC = b"TTV1"
_HEAD = 24
PIECE = 256 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as it arrives from the screen: what it is called, and its bytes from their beginning."""

    name: str
    stream: BinaryIO


def folder_of(run: ImportRun) -> Path:
    return Path(settings.MEDIA_ROOT) / "imports" / str(run.pk)


def name_of(name: str) -> str:
    """A file name as we show it: at most 255 characters, its end kept."""
    clean = " ".join(name.replace("\\", "/").replace("\x00", "").split())
    return clean if len(clean) <= 255 else "…" + clean[-254:]


def keep(stream: BinaryIO, *, run: ImportRun, name: str) -> ImportFile:
    """Seal the bytes of an upload into the run's folder and give the (unsaved) row that finds them."""
    folder = folder_of(run)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / secrets.token_hex(12)
    fingerprint, size = hashlib.sha256(), 0
    token = secrets.token_bytes(16)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        ring = default_keyring()
        overhead = len(ring.encrypt(b"", context=_context(token, 0)))
        out.write(_MAGIC + overhead.to_bytes(4, "big") + token)
        for number, piece in enumerate(_pieces(stream)):
            fingerprint.update(piece)
            size += len(piece)
            out.write(ring.encrypt(piece, context=_context(token, number)))
        out.flush()
        os.fsync(out.fileno())
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    return ImportFile(
        run=run,
        name=name_of(base) or "file",
        path=str(path),
        is_sealed=True,
        size=size,
        sha256=fingerprint.hexdigest(),
    )


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    held = b""
    while block := stream.read(PIECE - len(held)):
        held += block
        if len(held) == PIECE:
            yield held
            held = b""
    if held:
        yield held


def _context(token: bytes, number: int) -> bytes:
    return b"import-file" + token + number.to_bytes(8, "big")


class SealedFile(io.RawIOBase):
    """The plain bytes of a sealed file, readable at any place. Keeps one piece in memory."""

    def __init__(self, path: str | Path) -> None:
        super().__init__()
        self._file = Path(path).open("rb")  # noqa: SIM115 - closed with this object
        head = self._file.read(_HEAD)
        if len(head) != _HEAD or head[:4] != _MAGIC:
            self._file.close()
            raise OSError("not a sealed file")
        self._overhead, self._token = int.from_bytes(head[4:8], "big"), head[8:]
        stored = self._file.seek(0, os.SEEK_END) - _HEAD
        pieces = -(-stored // (PIECE + self._overhead))
        self._size = stored - pieces * self._overhead
        self._place = 0
        self._open_number, self._open_piece = -1, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._size}[whence]
        self._place = max(0, start + offset)
        return self._place

    def readinto(self, buffer: object) -> int:
        wanted = memoryview(cast(bytearray, buffer))
        if self._place >= self._size or not len(wanted):
            return 0
        number, start = divmod(self._place, PIECE)
        piece = self._piece(number)[start : start + len(wanted)]
        wanted[: len(piece)] = piece
        self._place += len(piece)
        return len(piece)

    def _piece(self, number: int) -> bytes:
        if number != self._open_number:
            sealed = PIECE + self._overhead
            self._file.seek(_HEAD + number * sealed)
            self._open_piece = default_keyring().decrypt_bytes(
                self._file.read(sealed), context=_context(self._token, number)
            )
            self._open_number = number
        return self._open_piece

    def close(self) -> None:
        if not self.closed:
            self._file.close()
            self._open_piece = b""
        super().close()


def open_file(file: ImportFile) -> BinaryIO:
    """The plain bytes of a file of a run, from their beginning; seekable. Raises OSError when it is gone."""
    if file.is_sealed:
        return cast(BinaryIO, io.BufferedReader(SealedFile(file.path), PIECE))
    return Path(file.path).open("rb", buffering=PIECE)


def forget(run: ImportRun) -> None:
    """Remove the uploaded files of a run. Files named on the command line are not ours to remove."""
    shutil.rmtree(folder_of(run), ignore_errors=True)


def files_under(paths: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    """Every file named or lying under a named folder, with the name to show; hidden ones are passed over."""
    for path in paths:
        if path.is_dir():
            for inner in sorted(path.rglob("*")):
                parts = inner.relative_to(path).parts
                if inner.is_file() and not any(part.startswith((".", "__MACOSX")) for part in parts):
                    yield "/".join((path.name, *parts)), inner
        elif path.is_file():
            yield path.name, path
