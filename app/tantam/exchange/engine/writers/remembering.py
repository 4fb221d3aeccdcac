"""What a source calls everything that was written, and what it said of it."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from tantam.exchange.engine.writers.batch import REFUSED, Batch, Entry
from tantam.exchange.models import ImportedIdentity
from tantam.lib.bulk import insert_rows, update_rows

_REMEMBERED = ("object_id", "digest", "marks", "facts", "file", "run_id", "is_alias")


def remember(batch: Batch) -> None:
    """Keep what the source calls everything that was written, and what it said of it."""
    now = timezone.now()
    written = [entry for entry in batch.entries if entry.outcome and entry.outcome != REFUSED]
    source, run = batch.source.pk, batch.run.pk
    fresh: dict[str, Entry] = {}
    known: list[ImportedIdentity] = []
    for entry in written:
        item, identity = entry.item, entry.identity
        if identity is None:
            fresh[item.external_id] = entry
            continue
        for column in _REMEMBERED:
            before = getattr(identity, column)
            batch.trace.changes(identity, column, bytes(before).hex() if column == "digest" else before, None)
        identity.object_id, identity.digest = entry.object_id, item.digest
        identity.marks, identity.facts = {**identity.marks, **entry.marks}, entry.facts
        identity.file, identity.run_id, identity.taken_at = item.file, run, now
        identity.is_alias = False
        known.append(identity)
    rows = (
        {
            "source_id": source,
            "kind": entry.item.kind,
            "external_id": external_id,
            "object_id": entry.object_id,
            "digest": entry.item.digest,
            "marks": entry.marks,
            "facts": entry.facts,
            "file": entry.item.file,
            "run_id": run,
            "taken_at": now,
        }
        for external_id, entry in fresh.items()
    )
    batch.trace.makes(ImportedIdentity, insert_rows(ImportedIdentity, rows, at_most=len(fresh)))
    update_rows(
        ImportedIdentity,
        known,
        ["object_id", "digest", "marks", "facts", "file", "run", "taken_at", "is_alias"],
    )
    _remember_aliases(batch, written)


def _remember_aliases(batch: Batch, written: Sequence[Entry]) -> None:
    """A name that is already somebody's own, or another's alias, stays theirs."""
    wanted: dict[str, Entry] = {}
    for entry in written:
        for alias in entry.draft.aliases:
            if alias != entry.draft.external_id:
                wanted.setdefault(alias, entry)
    if not wanted:
        return
    kind = batch.entries[0].item.kind
    taken = set(
        ImportedIdentity.objects.filter(
            source=batch.source, kind=kind, external_id__among=wanted
        ).values_list("external_id", flat=True)
    )
    ids = insert_rows(
        ImportedIdentity,
        [
            {
                "source_id": batch.source.pk,
                "kind": kind,
                "external_id": alias,
                "object_id": entry.object_id,
                "is_alias": True,
                "facts": entry.facts,
                "run_id": batch.run.pk,
            }
            for alias, entry in wanted.items()
            if alias not in taken
        ],
    )
    batch.trace.makes(ImportedIdentity, ids)
