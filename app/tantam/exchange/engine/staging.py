"""Put drafts into the staging table, many at a time, by COPY."""

from __future__ import annotations

from collections import Counter, OrderedDict
from typing import Any, Final, NamedTuple

import orjson
from django.db import transaction

from tantam.exchange.engine.drafts import Counted, Draft, ForPatient, Found, Kind, PatientDraft, digest
from tantam.exchange.engine.matching import likeness_of
from tantam.exchange.engine.naming import Naming
from tantam.exchange.engine.waiting import BYTES_AT_ONCE, seal
from tantam.exchange.models import PROBLEMS_CONTEXT, ImportRun, StagedAlias, StagedItem
from tantam.lib.bulk import copy_rows
from tantam.patients.rules.keys import identity_index

CHUNK: Final = 2_000
_REMEMBERED: Final = 20_000

# In the order of `_row`.
_COLUMNS: Final = (
    "run_id",
    "seq",
    "rank",
    "kind",
    "external_id",
    "patient_ref",
    "digest",
    "identity_index",
    "code",
    "likeness",
    "meant",
    "payload",
    "file",
    "row",
    "verdict",
    "reason_code",
    "problems",
)


class _Taken(NamedTuple):
    """A draft that waits to be staged. It is sealed only while those before it are stored: both take their time."""

    seq: int
    rank: int
    draft: Draft
    payload: bytes
    mark: bytes


class Staging:
    """Takes what a reader finds; writes it in parts, each its own transaction. One for each reading."""

    def __init__(self, run: ImportRun) -> None:
        self.run = run
        self.naming = Naming()
        self.seq = 0
        self.resources: Counter[str] = Counter()
        self.repeated: Counter[str] = Counter()
        self._taken: list[_Taken] = []
        self._bytes = 0
        self._aliases: list[tuple[int, str, str, str]] = []
        self._seen: OrderedDict[tuple[int, str], bytes] = OrderedDict()

    def take(self, found: Found) -> None:
        if isinstance(found, Counted):
            self.resources[found.type] += 1
            return
        payload = found.payload()
        mark = digest(payload)
        rank = found.rank
        known = (rank, found.external_id)
        if self._seen.get(known) == mark and not found.problems and found.kind != Kind.UNREADABLE:
            if not found.is_mention:
                self.repeated[found.kind] += 1
            return
        self._seen[known] = mark
        if len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
        self.seq += 1
        self._taken.append(_Taken(self.seq, rank, found, payload, mark))
        self._bytes += len(payload)
        if found.aliases:
            self._aliases += [
                (self.run.pk, str(found.kind), alias, found.external_id)
                for alias in found.aliases
                if alias != found.external_id
            ]

    def _row(self, taken: _Taken) -> tuple[Any, ...]:
        draft = taken.draft
        person = draft if isinstance(draft, PatientDraft) else None
        problems = draft.problems
        reason = next((problem.code for problem in problems if problem.refuses), "") if problems else ""
        refused = draft.is_refused
        return (
            self.run.pk,
            taken.seq,
            taken.rank,
            str(draft.kind),
            draft.external_id,
            draft.patient_ref if isinstance(draft, ForPatient) else "",
            taken.mark,
            identity_index(person.identity_number) if person and person.identity_number else None,
            (person.code or "") if person else "",
            (likeness_of(person) or None) if person else None,
            "",
            seal(taken.payload),
            draft.file[-255:],
            draft.row,
            "refused" if refused else "passed" if draft.kind == Kind.UNREADABLE else "new",
            reason[:40] if refused else "withdrawn" if draft.withdrawn else "",
            seal(orjson.dumps([problem.as_json() for problem in problems]), PROBLEMS_CONTEXT)
            if problems
            else None,
        )

    @property
    def is_full(self) -> bool:
        return len(self._taken) >= CHUNK or self._bytes >= BYTES_AT_ONCE

    def write(self, *, bytes_read: int) -> None:
        """Write what has gathered, with the run's progress, in one transaction."""
        with transaction.atomic():
            if self._taken:
                copy_rows(StagedItem, _COLUMNS, map(self._row, self._taken))
            if self._aliases:
                copy_rows(StagedAlias, ("run_id", "kind", "alias", "external_id"), self._aliases)
            self.run.counts["resources"] = dict(self.resources)
            self.run.bytes_read = bytes_read
            self.run.items_total = self.seq
            self.run.save(update_fields=["counts", "bytes_read", "items_total"])
        self._taken.clear()
        self._bytes = 0
        self._aliases.clear()

    def mark(self) -> tuple[int, Counter[str], Counter[str]]:
        """Where this reading stands, to come back to."""
        return self.seq, self.resources.copy(), self.repeated.copy()

    def go_back(self, mark: tuple[int, Counter[str], Counter[str]]) -> None:
        """Forget everything since `mark`: a file that broke half-way leaves nothing behind."""
        self._taken = [taken for taken in self._taken if taken.seq <= mark[0]]
        kept = {(str(taken.draft.kind), taken.draft.external_id) for taken in self._taken}
        self._aliases = [alias for alias in self._aliases if (alias[1], alias[3]) in kept]
        StagedItem.objects.filter(run=self.run, seq__gt=mark[0]).delete()
        self._seen.clear()
        self.resources, self.repeated = mark[1].copy(), mark[2].copy()

    def clear(self) -> None:
        """Forget what an interrupted reading left."""
        StagedItem.objects.filter(run=self.run).delete()
        StagedAlias.objects.filter(run=self.run).delete()
