"""The next items of a run, opened by a second thread while the database is at work on those before them.

Opening an item (decrypt, parse, make a draft) is work for Python alone, and PostgreSQL needs about as long to commit
a part with its foreign keys. So the items are fetched before the commit, on the one connection of the run, and
opened during it. The thread never touches the database: a stop, a kill or a failure leaves what it would leave
without it, and what goes wrong in the thread is raised where its drafts are asked for.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple, Self

from django.db import connection

from tantam.exchange.engine.drafts import Draft
from tantam.exchange.engine.waiting import Waiting, next_waiting, opened
from tantam.exchange.models import ImportRun, StagedItem, Verdict

_WANTED = (Verdict.NEW, Verdict.CHANGED)


class _Fetched(NamedTuple):
    """Items behind a place of a run, and their drafts as soon as they are opened."""

    rank: int
    seq: int
    items: list[Waiting]
    drafts: Future[list[Draft]]


class Ahead:
    """Looks ahead for one run that is being written. Use it as a context: it ends its thread."""

    def __init__(self, run: ImportRun) -> None:
        self._run = run
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="import-ahead")
        self._fetched: _Fetched | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._thread.shutdown(cancel_futures=True)

    def look(self, limit: int) -> _Fetched:
        """Fetch at most so many items behind the run's cursor and begin to open them; best before a commit."""
        run = self._run
        items = _next_items(run, limit)
        drafts = self._thread.submit(opened, items)
        self._fetched = _Fetched(run.applied_rank, run.applied_seq, items, drafts)
        return self._fetched

    def take(self, limit: int) -> list[tuple[Waiting, Draft]]:
        """The items behind the run's cursor, all of one kind, with their drafts; [] when nothing is left.

        What was fetched before is taken only if it is still behind the cursor and all of it still waits:
        another process may have gone on meanwhile, and somebody's data may have been destroyed.
        """
        fetched, self._fetched = self._fetched, None
        if fetched is None or not self._is_up_to_date(fetched):
            fetched, self._fetched = self.look(limit), None
        return list(zip(fetched.items, fetched.drafts.result(), strict=True))

    def _is_up_to_date(self, fetched: _Fetched) -> bool:
        run, items = self._run, fetched.items
        if (fetched.rank, fetched.seq) != (run.applied_rank, run.applied_seq):
            return False
        if not items:
            return True
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT count(*) FROM {StagedItem._meta.db_table} WHERE run_id = %s AND rank = %s"
                " AND seq BETWEEN %s AND %s AND verdict = ANY(%s)",
                [run.pk, items[0].rank, items[0].seq, items[-1].seq, [str(verdict) for verdict in _WANTED]],
            )
            row = cursor.fetchone()
        return row is not None and row[0] == len(items)


def _next_items(run: ImportRun, limit: int) -> list[Waiting]:
    """The next staged items to write, all of one kind, in the order of writing."""
    items = next_waiting(run, rank=run.applied_rank, after=run.applied_seq, verdicts=_WANTED, limit=limit)
    if items:
        return items
    waiting = StagedItem.objects.filter(run=run, verdict__in=_WANTED, rank__gt=run.applied_rank)
    rank = waiting.order_by("rank").values_list("rank", flat=True).first()
    if rank is None:
        return []
    return next_waiting(run, rank=rank, after=0, verdicts=_WANTED, limit=limit)
