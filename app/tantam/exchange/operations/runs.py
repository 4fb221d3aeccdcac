"""What people do with an import. The work itself is in `engine`; jobs and the command call that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app as jobs

from tantam.accounts.models import Member
from tantam.exchange.engine import vault
from tantam.exchange.engine.asking import settle_answers
from tantam.exchange.engine.checking import count_verdicts
from tantam.exchange.errors import (
    FilesGone,
    NothingReceived,
    RunIsOver,
    RunIsWorking,
    RunNotChecked,
    RunNotWorking,
    SheetLooksShifted,
)
from tantam.exchange.events import ExchangeEvent
from tantam.exchange.models import (
    ImportFile,
    ImportRun,
    Question,
    RunState,
    Source,
    StagedAlias,
    StagedItem,
    no_counts,
)
from tantam.exchange.models.sources import NewSource
from tantam.exchange.operations.sources import add_source
from tantam.journal.operations import nothing_changed, operation, record
from tantam.lib.sent_once import made_by

# What the jobs are called that do the work (`jobs.py`).
_READ_JOB = "exchange.read"
_APPLY_JOB = "exchange.apply"
_UNDO_JOB = "exchange.undo"


@operation
def receive_upload(
    source: Source | NewSource, *, uploads: Sequence[vault.Upload], submission: UUID | None, actor: Member
) -> ImportRun:
    """Keep uploaded files as a new run, with a new source where they come from one that is not known yet.

    A form sent twice (same `submission`) makes one run and one source; the second time answers the first.
    Refuses with NothingReceived and SourceNameTaken.
    """
    sent = made_by(ImportRun.objects.all(), submission)
    if sent is not None:
        nothing_changed()
        return sent
    if isinstance(source, NewSource):
        source = add_source(
            name=source.name,
            site=source.site,
            kind=source.kind,
            numbers_are_ours=source.numbers_are_ours,
            actor=actor,
        )
    return receive_files(source, uploads=uploads, submission=submission, actor=actor)


@operation
def receive_files(
    source: Source,
    *,
    uploads: Sequence[vault.Upload],
    submission: UUID | None = None,
    actor: Member | None,
) -> ImportRun:
    """Keep uploaded files, sealed, as a new run that nobody has started yet.

    Refuses with NothingReceived.
    """
    if not uploads:
        raise NothingReceived(field="files")
    run = ImportRun.objects.create(source=source, member=actor, counts=no_counts(), submission=submission)
    files = [vault.keep(upload.stream, run=run, name=upload.name) for upload in uploads]
    return _received(run, files, actor)


@operation
def name_files(source: Source, *, paths: Iterable[Path], actor: Member | None) -> ImportRun:
    """Make a run of files that lie on this machine; they are read where they are and never changed.

    Refuses with NothingReceived.
    """
    run = ImportRun.objects.create(source=source, member=actor, counts=no_counts())
    files = [
        ImportFile(run=run, name=vault.name_of(name), path=str(path), size=path.stat().st_size)
        for name, path in vault.files_under(paths)
    ]
    if not files:
        raise NothingReceived
    return _received(run, files, actor)


def _received(run: ImportRun, files: list[ImportFile], actor: Member | None) -> ImportRun:
    ImportFile.objects.bulk_create(files, batch_size=1_000)
    run.bytes_total = sum(file.size for file in files)
    run.save(update_fields=["bytes_total"])
    record(ExchangeEvent.FILES_RECEIVED, run, actor=actor, files=len(files), source=run.source_id)
    return run


@operation
def note_remarks(run: ImportRun, *, saved: bool = False, actor: Member) -> None:
    """Note that what the import refused or remarked on was seen, or `saved` as a file: it repeats what the files say.

    The entry says of which import, and how many things there were.
    """
    event = ExchangeEvent.REMARKS_SAVED if saved else ExchangeEvent.REMARKS_SEEN
    count = StagedItem.objects.filter(run=run).worth_saying().count()
    record(event, run, actor=actor, count=count, source=run.source_id)


@operation
def start_reading(
    run: ImportRun, *, apply_when_checked: bool = False, in_background: bool = True, actor: Member | None
) -> ImportRun:
    """Read and check the files: the dry run (B5). Nothing is written to any record.

    May be asked again of a run that was checked, stopped or failed: it starts from the beginning, with the
    columns as they are matched now. Refuses with RunIsWorking, RunIsOver or FilesGone.
    """
    run = ImportRun.objects.held().get(pk=run.pk)
    if run.phase.is_working:
        raise RunIsWorking
    if run.phase.is_over or run.applied_rank >= 0:
        raise RunIsOver
    if not run.files.exists():
        raise FilesGone
    run.state = RunState.READING
    run.apply_when_checked = apply_when_checked
    run.stop_requested = False
    run.checked_at = None
    run.error = ""
    run.counts = no_counts()
    run.shift_confirmed_by = None
    run.bytes_read = run.items_total = run.items_done = 0
    run.save(
        update_fields=[
            "state",
            "apply_when_checked",
            "stop_requested",
            "checked_at",
            "error",
            "counts",
            "shift_confirmed_by",
            "bytes_read",
            "items_total",
            "items_done",
        ]
    )
    return _set_off(run, _READ_JOB if in_background else None, ExchangeEvent.READING_STARTED, actor)


@operation
def start_applying(run: ImportRun, *, in_background: bool = True, actor: Member | None) -> ImportRun:
    """Take in what the check found new or changed, and what was answered; what was asked and not answered is left
    out (B5).

    Refuses with RunIsWorking, RunIsOver, RunNotChecked or SheetLooksShifted.
    """
    run = ImportRun.objects.held().get(pk=run.pk)
    if run.phase.is_working:
        raise RunIsWorking
    if run.phase.is_over or run.parts.filter(undone_at__isnull=False).exists():
        raise RunIsOver
    if run.checked_at is None:
        raise RunNotChecked
    if run.looks_shifted:
        raise SheetLooksShifted(count=run.counts["shifted"])
    if run.state == RunState.CHECKED:
        settle_answers(run)
        _count_anew(run)
    run.state = RunState.APPLYING
    run.stop_requested = False
    run.error = ""
    run.save(update_fields=["state", "stop_requested", "error", "items_total", "items_done", "counts"])
    return _set_off(run, _APPLY_JOB if in_background else None, ExchangeEvent.APPLYING_STARTED, actor)


@operation
def stop_run(run: ImportRun, *, actor: Member | None) -> ImportRun:
    """Ask a working run to stop. It stops between two parts: what it has written stays and is whole.

    Refuses with RunNotWorking.
    """
    run = ImportRun.objects.held().get(pk=run.pk)
    if not run.phase.is_working:
        raise RunNotWorking
    run.stop_requested = True
    run.save(update_fields=["stop_requested"])
    record(ExchangeEvent.STOPPED, run, actor=actor)
    run.tell()
    return run


@operation
def resume_run(run: ImportRun, *, in_background: bool = True, actor: Member | None) -> ImportRun:
    """Go on with a stopped or failed run: from where it was when it was writing, from the beginning when it
    was still reading.

    Refuses with RunIsWorking or RunIsOver.
    """
    run = ImportRun.objects.held().get(pk=run.pk)
    if run.phase.is_working:
        raise RunIsWorking
    if run.phase.is_over:
        raise RunIsOver
    if run.parts.filter(undone_at__isnull=False).exists():
        run.state = RunState.UNDOING
        run.stop_requested = False
        run.error = ""
        run.save(update_fields=["state", "stop_requested", "error"])
        return _set_off(run, _UNDO_JOB if in_background else None, ExchangeEvent.RESUMED, actor)
    if run.checked_at is None:
        return start_reading(
            run, apply_when_checked=run.apply_when_checked, in_background=in_background, actor=actor
        )
    run.state = RunState.APPLYING
    run.stop_requested = False
    run.error = ""
    run.save(update_fields=["state", "stop_requested", "error"])
    return _set_off(run, _APPLY_JOB if in_background else None, ExchangeEvent.RESUMED, actor)


@operation
def discard_run(run: ImportRun, *, actor: Member | None) -> ImportRun:
    """Forget a run: its staged items and its uploaded files go, what it already wrote stays.

    Refuses with RunIsWorking.
    """
    run = ImportRun.objects.held().get(pk=run.pk)
    if run.phase.is_working:
        raise RunIsWorking
    StagedItem.objects.filter(run=run).delete()
    StagedAlias.objects.filter(run=run).delete()
    Question.objects.filter(run=run).update(sides=None)
    if run.state not in (RunState.DONE, RunState.UNDONE):
        run.state = RunState.DISCARDED
        run.save(update_fields=["state"])
    record(ExchangeEvent.DISCARDED, run, actor=actor)
    transaction.on_commit(lambda: vault.forget(run))
    run.tell()
    return run


def _count_anew(run: ImportRun) -> None:
    """Answers change verdicts; what was passed over as repeated while reading was never staged, and stays counted."""
    before = run.counts["verdicts"]
    count_verdicts(run)
    for kind, tally in before.items():
        if tally.get("repeated"):
            run.counts["verdicts"].setdefault(kind, {})["repeated"] = tally["repeated"]


def _set_off(run: ImportRun, job: str | None, event: str, actor: Member | None) -> ImportRun:
    record(event, run, actor=actor)
    if job is not None:
        jobs.configure_task(job, queue="imports").defer(run_id=run.pk)
    run.tell()
    return run
