"""Where uploaded files wait for their import: sealed, so that they never lie open on a disk."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from tantam.exchange.models import ImportFile, ImportRun
from tantam.lib.sealed_files import (
    PIECE,
    SealedFile,
    SealedWriter,
    is_sealed_with_current_key,
    open_sealed_file,
    seal_anew,
)
from tantam.lib.uploads import sealed_path_of


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
    """Take an upload into the run's folder, sealed, and give the (unsaved) row that finds it.

    What arrived sealed already is moved there.
    """
    path = folder_of(run) / secrets.token_hex(12)
    arrived = sealed_path_of(stream)
    if arrived is not None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        arrived.replace(path)
        with SealedFile(path) as file:
            size = file.size
    else:
        size = _sealed(stream, path)
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    return ImportFile(run=run, name=name_of(base) or "file", path=str(path), is_sealed=True, size=size)


def _sealed(stream: BinaryIO, path: Path) -> int:
    """Write the bytes sealed; answers how many they are."""
    writer = SealedWriter(path)
    while block := stream.read(PIECE):
        writer.write(block)
    writer.close()
    return writer.size


def open_file(file: ImportFile) -> BinaryIO:
    """The plain bytes of a file of a run, from their beginning; seekable. Raises OSError when it is gone."""
    if file.is_sealed:
        return open_sealed_file(file.path)
    return Path(file.path).open("rb", buffering=PIECE)


def reseal_waiting() -> int:
    """Seal with the newest key every file that waits with an older one; answers how many.

    The new file takes the old one's place in one step: whoever reads the old one reads on.
    """
    done = 0
    for name in ImportFile.objects.filter(is_sealed=True).order_by("pk").values_list("path", flat=True):
        path = Path(name)
        if path.exists() and not is_sealed_with_current_key(path):
            seal_anew(path)
            done += 1
    return done


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
