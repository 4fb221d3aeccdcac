"""What people upload, received so that nothing of it is ever in clear on a disk (A10).

Small files stay in memory. Of a larger one each piece is sealed before it is written, so neither a look into the
folder nor a killed process leaves anything readable. A request that sends more than its page takes is refused
while it arrives, not when it is complete.
"""

from __future__ import annotations

import io
import re
import secrets
import time
from pathlib import Path
from typing import IO, Any, BinaryIO, Final, cast

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from tantam.lib.sealed_files import SealedFile, SealedWriter, open_sealed_file

IN_MEMORY_AT_MOST: Final = 1_000_000
"""Bytes of one file that wait in memory before the rest goes to the disk, sealed."""
LEFT_BEHIND_AFTER: Final = 6 * 60 * 60
"""Seconds after which an upload that still lies there belongs to a process that was killed."""


def incoming() -> Path:
    """Where uploads lie, sealed, while their request is answered."""
    return Path(settings.MEDIA_ROOT) / "incoming"


class SealedUpload(UploadedFile[bytes]):
    """A large upload: sealed on the disk, plain to whoever reads it, gone when its request is over."""

    def __init__(
        self, writer: SealedWriter, name: str | None, content_type: str | None, extra: dict[str, Any] | None
    ) -> None:
        # As `UploadedFile` wants it; reading, seeking and iterating are those of the plain bytes.
        file = cast(IO[bytes], open_sealed_file(writer.path))
        super().__init__(file, name, content_type, writer.size, None, extra)
        self._path = writer.path

    def close(self) -> None:
        super().close()
        self._path.unlink(missing_ok=True)


class SealedUploadHandler(FileUploadHandler):
    """Django's upload handler of this product; `settings.UPLOADS` says how much a page takes."""

    chunk_size = 256 * 1024

    def handle_raw_input(
        self,
        input_data: object,
        META: dict[str, Any],  # noqa: N803 - as Django names it
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        self._limit = limit_of(str(META.get("PATH_INFO", "")))
        self._received = 0
        if content_length > self._limit + IN_MEMORY_AT_MOST:
            raise RequestDataTooBig(f"The request has {content_length} bytes; {self._limit} are taken.")

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._held = io.BytesIO()
        self._writer: SealedWriter | None = None

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._received += len(raw_data)
        if self._received > self._limit:
            self._give_up()
            raise RequestDataTooBig(f"The files have more than {self._limit} bytes.")
        if self._writer is None and self._held.tell() + len(raw_data) <= IN_MEMORY_AT_MOST:
            self._held.write(raw_data)
            return
        if self._writer is None:
            self._writer = SealedWriter(incoming() / secrets.token_hex(12))
            self._writer.write(self._held.getvalue())
            self._held = io.BytesIO()
        self._writer.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile[bytes]:
        if self._writer is None:
            self._held.seek(0)
            return InMemoryUploadedFile(
                self._held,
                self.field_name,
                self.file_name,
                self.content_type,
                file_size,
                self.charset,
                self.content_type_extra,
            )
        self._writer.close()
        return SealedUpload(self._writer, self.file_name, self.content_type, self.content_type_extra)

    def upload_interrupted(self) -> None:
        self._give_up()

    def _give_up(self) -> None:
        writer = getattr(self, "_writer", None)
        if writer is not None:
            writer.discard()
            self._writer = None


def limit_of(path: str) -> int:
    """How many bytes one request of a member to this path may send."""
    uploads: tuple[tuple[str, int], ...] = settings.UPLOADS
    most: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return next((limit for pattern, limit in uploads if re.search(pattern, path)), most)


def sealed_path_of(stream: object) -> Path | None:
    """Where the bytes of an upload lie sealed, or None for one in memory: to be moved, not copied."""
    raw = getattr(stream, "raw", None)
    return raw.path if isinstance(raw, SealedFile) else None


def plain_bytes(file: UploadedFile[bytes]) -> BinaryIO:
    """The bytes of an upload from their beginning."""
    stream = cast(BinaryIO, file.file)
    stream.seek(0)
    return stream


def sweep_left_behind(*, now: float | None = None) -> int:
    """Remove uploads whose request never ended (the process was killed). Answers how many there were."""
    too_old = (time.time() if now is None else now) - LEFT_BEHIND_AFTER
    count = 0
    for path in incoming().glob("*"):
        if path.stat().st_mtime < too_old:
            path.unlink(missing_ok=True)
            count += 1
    return count
