from __future__ import annotations

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from tantam.journal.jobs import forget_done_jobs
from tests.workers import in_a_thread


@pytest.mark.django_db(transaction=True)
def test_jobs_done_long_ago_are_forgotten_and_failed_ones_kept():
    jobs = [
        app.configure_task("journal.react", queue="test").defer(reaction="", entry_id=n) for n in range(3)
    ]
    with connection.cursor() as cursor:
        for job, status in zip(jobs, ("succeeded", "failed", "todo"), strict=True):
            if status != "todo":
                cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [job])
                cursor.execute("UPDATE procrastinate_jobs SET status = %s WHERE id = %s", [status, job])
        cursor.execute("UPDATE procrastinate_events SET at = at - interval '30 days'")
    forget_done_jobs.defer()

    worker = app.with_connector(app.connector.get_worker_connector())
    in_a_thread(
        lambda: worker.run_worker(
            queues=["housekeeping"], wait=False, install_signal_handlers=False, listen_notify=False
        )
    )

    left = ProcrastinateJob.objects.filter(queue_name="test").values_list("status", flat=True)
    assert sorted(left) == ["failed", "todo"]
