from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.permissions import Permission
from tantam.exchange import access
from tantam.exchange.engine.sheets.columns import IGNORED, Column
from tantam.exchange.forms.upload import meanings
from tantam.exchange.operations.runs import start_reading
from tantam.exchange.operations.sources import remember_columns
from tantam.exchange.queries.samples import SheetSample, samples_of
from tantam.ui.refusals import refusals_shown_on


@requires(Permission.IMPORT_RUN, anywhere=True)
@require_http_methods(["GET", "HEAD", "POST"])
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


def _shown(number: int, sample: SheetSample, request: StaffRequest) -> dict[str, object]:
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
