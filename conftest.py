"""Fixtures for every test: keys of its own, a real PostgreSQL, the cast."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

# Keys are made before Django reads its settings; a test run never touches an installation's keys.
if "TANTAM_TEST_DATA" not in os.environ:
    os.environ["TANTAM_TEST_DATA"] = tempfile.mkdtemp(prefix="tantam-test-")
    atexit.register(shutil.rmtree, os.environ["TANTAM_TEST_DATA"], ignore_errors=True)
_data = Path(os.environ["TANTAM_TEST_DATA"])
os.environ["TANTAM_DATA"] = str(_data)
os.environ.setdefault("TANTAM_SECRET_KEY", "only-for-tests")
os.environ["TANTAM_DEBUG"] = "0"
os.environ["TANTAM_HOSTS"] = "localhost,127.0.0.1,testserver"

pytest_plugins = ["tests.cast"]


def pytest_configure() -> None:
    from django.conf import settings

    from tantam.lib.crypto import create_keys

    # Static files by their own names: nothing has to be collected, and the live server finds them.
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"

    (_data / "static").mkdir(exist_ok=True)
    create_keys(_data / "keys")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """Tests with a live server empty every table between them, so the trigger that forbids it rests."""
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(
            "SELECT tgname FROM pg_trigger"
            " WHERE tgrelid = 'journal_entry'::regclass AND tgname LIKE 'pgtrigger_never_emptied%'"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE journal_entry DISABLE TRIGGER "{name}"')
    yield
    # Threads of live servers and workers may have left a connection open; the database is dropped next.
    with django_db_blocker.unblock(), connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(autouse=True)
def _fresh_caches() -> None:
    from tantam.care.queries.work_list import forget_counts
    from tantam.facility.queries import forget_cached

    forget_cached()
    forget_counts()
