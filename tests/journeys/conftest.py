"""Whole stories over HTTP: `visitor(member)` opens pages and fills in forms, `work()` lets the worker run."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection, connections
from procrastinate.contrib.django import app

from tantam.accounts.models import Member
from tests.journeys.visitor import Visitor
from tests.workers import in_a_thread


@pytest.fixture
def visitor() -> Callable[..., Visitor]:
    def _visitor(member: Member | None = None) -> Visitor:
        return Visitor(member)

    return _visitor


@pytest.fixture
def work(transactional_db: None, settings: object) -> Callable[[], None]:
    """Run the real worker until nothing is left to do; a job that failed fails the test."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    # Emptying the database between tests passes over the tables of the jobs.
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")

    def _work() -> None:
        with app.replace_connector(app.connector.get_worker_connector()) as worker:
            in_a_thread(
                lambda: worker.run_worker(
                    wait=False, concurrency=1, install_signal_handlers=False, listen_notify=False
                )
            )
        failed = ProcrastinateJob.objects.exclude(status__in=["succeeded", "todo"])
        assert not failed, list(failed.values("task_name", "args", "status"))

    yield _work
    connections.close_all()
