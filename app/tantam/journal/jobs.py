from __future__ import annotations

from django.conf import settings
from procrastinate import JobContext
from procrastinate.contrib.django import app

from tantam.journal.serving import keeper

DAYS_KEPT = 14


@app.task(name="journal.forget_done_jobs", queue="housekeeping", pass_context=True)
async def forget_done_jobs(context: JobContext, timestamp: int = 0) -> None:
    """Remove jobs that succeeded more than two weeks ago; failed ones stay until somebody has looked."""
    await context.app.job_manager.delete_old_jobs(nb_hours=DAYS_KEPT * 24)


@app.task(name="journal.keep_sealing", queue="housekeeping", queueing_lock="journal.keep_sealing")
def keep_sealing(timestamp: int = 0) -> None:
    """See to it that this worker seals the journal (every two seconds, in a thread of its own)."""
    if settings.JOURNAL_SEALED:
        keeper.keep_sealing()
