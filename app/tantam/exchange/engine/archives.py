"""Open what was given until there is a file a reader can read: archives, archives in archives, gzip.

Nothing is ever written out by the name an archive gives it, so no path in it can lead anywhere. What could
exhaust the machine is refused: too many entries, too much in all, too good a compression, too deep a nesting.
"""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, BinaryIO, cast

from django.utils.translation import gettext_lazy as _

from tantam.exchange.engine.problems import Problem
from tantam.exchange.engine.readers import FileRefused
from tantam.exchange.engine.reasons import NOT_READABLE

NESTING_AT_MOST = 3
ENTRIES_AT_MOST = 200_000
BYTES_AT_MOST = 60_000_000_000
RATIO_AT_MOST = 250
RATIO_FROM = 20_000_000
IN_MEMORY_AT_MOST = 150_000_000
_HEAD = 4_096

FHIR_ENDINGS = frozenset({".json", ".ndjson", ".jsonl", ".fhir"})
SHEET_ENDINGS = frozenset({".csv", ".tsv", ".xlsx", ".xlsm", ".xls", ".ods"})
_PASSED_OVER = frozenset({".md", ".pdf", ".png", ".jpg", ".jpeg", ".gif", ".html", ".log", ".ini", ".db", ""})

ARCHIVE_BROKEN = _("The archive is damaged or not fully copied.")
ARCHIVE_LOCKED = _("The archive is protected by a password. Unpack it first.")
ARCHIVE_TOO_MUCH = _("The archive unpacks to far more than it should (%(what)s); it was not read.")
ARCHIVE_TOO_DEEP = _("There are archives inside archives, more than %(limit)s deep.")


@dataclass(slots=True)
class Budget:
    """What all archives of one given file may still unpack."""

    size: int
    unpacked: int = 0
    entries: int = 0

    def spend(self, count: int, *, ratio_out: int, ratio_in: int) -> None:
        self.unpacked += count
        if self.unpacked > BYTES_AT_MOST:
            raise too_much(f"{BYTES_AT_MOST // 10**9} GB")
        if ratio_out > RATIO_FROM and ratio_out > RATIO_AT_MOST * max(ratio_in, 1):
            raise too_much(f"{RATIO_AT_MOST}×")

    def enter(self) -> None:
        self.entries += 1
        if self.entries > ENTRIES_AT_MOST:
            raise too_much(f"{ENTRIES_AT_MOST}")


def too_much(what: str) -> FileRefused:
    return FileRefused(Problem.of("archive_too_much", ARCHIVE_TOO_MUCH, refuses=True, what=what))


def _refused(code: str, sentence: object) -> FileRefused:
    return FileRefused(Problem.of(code, sentence, refuses=True))


def _too_deep() -> FileRefused:
    return FileRefused(Problem.of("archive_too_deep", ARCHIVE_TOO_DEEP, refuses=True, limit=NESTING_AT_MOST))


@dataclass(slots=True)
class Unit:
    """One readable file: its name (with the archives around it), what reads it, and its bytes."""

    name: str
    reader: str  # "fhir", "sheet", or "" for what is only counted
    stream: BinaryIO
    refused: FileRefused | None = field(default=None)


class _Metered(io.RawIOBase):
    """Unpacked bytes, counted against the budget as they are read."""

    def __init__(self, stream: Any, budget: Budget, packed: Callable[[], int]) -> None:
        self._stream, self._budget, self._packed, self._count = stream, budget, packed, 0

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._count

    def readinto(self, buffer: Any) -> int:
        wanted = memoryview(buffer)
        try:
            block = self._stream.read(len(wanted))
        except RuntimeError:
            raise _refused("archive_locked", ARCHIVE_LOCKED) from None
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError):
            raise _refused("archive_broken", ARCHIVE_BROKEN) from None
        self._count += len(block)
        self._budget.spend(len(block), ratio_out=self._count, ratio_in=self._packed())
        wanted[: len(block)] = block
        return len(block)


def units(stream: BinaryIO, name: str, *, size: int) -> Iterator[Unit]:
    """The readable files in a given one. Raises FileRefused when it cannot be opened at all.

    A unit inside an archive that cannot be opened is yielded with `refused`; the others go on. Each unit's
    stream is to be read before the next unit is asked for.
    """
    return _open(stream, name, Budget(size), 0)


def _open(stream: BinaryIO, name: str, budget: Budget, depth: int) -> Iterator[Unit]:
    head = _peek(stream)
    ending = PurePosixPath(name.lower()).suffix
    if ending == ".gz" or head[:2] == b"\x1f\x8b":
        yield from _open_gzip(stream, name, budget, depth)
    elif head[:4] in (b"PK\x03\x04", b"PK\x05\x06") and ending not in SHEET_ENDINGS:
        if ending != ".zip" and (b"[Content_Types].xml" in head or b"mimetypeapplication/vnd.oasis" in head):
            yield Unit(name, "sheet", stream)
        else:
            yield from _open_zip(stream, name, budget, depth)
    elif ending == ".zip":
        raise _refused("archive_broken", ARCHIVE_BROKEN)
    elif reader := _reader_for(head, ending):
        yield Unit(name, reader, stream)
    elif ending in _PASSED_OVER:
        yield Unit(name, "", stream)
    else:
        raise _refused("not_readable", NOT_READABLE)


def _reader_for(head: bytes, ending: str) -> str:
    if ending in FHIR_ENDINGS:
        return "fhir"
    if ending in SHEET_ENDINGS or head[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return "sheet"
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:1]
    if start in (b"{", b"["):
        return "fhir"
    return "sheet" if ending == ".txt" else ""


def _peek(stream: BinaryIO) -> bytes:
    if hasattr(stream, "peek"):
        return cast(io.BufferedReader, stream).peek(_HEAD)[:_HEAD]
    head = stream.read(_HEAD)
    stream.seek(0)
    return head


def _open_gzip(stream: BinaryIO, name: str, budget: Budget, depth: int) -> Iterator[Unit]:
    if depth >= NESTING_AT_MOST:
        raise _too_deep()
    inner = name[:-3] if name.lower().endswith(".gz") else name
    unpacked = _Metered(gzip.GzipFile(fileobj=stream), budget, stream.tell)
    yield from _open(cast(BinaryIO, io.BufferedReader(unpacked, 256 * 1024)), inner, budget, depth + 1)


def _open_zip(stream: BinaryIO, name: str, budget: Budget, depth: int) -> Iterator[Unit]:
    if depth >= NESTING_AT_MOST:
        raise _too_deep()
    if not stream.seekable():
        stream = _in_memory(stream)
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise _refused("archive_broken", ARCHIVE_BROKEN) from None
    with archive:
        entries = [info for info in archive.infolist() if not info.is_dir()]
        if depth == 0 and sum(info.compress_size for info in entries) > budget.size + 1_000_000:
            raise too_much("overlap")  # entries that share their bytes
        for info in entries:
            parts = PurePosixPath(info.filename.replace("\\", "/")).parts
            if any(part.startswith((".", "__MACOSX")) for part in parts if part != ".."):
                continue
            budget.enter()
            inner = f"{name}/{'/'.join(part for part in parts if part not in ('/', '..'))}"
            yield from _open_member(archive, info, inner, budget, depth)


def _open_member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, budget: Budget, depth: int
) -> Iterator[Unit]:
    try:
        if info.flag_bits & 1:
            raise _refused("archive_locked", ARCHIVE_LOCKED)
        with archive.open(info) as member:
            metered = _Metered(member, budget, lambda: info.compress_size)
            plain = cast(BinaryIO, io.BufferedReader(metered, 256 * 1024))
            ending = PurePosixPath(name.lower()).suffix
            if ending in (".xlsx", ".xlsm", ".xls", ".ods", ".zip"):
                plain = _in_memory(plain)
            yield from _open(plain, name, budget, depth + 1)
    except FileRefused as refused:
        if refused.problem.code == "archive_too_much":
            raise
        yield Unit(name, "", io.BytesIO(), refused)
    except (zipfile.BadZipFile, NotImplementedError, zlib.error, EOFError):
        yield Unit(name, "", io.BytesIO(), _refused("archive_broken", ARCHIVE_BROKEN))


def _in_memory(stream: BinaryIO) -> BinaryIO:
    """The rest of a stream, where a reader must go to and fro in it."""
    content = stream.read(IN_MEMORY_AT_MOST + 1)
    if len(content) > IN_MEMORY_AT_MOST:
        raise too_much(f"{IN_MEMORY_AT_MOST // 10**6} MB")
    return io.BytesIO(content)
