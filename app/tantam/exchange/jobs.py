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


@app.task(name="exchange.take_up", queue="imports", queueing_lock="exchange.take_up")
def take_up(timestamp: int = 0) -> None:
    """Go on with runs whose process was killed. Those somebody is working on are passed over.

    `timestamp` is when the schedule meant it to run.
    """
    for run in ImportRun.objects.filter(state__in=[RunState.READING, RunState.APPLYING]).order_by("pk"):
        (read if run.state == RunState.READING else apply)(run.pk)


@app.task(name="exchange.sweep_uploads", queue="imports", queueing_lock="exchange.sweep_uploads")
def sweep_uploads(timestamp: int = 0) -> None:
    """Remove uploads that a killed process left, sealed, in the folder of arrivals.

    `timestamp` is when the schedule meant it to run.
    """
    sweep_left_behind()
