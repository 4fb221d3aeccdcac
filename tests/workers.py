"""Running the job worker inside a test."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connections


def in_a_thread(work: Callable[[], None]) -> None:
    """Run the worker in a thread of its own: the browser tests leave an event loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        try:
            thread.submit(work).result()
        finally:
            thread.submit(connections.close_all).result()
