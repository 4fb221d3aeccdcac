"""The second half of the dry run: a verdict for every staged item. Nothing is written to any record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from django.db import connection, transaction

from tantam.exchange.engine.asking import ask
from tantam.exchange.engine.drafts import Kind, PatientDraft
from tantam.exchange.engine.matching import Known, Matcher
from tantam.exchange.engine.merging import merge_repeated, refused, save_verdicts, shared_people
from tantam.exchange.engine.naming import beside
from tantam.exchange.engine.waiting import Waiting, next_waiting
from tantam.exchange.models import (
    ImportedIdentity,
    ImportRun,
    Question,
    StagedAlias,
    StagedItem,
    Verdict,
)
from tantam.exchange.policy import ImportPolicy
from tantam.exchange.rules.matching import Match
from tantam.patients.rules.same_person import Fact

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
# What belongs to somebody who is asked about waits with them; its verdict is kept where a reason would stand.
_WITH_ASKED = f"""
    UPDATE {_ITEM} item SET verdict = 'asked', reason_code = item.verdict
    FROM {_ITEM} patient
    WHERE item.run_id = %(run)s AND item.rank > %(patients)s AND item.verdict IN ('new', 'changed', 'unchanged')
      AND patient.run_id = %(run)s AND patient.kind = 'patient' AND patient.external_id = item.patient_ref
      AND patient.verdict = 'asked'
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
        _by_main_name,
        merge_repeated,
        _compare,
        _match,
        _dependents,
    ):
        with transaction.atomic():
            step(run)
        pause()


def _by_main_name(run: ImportRun) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_BY_MAIN_NAME, {"run": run.pk})


def _compare(run: ImportRun) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_COMPARED, {"run": run.pk, "source": run.source_id})
        cursor.execute(_WITHDRAWN_UNKNOWN, {"run": run.pk})


def _dependents(run: ImportRun) -> None:
    """What belongs to a patient who is refused or unknown is refused with them; who is asked about, waits with them."""
    with connection.cursor() as cursor:
        cursor.execute(_WITH_ASKED, {"run": run.pk, "patients": Kind.PATIENT.rank + 1})
        cursor.execute(
            _WITHOUT_PATIENT, {"run": run.pk, "source": run.source_id, "patients": Kind.PATIENT.rank + 1}
        )


def _match(run: ImportRun) -> None:
    """New patients who are already ours become changed ones; where people must say, a question is kept."""
    Question.objects.filter(run=run).delete()
    matcher = Matcher(run.source, shared=shared_people(run))
    renamed = matched = 0
    for items in _patients(run):
        changed: list[StagedItem] = []
        asked: list[tuple[Waiting, PatientDraft, Match]] = []
        drafts = [draft for draft in (item.draft() for item in items) if isinstance(draft, PatientDraft)]
        matches = matcher.match(drafts, known_to(run, [draft.external_id for draft in drafts]))
        for item, draft in zip(items, drafts, strict=True):
            match = matches[item.external_id]
            problems = item.noted()
            matched += match.person is not None
            if match.problem is not None:
                changed.append(refused(item.id, problems, match.problem))
            elif match.is_question:
                renamed += _is_renaming(match)
                asked.append((item, draft, match))
                changed.append(
                    StagedItem(pk=item.id, verdict=Verdict.ASKED, reason_code="", problems=problems or None)
                )
            elif item.verdict == Verdict.NEW and match.person is not None and match.person.id is not None:
                changed.append(
                    StagedItem(pk=item.id, verdict=Verdict.CHANGED, reason_code="", problems=problems or None)
                )
        answered = known_to(
            run, [beside(item.external_id, draft) for item, draft, match in asked if match.is_before]
        )
        ask(run, asked, answered=set(answered))
        save_verdicts(changed)
    known = StagedItem.objects.filter(run=run, kind=Kind.PATIENT, verdict=Verdict.UNCHANGED).count()
    policy = ImportPolicy()
    run.counts["shifted"] = renamed if policy.looks_shifted(renamed, of=matched + known) else 0


def _is_renaming(match: Match) -> bool:
    """Whether somebody known would get another name or identity number."""
    assert match.comparison is not None
    return bool({Fact.NAME, Fact.IDENTITY} & set(match.comparison.contradictions))


def known_to(run: ImportRun, external_ids: Sequence[str]) -> dict[str, Known]:
    """Which of these the run's source has named before."""
    rows = ImportedIdentity.objects.filter(
        source=run.source_id, kind=Kind.PATIENT, external_id__among=external_ids
    ).values_list("external_id", "object_id", "marks")
    return {external_id: Known(object_id, marks) for external_id, object_id, marks in rows}


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
