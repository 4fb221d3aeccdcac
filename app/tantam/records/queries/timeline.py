"""The one timeline of a patient (B3): each source is asked for its rows older than a cursor, and they are merged.

Every page of it is exact (keyset): nothing is shown twice or left out, however many rows share a moment.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection

from tantam.accounts.models import Member
from tantam.records.registries.timeline import Cursor, TimelineEntry, Window, sources_for

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

LONGEST_PAGE = 100


def kinds_for(member: Member) -> list[tuple[str, _StrPromise]]:
    """The kinds a member may see, with their labels, for choosing among them."""
    return [(kind, one.label) for kind, one in sources_for(member).items()]


@dataclass(frozen=True, slots=True)
class TimelinePage:
    entries: tuple[TimelineEntry, ...]
    next: Cursor | None


def timeline(
    patient_id: int,
    member: Member,
    *,
    before: Cursor | None = None,
    limit: int = 30,
    kinds: Collection[str] = (),
) -> TimelinePage:
    """One page of the patient's timeline, newest first, as far as `member` may see (B3).

    `kinds` narrows it to some sources; `before` is the `next` of the page above. At most 100 entries a page.
    """
    limit = max(1, min(limit, LONGEST_PAGE))
    found: list[tuple[datetime, str, int, TimelineEntry]] = []
    asked = sources_for(member, kinds)
    empty = _empty_tables(patient_id, {one.table for one in asked.values() if one.table})
    for kind, one in asked.items():
        if one.table in empty:
            continue
        window = Window(patient_id, member, kind, limit, before)
        found += [(entry.at, kind, entry.row_id, entry) for entry in one.source(window)]
    found.sort(key=lambda row: row[:3], reverse=True)
    page = found[:limit]
    entries = tuple(replace(entry, kind=kind) for _at, kind, _id, entry in page)
    last = page[-1] if len(found) > limit else None
    return TimelinePage(entries, Cursor(last[0], last[1], last[2]) if last else None)


def _empty_tables(patient_id: int, tables: set[str]) -> set[str]:
    """Those of the tables that hold nothing of the patient. One statement."""
    ordered = sorted(tables)
    if not ordered:
        return set()
    columns = [f'EXISTS (SELECT 1 FROM "{table}" WHERE patient_id = %(patient)s)' for table in ordered]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)}", {"patient": patient_id})
        row = cursor.fetchone() or ()
    return {table for table, is_there in zip(ordered, row, strict=True) if not is_there}
