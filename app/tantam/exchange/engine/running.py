"""Carry a run through: read and check, then write. Called by jobs and by the command, never by a page.

A run belongs to whoever holds its lock, which the database frees when the process dies. So a killed run can
be taken up at once by anybody, and no two processes ever work on one run.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction

from tantam.exchange.engine.ahead import Ahead
from tantam.exchange.engine.checking import check, count_verdicts
from tantam.exchange.engine.drafts import Kind
from tantam.exchange.engine.reading import read_files
from tantam.exchange.engine.writers.batch import Places
from tantam.exchange.events import ExchangeEvent
from tantam.exchange.models import ImportedIdentity, ImportRun, RunPart, RunState
from tantam.exchange.operations.parts import end_early, finish_run, mark_checked, write_next_part
from tantam.exchange.operations.runs import start_applying
from tantam.exchange.operations.undoing import finish_undoing, undo_next_part
from tantam.patients.models import ContactPoint, Patient
from tantam.records.models import Diagnosis, Encounter, PrescriptionLine, Reexamination, ReexaminationStatus
from tantam.records.operations.reexaminations import close_met_reexaminations

log = structlog.get_logger(__name__)

Progress = Callable[[ImportRun], None]
_OURS = 0x1A9047
_TELL_EVERY = 0.5
_PATIENTS_AT_ONCE = 5_000
_MANY = 1_000
_FILLED = (ImportedIdentity, Patient, ContactPoint, Encounter, Diagnosis, PrescriptionLine, Reexamination)


class Stopped(Exception):
    """Somebody asked the run to stop."""


class SomebodyElse(Exception):
    """Another process is working on this run."""


@contextmanager
def _held(run_id: int) -> Iterator[None]:
    """Hold the run for this process. Refuses with SomebodyElse."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_OURS, run_id % 2**31])
        row = cursor.fetchone()
        if row is None or not row[0]:
            raise SomebodyElse
    try:
        yield
    finally:
        # On a connection that is lost or broken there is nothing left to give back.
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_OURS, run_id % 2**31])


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Let Python's collector look seldom, and not at what was here before the work.

    An import makes and drops objects by the ten thousand, hardly any of them in cycles, and each time many are
    held at once the collector would go through everything the process has ever loaded: a sixth of the time.
    """
    thresholds = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()


class _Pulse:
    """Between two parts: has somebody asked us to stop? And tell the pages how far we are."""

    def __init__(self, run: ImportRun, progress: Progress | None) -> None:
        self._run, self._progress, self._told = run, progress, 0.0

    def __call__(self) -> None:
        if ImportRun.objects.filter(pk=self._run.pk, stop_requested=True).exists():
            raise Stopped
        now = time.monotonic()
        if now - self._told >= _TELL_EVERY:
            self._told = now
            self._run.tell()
            if self._progress is not None:
                self._progress(self._run)


def read_and_check(run_id: int, *, progress: Progress | None = None) -> ImportRun:
    """Read a run's files and give every item its verdict: the dry run (B5). Writes no record.

    A run that was interrupted is read again from the beginning: what was staged is thrown away first.
    Applies at once what was asked to be applied when checked. Refuses with SomebodyElse.
    """
    with _held(run_id), _seldom_collected():
        run = _run(run_id)
        if run.state != RunState.READING:
            return run
        with _ending(run):
            pulse = _Pulse(run, progress)
            staging = read_files(run, pause=pulse)
            check(run, pause=pulse)
            count_verdicts(run)
            for kind, count in staging.repeated.items():
                repeated = run.counts["verdicts"].setdefault(kind, {})
                repeated["repeated"] = repeated.get("repeated", 0) + count
            mark_checked(run, actor=run.member)
        if run.state == RunState.CHECKED and run.apply_when_checked:
            run = start_applying(run, in_background=False, actor=run.member)
            _apply(run, progress)
        return run


def apply(run_id: int, *, progress: Progress | None = None) -> ImportRun:
    """Write what the check found new or changed, from where the run has come to (B5).

    Refuses with SomebodyElse.
    """
    with _held(run_id), _seldom_collected():
        run = _run(run_id)
        if run.state == RunState.APPLYING:
            _apply(run, progress)
        return run


def _apply(run: ImportRun, progress: Progress | None) -> None:
    with _ending(run), Ahead(run) as ahead:
        pulse = _Pulse(run, progress)
        places = Places(run.source.site)
        while write_next_part(run, ahead=ahead, places=places, actor=run.member):
            pulse()
        if run.items_done >= _MANY:
            _count_anew()
        _close_met(run)
        finish_run(run, actor=run.member)


def undo(run_id: int, *, progress: Progress | None = None) -> ImportRun:
    """Take back what a run wrote, from where that has come to (B5). Refuses with SomebodyElse."""
    with _held(run_id):
        run = _run(run_id)
        if run.state == RunState.UNDOING:
            with _ending(run):
                pulse = _Pulse(run, progress)
                while undo_next_part(run, actor=run.member):
                    pulse()
                finish_undoing(run, actor=run.member)
        return run


def _count_anew() -> None:
    """After a large import PostgreSQL would go on believing that the tables are as small as they were before.

    It counts by itself within minutes; until then the first question over all of them is planned for a few
    rows and takes many times as long.
    """
    with connection.cursor() as cursor:
        for model in _FILLED:
            cursor.execute(f"ANALYZE {model._meta.db_table}")


def _run(run_id: int) -> ImportRun:
    return ImportRun.objects.select_related("source__site", "member").get(pk=run_id)


@contextmanager
def _ending(run: ImportRun) -> Iterator[None]:
    """However the work ends, the run says how: stopped, failed with a reason, or whatever it became.

    A killed process says nothing: the run stays as it is, working, until somebody takes it up.
    """
    try:
        yield
    except Stopped:
        run.state = RunState.STOPPED
    except DatabaseError as error:
        if is_lost(error):
            # Nothing can be written any more, not even that: whoever takes the run up goes on from there.
            log.warning("exchange.database_lost", run=run.pk)
            raise
        log.exception("exchange.run_failed", run=run.pk)
        _fail(run, error)
        raise
    except Exception as error:
        log.exception("exchange.run_failed", run=run.pk)
        _fail(run, error)
        raise
    else:
        run.tell()
        return
    end_early(run, ExchangeEvent.STOPPED, actor=run.member)


def _fail(run: ImportRun, error: Exception) -> None:
    run.state = RunState.FAILED
    run.error = type(error).__name__
    end_early(run, ExchangeEvent.FAILED, actor=run.member)


def is_lost(error: DatabaseError) -> bool:
    """Whether the connection is gone, and not only a statement refused."""
    state = getattr(error.__cause__, "sqlstate", None)
    return isinstance(error, OperationalError | InterfaceError) and (
        state is None or state[:2] in ("08", "57")
    )


def _close_met(run: ImportRun) -> None:
    """Re-examinations whose patients have come, as the new visits show. Doing it twice changes nothing."""
    encounters = ImportedIdentity.objects.filter(run=run, kind=Kind.ENCOUNTER).values("object_id")
    patients = (
        Encounter.objects.filter(pk__in=encounters)
        .order_by("patient_id")
        .values_list("patient_id", flat=True)
    )
    ids = list(patients.distinct())
    for start in range(0, len(ids), _PATIENTS_AT_ONCE):
        some = ids[start : start + _PATIENTS_AT_ONCE]
        with transaction.atomic():
            before = dict(
                Reexamination.objects.open().filter(patient_id__in=some).values_list("pk", "status")
            )
            kept = close_met_reexaminations(some, actor=run.member)
            if kept:
                name = Reexamination._meta.label_lower
                changed = [
                    (
                        name,
                        one.pk,
                        {"status": before.get(one.pk, ReexaminationStatus.PLANNED), "met_by_id": None},
                        {"status": one.status, "met_by_id": one.met_by_id},
                    )
                    for one in kept
                ]
                RunPart.objects.create(run=run, kind=Kind.REEXAMINATION, changed=changed)
