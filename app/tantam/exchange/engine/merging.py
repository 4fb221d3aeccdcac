"""One thing said several times in one run: put together, or refused when it cannot be one thing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import orjson
from django.db import connection

from tantam.exchange.engine.drafts import Kind, PatientDraft, digest
from tantam.exchange.engine.matching import likeness_of
from tantam.exchange.engine.problems import Problem
from tantam.exchange.engine.reasons import SAME_ID_DIFFERENT_PEOPLE
from tantam.exchange.engine.waiting import open_sealed
from tantam.exchange.models import PROBLEMS_CONTEXT, ImportRun, StagedItem, Verdict
from tantam.exchange.rules.matching import are_different_people
from tantam.lib.bulk import update_rows
from tantam.patients.rules.keys import identity_index

_BATCH = 500
_MERGED = ("verdict", "reason_code", "problems", "payload", "digest", "identity_index", "code")
_TABLE = StagedItem._meta.db_table

# Of equal sayings the last is kept, so that the order of different ones stays what it was.
_SAME_SAYING = f"""
    UPDATE {_TABLE} item SET verdict = 'repeated'
    FROM (SELECT id, row_number() OVER (PARTITION BY kind, external_id, digest, rank ORDER BY seq DESC) AS place
          FROM {_TABLE} WHERE run_id = %(run)s AND verdict = 'new' ) numbered
    WHERE numbered.id = item.id AND numbered.place > 1
"""
_MENTION_OF_SAID = f"""
    UPDATE {_TABLE} mention SET verdict = 'repeated'
    WHERE mention.run_id = %(run)s AND mention.verdict = 'new' AND mention.rank %% 2 = 1
      AND (EXISTS (SELECT FROM {_TABLE} said WHERE said.run_id = %(run)s AND said.kind = mention.kind
                   AND said.external_id = mention.external_id AND said.rank %% 2 = 0 AND said.verdict <> 'refused')
           OR EXISTS (SELECT FROM {_TABLE} later WHERE later.run_id = %(run)s AND later.kind = mention.kind
                      AND later.external_id = mention.external_id AND later.rank = mention.rank
                      AND later.seq > mention.seq))
"""
_SAID_DIFFERENTLY = f"""
    SELECT item.id, item.kind, item.external_id, item.payload, item.problems, item.patient_ref
    FROM {_TABLE} item JOIN (
        SELECT kind, external_id FROM {_TABLE}
        WHERE run_id = %(run)s AND verdict = 'new' AND rank %% 2 = 0 GROUP BY kind, external_id HAVING count(*) > 1
    ) several USING (kind, external_id)
    WHERE item.run_id = %(run)s AND item.verdict = 'new' AND item.rank %% 2 = 0
    ORDER BY item.kind, item.external_id, item.seq
"""
_SHARED = f"""
    SELECT DISTINCT external_id FROM (
        SELECT external_id, count(*) OVER (PARTITION BY identity_index) AS people FROM {_TABLE}
        WHERE run_id = %(run)s AND identity_index IS NOT NULL AND verdict NOT IN ('repeated', 'refused')
        UNION ALL
        SELECT external_id, count(*) OVER (PARTITION BY code) FROM {_TABLE}
        WHERE run_id = %(run)s AND code <> '' AND verdict NOT IN ('repeated', 'refused')
        UNION ALL
        SELECT external_id, count(*) OVER (PARTITION BY key) FROM {_TABLE}, unnest(likeness) AS key
        WHERE run_id = %(run)s AND likeness IS NOT NULL AND verdict NOT IN ('repeated', 'refused')
    ) tied WHERE people > 1
"""


_LIKENESS = f"""
    UPDATE {_TABLE} item SET likeness = string_to_array(given.likeness, ',')::bigint[]
    FROM unnest(%s::bigint[], %s::text[]) AS given(id, likeness) WHERE item.id = given.id
"""


def merge_repeated(run: ImportRun) -> None:
    """Leave one item for each thing the run's files speak of.

    What is said again alike counts as repeated. What is said differently is put together, later sayings over
    earlier ones. Sayings of two patients under one id are refused, and so are two whose strong facts contradict.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SAME_SAYING, {"run": run.pk})
        cursor.execute(_MENTION_OF_SAID, {"run": run.pk})
    changed: list[StagedItem] = []
    for _key, group in groupby(rows_of(_SAID_DIFFERENTLY, run), key=lambda row: (row[1], row[2])):
        changed += _put_together(list(group))
        if len(changed) >= _BATCH:
            save_verdicts(changed)
    save_verdicts(changed)


def shared_people(run: ImportRun) -> set[str]:
    """Who of the run's patients has an identity number, a code, or name, year and contact with another of them."""
    return {external_id for (external_id,) in rows_of(_SHARED, run)}


def rows_of(query: str, run: ImportRun) -> Iterator[tuple[Any, ...]]:
    """Rows of a query, a few at a time: there may be millions."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, {"run": run.pk})
        while rows := cursor.fetchmany(_BATCH):
            yield from rows


def opened(sealed: Any) -> list[dict[str, Any]]:
    return open_sealed(sealed, PROBLEMS_CONTEXT) if sealed else []


def refused(pk: int, problems: list[dict[str, Any]], problem: Problem) -> StagedItem:
    """The row of a staged item that is now refused, for `_save`."""
    return StagedItem(
        pk=pk,
        verdict=Verdict.REFUSED,
        reason_code=problem.code[:40],
        problems=[*problems, problem.as_json()],
    )


def _put_together(group: list[tuple[Any, ...]]) -> list[StagedItem]:
    kind = group[0][1]
    sayings = [open_sealed(row[3]) for row in group]
    if len({row[5] for row in group}) > 1 or (kind == Kind.PATIENT and are_different_people(sayings)):
        problem = Problem.of("same_id_different_people", SAME_ID_DIFFERENT_PEOPLE, refuses=True)
        return [refused(row[0], opened(row[4]), problem) for row in group]
    merged: dict[str, Any] = {}
    for said in sayings:
        contacts = merged.get("contacts", [])
        known = {(contact["kind"], contact["value"]) for contact in said.get("contacts", ())}
        merged |= said
        if contacts:
            merged["contacts"] = [
                *said.get("contacts", ()),
                *(contact for contact in contacts if (contact["kind"], contact["value"]) not in known),
            ]
    payload = orjson.dumps(merged, option=orjson.OPT_SORT_KEYS)
    last = StagedItem(
        pk=group[-1][0], verdict=Verdict.NEW, reason_code="", payload=merged, digest=digest(payload)
    )
    if kind == Kind.PATIENT:
        draft = PatientDraft.read_back(merged, external_id=group[-1][2], file="", row=None)
        last.likeness = likeness_of(draft) or None
        last.identity_index = identity_index(draft.identity_number or "")
        last.code = draft.code or ""
    last.problems = opened(group[-1][4]) or None
    return [
        *(
            StagedItem(pk=row[0], verdict=Verdict.REPEATED, reason_code="", problems=opened(row[4]) or None)
            for row in group[:-1]
        ),
        last,
    ]


def save_verdicts(changed: list[StagedItem]) -> None:
    merged = [item for item in changed if item.payload is not None]
    plain = [item for item in changed if item.payload is None]
    update_rows(StagedItem, plain, ["verdict", "reason_code", "problems"])
    update_rows(StagedItem, merged, _MERGED)
    alike = [(item.pk, ",".join(map(str, item.likeness))) for item in merged if item.likeness]
    if alike:
        with connection.cursor() as cursor:
            cursor.execute(_LIKENESS, [[pk for pk, _keys in alike], [keys for _pk, keys in alike]])
    changed.clear()
