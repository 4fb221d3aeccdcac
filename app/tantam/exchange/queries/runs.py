"""What people see of imports: the list, and one import with what the check found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tantam.accounts.models import Member
from tantam.accounts.permissions import Permission
from tantam.exchange.engine.drafts import Kind
from tantam.exchange.models import ImportFile, ImportRun, StagedItem, Verdict

RUNS_SHOWN = 50
FILES_SHOWN = 200
REFUSALS_SHOWN = 50
_VERDICTS = (Verdict.NEW, Verdict.CHANGED, Verdict.UNCHANGED, Verdict.REFUSED)
_VERDICTS_IN_LISTS = (Verdict.NEW, Verdict.CHANGED, Verdict.REFUSED)


def newest_runs(member: Member) -> list[tuple[ImportRun, list[int]]]:
    """The imports of the member's sites, newest first, at most fifty, with how many are new, changed, refused."""
    sites = member.sites_where(Permission.IMPORT_RUN)
    rows = ImportRun.objects.filter(source__site__in=sites).select_related("source__site", "member")
    return [
        (run, [run.verdict_count(verdict) for verdict in _VERDICTS_IN_LISTS])
        for run in rows.order_by("-pk")[:RUNS_SHOWN]
    ]


@dataclass(frozen=True, slots=True)
class RunPage:
    """One import: its files, counts by kind (new, changed, unchanged, refused) and in all, the first refusals."""

    files: Sequence[ImportFile]
    verdicts: Sequence[tuple[str, list[int]]]
    totals: Sequence[int]
    refused: Sequence[tuple[StagedItem, str]]
    has_more_refused: bool


def run_page(run: ImportRun) -> RunPage:
    refused = refused_items(run, limit=REFUSALS_SHOWN + 1)
    return RunPage(
        files=list(run.files.all()[:FILES_SHOWN]),
        verdicts=[
            (str(Kind(kind).label), [by_verdict.get(verdict, 0) for verdict in _VERDICTS])
            for kind, by_verdict in sorted(run.counts["verdicts"].items())
        ],
        totals=[run.verdict_count(verdict) for verdict in _VERDICTS],
        refused=[(item, str(Kind(item.kind).label)) for item in refused[:REFUSALS_SHOWN]],
        has_more_refused=len(refused) > REFUSALS_SHOWN,
    )


def refused_items(run: ImportRun, *, limit: int) -> list[StagedItem]:
    """The first so many things that were refused."""
    return list(StagedItem.objects.filter(run=run, verdict=Verdict.REFUSED).order_by("rank", "seq")[:limit])
