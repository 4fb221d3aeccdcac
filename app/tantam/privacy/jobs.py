from __future__ import annotations

from procrastinate.contrib.django import app

from tantam.privacy.operations.watching import tell_of_many_looks
from tantam.privacy.policy import current_policy


@app.task(name="privacy.watch_looks", queue="housekeeping", queueing_lock="privacy.watch_looks")
def watch_looks(timestamp: int = 0) -> None:
    """Tell the privacy officers who looked at unusually much. `timestamp` is when the schedule meant it to run."""
    tell_of_many_looks(current_policy(), actor=None)
