"""Why a field stayed as it is here, though a source says otherwise."""

from __future__ import annotations

from collections import defaultdict

from tantam.exchange.engine.problems import Problem
from tantam.exchange.engine.reasons import KEPT_FROM_BEFORE, KEPT_FROM_FILES, KEPT_FROM_SOURCE, KEPT_HERE
from tantam.exchange.engine.writers.batch import REFUSED, Batch, Entry
from tantam.exchange.engine.writers.marks import mark
from tantam.exchange.models import ImportedIdentity


def explain_kept(batch: Batch) -> None:
    """Say of each field that stayed as it is here where it came from: another entry of these files, another
    source, or a person. That somebody changed it here is said only when no import brought what is here.
    """
    keepers = [entry for entry in batch.entries if entry.left]
    if not keepers:
        return
    objects = {entry.object_id for entry in keepers if entry.object_id is not None}
    here: dict[int, list[Entry]] = defaultdict(list)
    for entry in batch.entries:
        if entry.object_id in objects and entry.outcome != REFUSED:
            here[entry.object_id].append(entry)
    known: dict[int, list[ImportedIdentity]] = defaultdict(list)
    rows = ImportedIdentity.objects.filter(
        kind=keepers[0].item.kind, object_id__among=objects, is_alias=False
    ).select_related("source")
    for identity in rows:
        if identity.object_id is not None:
            known[identity.object_id].append(identity)
    for entry in keepers:
        others = [other.marks for other in here[entry.object_id or 0] if other is not entry]
        for left in entry.left:
            now = mark(left.column, left.value)
            sources = (
                identity.source.name
                for identity in known[entry.object_id or 0]
                if identity.pk != (entry.identity.pk if entry.identity else None)
                and identity.marks.get(left.column) == now
            )
            source = next(sources, None)
            if any(marks.get(left.column) == now for marks in others):
                problem = Problem.of("kept_files", KEPT_FROM_FILES, field=left.column, value=left.value)
            elif source is not None:
                problem = Problem.of(
                    "kept_source", KEPT_FROM_SOURCE, field=left.column, value=left.value, source=source
                )
            elif left.was_said:
                problem = Problem.of("kept_here", KEPT_HERE, field=left.column, value=left.value)
            else:
                problem = Problem.of("kept_before", KEPT_FROM_BEFORE, field=left.column, value=left.value)
            entry.noted.append(problem)
