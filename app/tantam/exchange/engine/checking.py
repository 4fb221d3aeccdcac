"""The second half of the dry run: a verdict for every staged item. Nothing is written to any record."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.db import connection, transaction

from tantam.exchange.engine.drafts import Kind, PatientDraft
from tantam.exchange.engine.matching import match_patients
from tantam.exchange.engine.merging import (
    merge_repeated,
    refuse_shared_codes,
    refuse_shared_identity_numbers,
    refused,
    save_verdicts,
)
from tantam.exchange.engine.waiting import Waiting, next_waiting
from tantam.exchange.models import (
    ImportedIdentity,
    ImportRun,
    StagedAlias,
    StagedItem,
    Verdict,
)

_BATCH = 2_500
_ITEM, _ALIAS, _KNOWN = (model._meta.db_table for model in (StagedItem, StagedAlias, ImportedIdentity))

# A patient may be referred to by another name than the one they are staged under.
_BY_MAIN_NAME = f"""
    UPDATE {_ITEM} item SET patient_ref = alias.external_id
    FROM {_ALIAS} alias
    WHERE item.run_id = %(run)s AND alias.run_id = %(run)s AND alias.kind = 'patient'
      AND item.patient_ref <> '' AND alias.alias = item.patient_ref
      AND NOT EXISTS (SELECT FROM {_ITEM} patient WHERE patient.run_id = %(run)s AND patient.kind = 'patient'
                      AND patient.external_id = item.patient_ref)
"""
# Items are staged as new: only what is known already has to be touched.
_COMPARED = f"""
    UPDATE {_ITEM} item SET reason_code = '',
        verdict = CASE WHEN known.digest = item.digest OR item.rank %% 2 = 1 THEN 'unchanged' ELSE 'changed' END
    FROM {_KNOWN} known
    WHERE item.run_id = %(run)s AND item.verdict = 'new'
      AND known.source_id = %(source)s AND known.kind = item.kind AND known.external_id = item.external_id
"""
_WITHDRAWN_UNKNOWN = f"""
    UPDATE {_ITEM} SET verdict = 'refused'
    WHERE run_id = %(run)s AND verdict = 'new' AND reason_code = 'withdrawn'
"""
_WITHOUT_PATIENT = f"""
    UPDATE {_ITEM} item SET verdict = 'refused', reason_code = CASE
            WHEN item.patient_ref = '' THEN 'patient_not_named'
            WHEN EXISTS (SELECT FROM {_ITEM} patient WHERE patient.run_id = %(run)s AND patient.kind = 'patient'
                         AND patient.external_id = item.patient_ref) THEN 'patient_refused'
            ELSE 'patient_unknown' END
    WHERE item.run_id = %(run)s AND item.rank > %(patients)s AND item.kind <> 'unreadable'
      AND item.verdict IN ('new', 'changed', 'unchanged')
      AND NOT EXISTS (SELECT FROM {_ITEM} patient WHERE patient.run_id = %(run)s AND patient.kind = 'patient'
                      AND patient.external_id = item.patient_ref
                      AND patient.verdict IN ('new', 'changed', 'unchanged'))
      AND (NOT EXISTS (SELECT FROM {_KNOWN} known WHERE known.source_id = %(source)s
                       AND known.kind = 'patient' AND known.external_id = item.patient_ref)
           OR EXISTS (SELECT FROM {_ITEM} patient WHERE patient.run_id = %(run)s AND patient.kind = 'patient'
                      AND patient.external_id = item.patient_ref AND patient.verdict = 'refused'))
"""


def check(run: ImportRun, *, pause: Callable[[], None]) -> None:
    """Say of every staged item whether it is new, changed, unchanged, repeated or refused.

    Each step can be run again; `pause` is called between steps and may raise to stop.
    """
    with connection.cursor() as cursor:
        # The planner would take the table for empty, and join a million rows one by one.
        cursor.execute(
            f"ANALYZE {_ITEM} (run_id, rank, kind, external_id, patient_ref, verdict, code, identity_index)"
        )
        cursor.execute(f"ANALYZE {_ALIAS}")
    for step in (
        merge_repeated,
        refuse_shared_identity_numbers,
        refuse_shared_codes,
        _compare,
        _match,
        _dependents,
    ):
        with transaction.atomic():
            step(run)
        pause()


def _compare(run: ImportRun) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_BY_MAIN_NAME, {"run": run.pk})
        cursor.execute(_COMPARED, {"run": run.pk, "source": run.source_id})
        cursor.execute(_WITHDRAWN_UNKNOWN, {"run": run.pk})


def _dependents(run: ImportRun) -> None:
    """What belongs to a patient who is refused or unknown is refused with them."""
    with connection.cursor() as cursor:
        cursor.execute(
            _WITHOUT_PATIENT, {"run": run.pk, "source": run.source_id, "patients": Kind.PATIENT.rank + 1}
        )


def _match(run: ImportRun) -> None:
    """New patients who are already ours become changed ones; those nobody can tell apart are refused."""
    changed: list[StagedItem] = []
    for items in _patients(run):
        drafts = [draft for draft in (item.draft() for item in items) if isinstance(draft, PatientDraft)]
        known: dict[str, int | None] = dict(
            ImportedIdentity.objects.filter(
                source=run.source_id,
                kind=Kind.PATIENT,
                external_id__among=[draft.external_id for draft in drafts],
            ).values_list("external_id", "object_id")
        )
        matches = match_patients(drafts, known)
        for item in items:
            match = matches[item.external_id]
            problems = item.noted()
            if match.problem is not None:
                changed.append(refused(item.id, problems, match.problem))
            elif item.verdict == Verdict.NEW and match.patient_id is not None:
                changed.append(
                    StagedItem(pk=item.id, verdict=Verdict.CHANGED, reason_code="", problems=problems or None)
                )
        save_verdicts(changed)


def _patients(run: ImportRun) -> Iterator[list[Waiting]]:
    """New and changed patients, in their order, a batch at a time."""
    last = 0
    while items := next_waiting(
        run,
        rank=Kind.PATIENT.rank,
        after=last,
        verdicts=(Verdict.NEW, Verdict.CHANGED),
        limit=_BATCH,
    ):
        last = items[-1].seq
        yield items


def count_verdicts(run: ImportRun) -> None:
    """Put the result of the dry run into `run.counts` (not saved)."""
    verdicts: dict[str, dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT kind, verdict, count(*), count(problems) FILTER (WHERE verdict <> 'refused') FROM {_ITEM}"
            " WHERE run_id = %s GROUP BY kind, verdict",
            [run.pk],
        )
        rows = cursor.fetchall()
    for kind, verdict, count, _warned in rows:
        verdicts.setdefault(kind, {})[verdict] = count
    run.counts["verdicts"] = verdicts
    run.counts["warnings"] = sum(warned for *_rest, warned in rows)
    run.items_total = sum(
        count for _kind, verdict, count, _warned in rows if verdict in (Verdict.NEW, Verdict.CHANGED)
    )
    run.items_done = 0
