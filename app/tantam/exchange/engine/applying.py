"""Write what the check found new or changed: in the order things point at each other, part by part."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import structlog
from django.db import DatabaseError, connection, transaction

from tantam.exchange.engine.drafts import Draft, Kind
from tantam.exchange.engine.problems import Problem
from tantam.exchange.engine.reasons import NOT_STORED
from tantam.exchange.engine.waiting import Waiting
from tantam.exchange.engine.writers import encounters, patients, people
from tantam.exchange.engine.writers.batch import REFUSED, UNCHANGED, Batch, Entry, Places
from tantam.exchange.engine.writers.kept import explain_kept
from tantam.exchange.engine.writers.remembering import remember
from tantam.exchange.engine.writers.trace import Trace
from tantam.exchange.models import ImportedIdentity, ImportRun, StagedItem, Verdict
from tantam.lib.bulk import update_rows

log = structlog.get_logger(__name__)

WRITERS: dict[str, Callable[[Batch], None]] = {
    Kind.PRACTITIONER: people.write_practitioners,
    Kind.ROLE: people.write_roles,
    Kind.MEDICATION: people.write_medications,
    Kind.PATIENT: patients.write_patients,
    Kind.RELATIVE: patients.write_relatives,
    Kind.ENCOUNTER: encounters.write_encounters,
    Kind.DIAGNOSIS: encounters.write_diagnoses,
    Kind.ALLERGY: encounters.write_allergies,
    Kind.PRESCRIPTION: encounters.write_prescriptions,
    Kind.VITAL: encounters.write_vitals,
    Kind.REEXAMINATION: encounters.write_reexaminations,
    Kind.CARE_PLAN: encounters.write_care_plans,
}


def write(
    run: ImportRun, items: Sequence[tuple[Waiting, Draft]], places: Places, trace: Trace
) -> list[Entry]:
    """Write items of one kind, and keep on them what was refused or kept; for the caller's transaction.

    `trace` is told what was made and changed.

    What the database refuses is left out alone, with the reason on its staged item.
    """
    entries = _halved(run, items, places, trace)
    _note(entries)
    return entries


def _halved(
    run: ImportRun, items: Sequence[tuple[Waiting, Draft]], places: Places, trace: Trace
) -> list[Entry]:
    """Write the items; halve them until what the database refuses stands alone."""
    kind = items[0][0].kind
    entries = _entries(run, kind, items)
    try:
        with transaction.atomic():
            batch = Batch(run, entries, places)
            WRITERS[kind](batch)
            for entry in entries:
                entry.outcome = entry.outcome or UNCHANGED
            explain_kept(batch)
            remember(batch)
        trace.add(batch.trace)
        return entries
    except DatabaseError as error:
        if connection.needs_rollback or not _is_about_data(error):
            raise
        if len(items) == 1:
            log.warning("exchange.item_refused", run=run.pk, kind=kind, error=type(error).__name__)
            return [_refused_by_database(entries[0], error)]
        middle = len(items) // 2
        return [
            *_halved(run, items[:middle], places, trace),
            *_halved(run, items[middle:], places, trace),
        ]


def _entries(run: ImportRun, kind: str, items: Sequence[tuple[Waiting, Draft]]) -> list[Entry]:
    known = {
        identity.external_id: identity
        for identity in ImportedIdentity.objects.filter(
            source=run.source_id,
            kind=kind,
            external_id__among=[item.external_id for item, _draft in items],
        )
    }
    entries = []
    for item, draft in items:
        identity = known.get(item.external_id)
        entry = Entry(item, draft, identity, identity.object_id if identity else None)
        if identity is not None and bytes(identity.digest) == item.digest:
            entry.outcome = UNCHANGED  # another run has brought it meanwhile
            entry.facts = identity.facts
        entries.append(entry)
    return entries


def _is_about_data(error: DatabaseError) -> bool:
    """Whether the database refused values, and not the whole work (a lost connection, a full disk)."""
    state = getattr(error.__cause__, "sqlstate", None) or ""
    return state[:2] in ("22", "23")


def _refused_by_database(entry: Entry, error: DatabaseError) -> Entry:
    cause = error.__cause__
    diagnosis = getattr(cause, "diag", None)
    reason = getattr(diagnosis, "constraint_name", None) or type(cause or error).__name__
    refused = Entry(entry.item, entry.draft)
    refused.refuse(Problem.of("not_stored", NOT_STORED, refuses=True, reason=reason))
    return refused


def _note(entries: Sequence[Entry]) -> None:
    """Keep on the staged items what was refused or kept."""
    changed = []
    for entry in entries:
        if not entry.noted:
            continue
        item = StagedItem(pk=entry.item.id, verdict=entry.item.verdict, reason_code="")
        item.problems = [*entry.item.noted(), *(problem.as_json() for problem in entry.noted)]
        if entry.outcome == REFUSED:
            item.verdict = Verdict.REFUSED
            item.reason_code = next(problem.code for problem in entry.noted if problem.refuses)[:40]
        changed.append(item)
    update_rows(StagedItem, changed, ["problems", "verdict", "reason_code"])
