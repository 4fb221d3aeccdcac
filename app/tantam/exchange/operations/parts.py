"""What the machine does with a run on its way: part by part, each with its entry in the journal."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import Final

from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app as jobs
from procrastinate.exceptions import AlreadyEnqueued

from tantam.accounts.models import Member
from tantam.exchange.engine import vault
from tantam.exchange.engine.ahead import Ahead
from tantam.exchange.engine.applying import write
from tantam.exchange.engine.likely import mark_likely
from tantam.exchange.engine.writers.batch import Places
from tantam.exchange.engine.writers.trace import Trace
from tantam.exchange.events import ExchangeEvent
from tantam.exchange.models import ImportRun, Question, RunPart, RunState, StagedAlias, StagedItem
from tantam.journal.operations import operation, record

CHUNK: Final = 2_500
# Only one import writes at a time: two could otherwise make the same patient side by side.
WRITING: Final = 0x7A17A3


@operation
def write_next_part(run: ImportRun, *, ahead: Ahead, places: Places, actor: Member | None) -> bool:
    """Write the next part of a run and move its cursor, in one transaction; False when nothing is left.

    What the database refuses is left out alone, with the reason on its staged item. Two processes that
    both think the run is theirs take turns, and each goes on where the other has come to.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITING])
    held = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    run.applied_rank, run.applied_seq = held.applied_rank, held.applied_seq
    run.items_done, run.counts = held.items_done, held.counts
    items = ahead.take(CHUNK)
    if not items:
        record(ExchangeEvent.CHUNK_APPLIED, run, actor=actor, items=0)
        return False
    trace = Trace()
    entries = write(run, items, places, trace)
    if trace.made or trace.changed:
        RunPart.objects.create(run=run, kind=items[0][0].kind, made=trace.made, changed=trace.changed or None)
    (last, _draft), kind = items[-1], items[0][0].kind
    run.applied_rank, run.applied_seq = last.rank, last.seq
    run.items_done += len(items)
    tally = Counter(entry.outcome for entry in entries)
    applied = run.counts.setdefault("applied", {}).setdefault(kind, {})
    for outcome, count in tally.items():
        applied[outcome] = applied.get(outcome, 0) + count
    run.counts["kept"] = run.counts.get("kept", 0) + sum(entry.kept for entry in entries)
    run.save(update_fields=["applied_rank", "applied_seq", "items_done", "counts"])
    record(ExchangeEvent.CHUNK_APPLIED, run, actor=actor, kind=kind, items=len(items), **tally)
    ahead.look(CHUNK)
    return True


@operation
def end_early(run: ImportRun, event: str, *, actor: Member | None) -> None:
    """A run ended before its end: stopped, or failed (`run.state`, `run.error`). It can go on from there."""
    run.stop_requested = False
    run.save(update_fields=["state", "error", "stop_requested"])
    record(event, run, actor=actor)
    run.tell()


@operation
def mark_checked(run: ImportRun, *, actor: Member | None) -> None:
    """Every item of the run has its verdict (B5)."""
    run.state = RunState.CHECKED
    run.checked_at = timezone.now()
    run.save(update_fields=["state", "checked_at", "counts", "items_total", "items_done", "bytes_read"])
    record(ExchangeEvent.CHECKED, run, actor=actor, items=run.items_total)
    run.tell()


@operation
def finish_run(run: ImportRun, *, actor: Member | None) -> None:
    """The run is over: what was staged goes, except the reasons why something was refused or kept."""
    StagedItem.objects.filter(run=run, problems__isnull=True).exclude(verdict="refused").delete()
    StagedItem.objects.filter(run=run).update(payload=None)
    StagedAlias.objects.filter(run=run).delete()
    Question.objects.filter(run=run).update(sides=None)
    run.counts["likely"] = mark_likely(run)
    run.state = RunState.DONE
    run.finished_at = timezone.now()
    run.save(update_fields=["state", "finished_at", "counts"])
    record(ExchangeEvent.DONE, run, actor=actor, source=run.source_id)
    with suppress(AlreadyEnqueued), transaction.atomic():
        jobs.configure_task("care.plan", queue="planning", queueing_lock="care.plan").defer()
    transaction.on_commit(lambda: vault.forget(run))
    run.tell()
