from __future__ import annotations

from procrastinate import JobContext
from procrastinate.contrib.django import app

DAYS_KEPT = 14


@app.task(name="journal.forget_done_jobs", queue="housekeeping", pass_context=True)
async def forget_done_jobs(context: JobContext, timestamp: int = 0) -> None:
    """Remove jobs that succeeded more than two weeks ago; failed ones stay until somebody has looked."""
    await context.app.job_manager.delete_old_jobs(nb_hours=DAYS_KEPT * 24)
