from __future__ import annotations

import contextlib

from procrastinate.contrib.django import app

from tantam.exchange.engine import running
from tantam.exchange.models import ImportRun, RunState
from tantam.lib.uploads import sweep_left_behind


@app.task(name="exchange.read", queue="imports")
def read(run_id: int) -> None:
    with contextlib.suppress(running.SomebodyElse):
        running.read_and_check(run_id)


@app.task(name="exchange.apply", queue="imports")
def apply(run_id: int) -> None:
    with contextlib.suppress(running.SomebodyElse):
        running.apply(run_id)


@app.task(name="exchange.undo", queue="imports")
def undo(run_id: int) -> None:
    with contextlib.suppress(running.SomebodyElse):
        running.undo(run_id)


@app.task(name="exchange.take_up", queue="imports", queueing_lock="exchange.take_up")
def take_up(timestamp: int = 0) -> None:
    """Go on with runs whose process was killed. Those somebody is working on are passed over.

    `timestamp` is when the schedule meant it to run.
    """
    steps = {RunState.READING: read, RunState.APPLYING: apply, RunState.UNDOING: undo}
    for run in ImportRun.objects.filter(state__in=steps).order_by("pk"):
        steps[run.phase](run.pk)


@app.task(name="exchange.sweep_uploads", queue="imports", queueing_lock="exchange.sweep_uploads")
def sweep_uploads(timestamp: int = 0) -> None:
    """Remove uploads that a killed process left, sealed, in the folder of arrivals.

    `timestamp` is when the schedule meant it to run.
    """
    sweep_left_behind()
