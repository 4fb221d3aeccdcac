"""Files that never lie open on a disk: written in sealed pieces, read back at any place (A10).

A sealed file is a 24-byte head (`TTV1`, the overhead of a piece, a random token) and pieces of 256 KiB of
plain bytes, each sealed for its file and its place, so pieces cannot be swapped and any place can be read.
"""

from __future__ import annotations

import io
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from tantam.lib.crypto import default_keyring

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_MAGIC: Final = b"TTV1"
_HEAD: Final = 24
PIECE: Final = 256 * 1024


def _context(token: bytes, number: int) -> bytes:
    return b"sealed-file" + token + number.to_bytes(8, "big")


class SealedWriter:
    """Writes a new file, readable by its owner alone; every piece is sealed before it reaches the disk.

    What is written after the last whole piece waits in memory until `close`. A file that was not closed (a
    killed process) holds whole sealed pieces, and nothing that could be read without the keys.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        self._ring = default_keyring()
        self._token = secrets.token_bytes(16)
        self._held = bytearray()
        self._number = 0
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._out = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        overhead = len(self._ring.encrypt(b"", context=_context(self._token, 0)))
        self._out.write(_MAGIC + overhead.to_bytes(4, "big") + self._token)

    def write(self, plain: bytes) -> None:
        self.size += len(plain)
        self._held += plain
        while len(self._held) >= PIECE:
            self._seal(bytes(self._held[:PIECE]))
            del self._held[:PIECE]

    def _seal(self, piece: bytes) -> None:
        self._out.write(self._ring.encrypt(piece, context=_context(self._token, self._number)))
        self._number += 1

    def close(self) -> None:
        """Seal what is left, and wait until the disk has all of it."""
        if self._held:
            self._seal(bytes(self._held))
            self._held.clear()
        self._out.flush()
        os.fsync(self._out.fileno())
        self._out.close()

    def discard(self) -> None:
        """Give the file up."""
        self._held.clear()
        self._out.close()
        self.path.unlink(missing_ok=True)


class SealedFile(io.RawIOBase):
    """The plain bytes of a sealed file, readable at any place. Keeps one piece in memory.

    Raises OSError when the file is gone or is no sealed one, CannotOpen when it was changed.
    """

    def __init__(self, path: str | Path) -> None:
        super().__init__()
        self.path = Path(path)
        self._file = self.path.open("rb")
        head = self._file.read(_HEAD)
        if len(head) != _HEAD or head[:4] != _MAGIC:
            self._file.close()
            raise OSError("not a sealed file")
        self._overhead, self._token = int.from_bytes(head[4:8], "big"), head[8:]
        stored = self._file.seek(0, os.SEEK_END) - _HEAD
        pieces = -(-stored // (PIECE + self._overhead))
        self.size = stored - pieces * self._overhead
        self._place = 0
        self._open_number, self._open_piece = -1, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self.size}[whence]
        self._place = max(0, start + offset)
        return self._place

    def readinto(self, buffer: WriteableBuffer) -> int:
        wanted = memoryview(buffer)
        if self._place >= self.size or not len(wanted):
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


def open_sealed_file(path: str | Path) -> BinaryIO:
    """The plain bytes of a sealed file, from their beginning; seekable. Raises OSError when it is gone."""
    return cast(BinaryIO, io.BufferedReader(SealedFile(path), PIECE))


def is_sealed_with_current_key(path: Path) -> bool:
    """Whether the first piece has the newest key; an empty file has none to lose. Raises OSError when it is gone."""
    with path.open("rb") as file:
        file.seek(_HEAD)
        beginning = file.read(64)
    return not beginning or default_keyring().is_sealed_with_current_key(beginning)


def seal_anew(path: Path) -> None:
    """Seal a file with the newest key, in place and in one step."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(6)}")
    writer = SealedWriter(fresh)
    try:
        with open_sealed_file(path) as plain:
            while block := plain.read(PIECE):
                writer.write(block)
        writer.close()
    except BaseException:
        writer.discard()
        raise
    fresh.replace(path)
