"""An import is taken back: part by part, the last first, each with its entry in the journal."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app as jobs

from tantam.accounts.models import Member
from tantam.exchange.engine.undoing import take_back
from tantam.exchange.errors import RunIsWorking, RunNotUndoable
from tantam.exchange.events import ExchangeEvent
from tantam.exchange.models import ImportRun, RunState
from tantam.exchange.operations.parts import WRITING
from tantam.journal.operations import operation, record

_UNDO_JOB = "exchange.undo"


@operation
def start_undoing(run: ImportRun, *, in_background: bool = True, actor: Member | None) -> ImportRun:
    """Take back everything a run made or changed on which nothing was built; the rest stays, and is listed (B5).

    Refuses with RunIsWorking, or with RunNotUndoable when nothing of it was written.
    """
    run = ImportRun.objects.held().get(pk=run.pk)
    if run.phase.is_working:
        raise RunIsWorking
    if not run.may_be_undone or not run.parts.filter(undone_at__isnull=True).exists():
        raise RunNotUndoable
    run.state = RunState.UNDOING
    run.stop_requested = False
    run.error = ""
    run.items_total, run.items_done = run.parts.count(), 0
    run.save(update_fields=["state", "stop_requested", "error", "items_total", "items_done"])
    record(ExchangeEvent.UNDO_STARTED, run, actor=actor)
    if in_background:
        jobs.configure_task(_UNDO_JOB, queue="imports").defer(run_id=run.pk)
    run.tell()
    return run


@operation
def undo_next_part(run: ImportRun, *, actor: Member | None) -> bool:
    """Take back the last part that still stands, in one transaction; False when none is left."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITING])
    part = run.parts.filter(undone_at__isnull=True).order_by("-pk").first()
    if part is None:
        record(ExchangeEvent.PART_UNDONE, run, actor=actor, removed=0)
        return False
    own_times = set(run.parts.values_list("written_at", flat=True))
    own_times |= {moment for moment in run.parts.values_list("undone_at", flat=True) if moment is not None}
    done = take_back(part, own_times=own_times)
    part.undone_at, part.stays, part.changed = _now(), done.stays, None
    part.save(update_fields=["undone_at", "stays", "changed"])
    undone = run.counts.setdefault("undone", {"removed": 0, "restored": 0, "stays": 0})
    undone["removed"] += done.removed
    undone["restored"] += done.restored
    undone["stays"] += sum(map(len, done.stays.values()))
    run.items_done += 1
    run.save(update_fields=["counts", "items_done"])
    record(
        ExchangeEvent.PART_UNDONE,
        run,
        actor=actor,
        kind=part.kind,
        removed=done.removed,
        restored=done.restored,
        stays={name: ids[:200] for name, ids in done.stays.items()},
    )
    return True


def _now() -> datetime:
    """The time of this transaction, as histories of what it changes say it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        row = cursor.fetchone()
    assert row is not None
    moment: datetime = row[0]
    return moment


@operation
def finish_undoing(run: ImportRun, *, actor: Member | None) -> None:
    """The run is taken back, as far as nothing was built on it."""
    run.state = RunState.UNDONE
    run.finished_at = timezone.now()
    run.save(update_fields=["state", "finished_at"])
    record(ExchangeEvent.UNDONE, run, actor=actor, **run.counts.get("undone", {}))
    run.tell()
