"""Several people acting at the same moment, each with a connection of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import connection


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Do the acts at the same moment; answers what each returned or raised, in their order."""
    answers: list[object] = [None] * len(acts)
    start = threading.Barrier(len(acts), timeout=20)

    def perform(number: int) -> None:
        try:
            start.wait()
            answers[number] = acts[number]()
        except Exception as error:
            answers[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=perform, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers
