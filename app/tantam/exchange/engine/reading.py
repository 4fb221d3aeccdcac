"""The first half of the dry run: every file of a run read into the staging table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO

import structlog

from tantam.exchange.engine import vault
from tantam.exchange.engine.archives import Unit, units
from tantam.exchange.engine.drafts import Counted, Found, UnreadableDraft
from tantam.exchange.engine.fhir.reader import read_fhir
from tantam.exchange.engine.naming import Naming
from tantam.exchange.engine.problems import Problem
from tantam.exchange.engine.readers import FileRefused, Reader, ReadingContext
from tantam.exchange.engine.reasons import FILE_GONE
from tantam.exchange.engine.sheets.reader import read_sheet
from tantam.exchange.engine.staging import Staging
from tantam.exchange.models import FileState, ImportFile, ImportRun

log = structlog.get_logger(__name__)

READERS: dict[str, Reader] = {"fhir": read_fhir, "sheet": read_sheet}


def read_files(run: ImportRun, *, pause: Callable[[], None]) -> Staging:
    """Stage everything the run's files say. `pause` is called between parts and may raise to stop.

    A file that cannot be read as a whole leaves one refused item that says why, and nothing else.
    """
    staging = Staging(run)
    staging.clear()
    read_before = 0
    for file in run.files.all():
        mark = staging.mark()
        problem: Problem | None = None
        try:
            with vault.open_file(file) as stream:
                _read_file(run, file, stream, staging, read_before, pause)
        except FileRefused as refused:
            problem = refused.problem
        except OSError as error:
            log.warning("exchange.file_unreadable", run=run.pk, error=type(error).__name__)
            problem = Problem.of("file_gone", FILE_GONE, refuses=True)
        if problem is not None:
            staging.go_back(mark)
            staging.take(_whole_file(file.name, problem))
        read_before += file.size
        file.state = FileState.REFUSED if problem else FileState.READ
        file.problem = problem.as_json() if problem else None
        file.save(update_fields=["state", "problem"])
        staging.write(bytes_read=read_before)
        pause()
    return staging


def _read_file(
    run: ImportRun,
    file: ImportFile,
    stream: BinaryIO,
    staging: Staging,
    read_before: int,
    pause: Callable[[], None],
) -> None:
    for unit in units(stream, file.name, size=file.size):
        mark = staging.mark()
        try:
            for found in _read_unit(run, unit, staging.naming):
                staging.take(found)
                if staging.is_full:
                    staging.write(bytes_read=read_before + min(stream.tell(), file.size))
                    pause()
        except FileRefused as refused:
            if unit.name == file.name or refused.problem.code == "archive_too_much":
                raise
            staging.go_back(mark)
            staging.take(_whole_file(unit.name, refused.problem))


def _read_unit(run: ImportRun, unit: Unit, naming: Naming) -> Iterator[Found]:
    if unit.refused is not None:
        raise unit.refused
    if not unit.reader:
        yield Counted(f"*.{unit.name.rsplit('.', 1)[-1].lower()[:20]}" if "." in unit.name else "*")
        return
    yield from READERS[unit.reader](unit.stream, ReadingContext.of(run.source, file=unit.name, naming=naming))


def _whole_file(name: str, problem: Problem) -> UnreadableDraft:
    return UnreadableDraft(external_id=f"file:{name}"[:200], file=name, problems=[problem])
