from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.permissions import Permission
from tantam.exchange import access
from tantam.exchange.forms import ImportForm, meanings
from tantam.exchange.labels import kind_label
from tantam.exchange.matching_columns import samples_of
from tantam.exchange.models import ImportRun, RunState, StagedItem, Verdict
from tantam.exchange.operations import (
    Upload,
    add_source,
    discard_run,
    receive_files,
    remember_columns,
    resume_run,
    start_applying,
    start_reading,
    stop_run,
)
from tantam.exchange.sheets.columns import IGNORED, Column
from tantam.facility.queries import sites_by_id
from tantam.lib.sheets_out import safe_cell
from tantam.ui.refusals import refusals_shown_on

MAY_IMPORT = requires(Permission.IMPORT_RUN, anywhere=True)
RUNS_SHOWN = 50
REFUSALS_SHOWN = 50
_SHOWN_VERDICTS = (Verdict.NEW, Verdict.CHANGED, Verdict.UNCHANGED, Verdict.REFUSED)


@MAY_IMPORT
def runs(request: StaffRequest) -> HttpResponse:
    """The imports of the member's sites, newest first."""
    sites = request.member.sites_where(Permission.IMPORT_RUN)
    rows = ImportRun.objects.filter(source__site__in=sites).select_related("source__site", "member")
    shown = [
        (run, [run.verdict_count(verdict) for verdict in (Verdict.NEW, Verdict.CHANGED, Verdict.REFUSED)])
        for run in rows.order_by("-pk")[:RUNS_SHOWN]
    ]
    return render(request, "exchange/runs.html", {"runs": shown})


@MAY_IMPORT
def new(request: StaffRequest) -> HttpResponse:
    """Choose a source and files; sheets go on to the matching of their columns, the rest is checked at once."""
    known = sites_by_id()
    sites = [
        known[site_id] for site_id in request.member.sites_where(Permission.IMPORT_RUN) if site_id in known
    ]
    sources = access.sources_for(request.member)
    form = ImportForm(request.POST or None, request.FILES or None, sources=sources, sites=sites)
    if request.method == "POST" and form.is_valid():
        with refusals_shown_on(form):
            data = form.cleaned_data
            source = data["source"] or add_source(
                name=data["name"], site=data["site"], kind=form.kind, actor=request.member
            )
            uploads = [Upload(file.name, file.file) for file in data["uploads"]]
            run = receive_files(source, uploads=uploads, actor=request.member)
            if samples_of(run):
                return redirect("exchange:columns", run_id=run.pk)
            start_reading(run, actor=request.member)
            return redirect("exchange:run", run_id=run.pk)
    return render(request, "exchange/new.html", {"form": form}, status=422 if form.errors else 200)


@MAY_IMPORT
def columns(request: StaffRequest, run_id: int) -> HttpResponse:
    """What each column of the sheets means: guessed, shown with examples, corrected, remembered for the source."""
    run = access.run_for(request.member, run_id)
    if run.phase.is_working or run.phase.is_over:
        return redirect("exchange:run", run_id=run.pk)
    samples = samples_of(run)
    error = ""
    if request.method == "POST":
        chosen = {
            sample.heading.signature: _chosen(request, number, sample.heading.headers)
            for number, sample in enumerate(samples)
        }
        error = next(filter(None, map(_doubled, chosen.values())), "")
        if not error:
            with refusals_shown_on(request):
                source = remember_columns(run.source, columns=chosen, actor=request.member)
                run.source = source
                start_reading(run, actor=request.member)
            return redirect("exchange:run", run_id=run.pk)
        samples = samples_of(run)
    context = {
        "run": run,
        "samples": [_shown(number, sample, request) for number, sample in enumerate(samples)],
        "meanings": meanings(),
        "error": error,
    }
    return render(request, "exchange/columns.html", context, status=422 if error else 200)


def _chosen(request: StaffRequest, number: int, headers: tuple[str, ...]) -> dict[str, str]:
    meant = {}
    for place, header in enumerate(headers):
        value = request.POST.get(f"sheet-{number}-{place}", IGNORED)
        meant[header] = value if value in Column.values else IGNORED
    return meant


def _doubled(meant: dict[str, str]) -> str:
    """The sentence that says which meaning was given to two columns, or nothing."""
    seen: dict[str, str] = {}
    for header, value in meant.items():
        if value != IGNORED and value in seen:
            label = Column(value).label
            return _("“%(first)s” and “%(second)s” are both “%(meaning)s”. Leave one of them out.") % {
                "first": seen[value], "second": header, "meaning": label,
            }  # fmt: skip
        seen[value] = header
    return ""


def _shown(number: int, sample: Any, request: StaffRequest) -> dict[str, Any]:
    rows = []
    for place, (header, column) in enumerate(
        zip(sample.heading.headers, sample.heading.columns, strict=True)
    ):
        name = f"sheet-{number}-{place}"
        current = request.POST.get(name) or (column.value if column else IGNORED)
        rows.append(
            {"name": name, "header": header, "current": current, "examples": sample.examples[place][:3]}
        )
    return {"file": sample.file, "row": sample.heading.row, "columns": rows}


@MAY_IMPORT
def run(request: StaffRequest, run_id: int) -> HttpResponse:
    """One import: how far it is, what the check found, what was refused and why, and what to do now."""
    row = access.run_for(request.member, run_id)
    verdicts = [
        (kind_label(kind), [by_verdict.get(verdict, 0) for verdict in _SHOWN_VERDICTS])
        for kind, by_verdict in sorted(row.counts["verdicts"].items())
    ]
    items = StagedItem.objects.filter(run=row, verdict=Verdict.REFUSED).order_by("rank", "seq")
    refused = list(items[: REFUSALS_SHOWN + 1])
    context = {
        "run": row,
        "files": list(row.files.all()[:200]),
        "verdicts": verdicts,
        "totals": [row.verdict_count(verdict) for verdict in _SHOWN_VERDICTS],
        "resources": sorted(row.counts["resources"].items()),
        "applied": sorted(row.counts["applied"].items()),
        "refused": [(item, kind_label(item.kind)) for item in refused[:REFUSALS_SHOWN]],
        "has_more_refused": len(refused) > REFUSALS_SHOWN,
        "has_sheets": row.source.kind == "sheet",
        "is_working": row.phase.is_working,
        "is_done": row.state == RunState.DONE,
    }
    template = "exchange/run.html#run" if request.headers.get("HX-Request") else "exchange/run.html"
    return render(request, template, context)


_STEPS = {
    "check": start_reading,
    "apply": start_applying,
    "stop": stop_run,
    "resume": resume_run,
    "discard": discard_run,
}


@MAY_IMPORT
@require_POST
def step(request: StaffRequest, run_id: int) -> HttpResponse:
    """Check, take in, stop, go on, or forget an import (`what`)."""
    row = access.run_for(request.member, run_id)
    act = _STEPS.get(request.POST.get("what", ""))
    if act is not None:
        with refusals_shown_on(request):
            act(row, actor=request.member)
            if act is discard_run:
                messages.success(request, _("The import is forgotten."))
                return redirect("exchange:runs")
    return redirect("exchange:run", run_id=row.pk)


class _Line:
    def write(self, line: str) -> str:
        return line


@MAY_IMPORT
def refusals(request: StaffRequest, run_id: int) -> StreamingHttpResponse:
    """Everything refused or noted, as CSV: file, row, column, value, reason. Cells are safe to open in Excel."""
    row = access.run_for(request.member, run_id)

    def lines() -> Iterator[str]:
        writer = csv.writer(_Line())
        yield "\ufeff" + writer.writerow(
            [_("File"), _("Row"), _("What"), _("Verdict"), _("Column"), _("Value"), _("Reason")]
        )
        items = StagedItem.objects.filter(run=row).worth_saying().order_by("rank", "seq")
        for item in items.iterator(chunk_size=1000):
            for problem in item.noted:
                about = [item.file, item.row, kind_label(item.kind), item.get_verdict_display()]
                cells = [*about, problem.place, problem.value, problem.sentence]
                yield writer.writerow([safe_cell("" if cell is None else str(cell)) for cell in cells])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{row.pk}.csv"'
    return response
