from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.permissions import Permission
from tantam.exchange import access
from tantam.exchange.models import RunState
from tantam.exchange.operations.questions import confirm_shifted
from tantam.exchange.operations.runs import (
    discard_run,
    note_remarks,
    resume_run,
    start_applying,
    start_reading,
    stop_run,
)
from tantam.exchange.operations.undoing import start_undoing
from tantam.exchange.queries.remarks import remark_rows
from tantam.exchange.queries.runs import newest_runs, run_page
from tantam.journal.operations import note_list
from tantam.lib.sheets_out import csv_file
from tantam.ui.refusals import refusals_shown_on

MAY_IMPORT = requires(Permission.IMPORT_RUN, anywhere=True)


@MAY_IMPORT
@require_safe
def runs(request: StaffRequest) -> HttpResponse:
    """The imports of the member's sites, newest first."""
    return render(request, "exchange/runs.html", {"runs": newest_runs(request.member)})


@MAY_IMPORT
@require_safe
def run(request: StaffRequest, run_id: int) -> HttpResponse:
    """One import: how far it is, what the check found, what was refused and why, and what to do now."""
    row = access.run_for(request.member, run_id)
    found = run_page(row)
    context = {
        "run": row,
        "found": found,
        "has_sheets": row.source.kind == "sheet",
        "is_working": row.phase.is_working,
        "is_done": row.state == RunState.DONE,
        "may_open": request.member.may(Permission.PATIENT_FIND),
    }
    note_list(request.member, "import", found.patient_ids)
    if not request.htmx and (found.refused or found.remarked):
        note_remarks(row, actor=request.member)
    template = "exchange/run.html#run" if request.headers.get("HX-Request") else "exchange/run.html"
    return render(request, template, context)


_STEPS = {
    "check": start_reading,
    "apply": start_applying,
    "stop": stop_run,
    "resume": resume_run,
    "discard": discard_run,
    "confirm": confirm_shifted,
    "undo": start_undoing,
}


@MAY_IMPORT
@require_POST
def step(request: StaffRequest, run_id: int) -> HttpResponse:
    """Check, take in, stop, go on, forget or take back an import, or confirm that its sheet is right (`what`)."""
    row = access.run_for(request.member, run_id)
    act = _STEPS.get(request.POST.get("what", ""))
    if act is not None:
        with refusals_shown_on(request):
            act(row, actor=request.member)
            if act is discard_run:
                messages.success(request, _("The import is forgotten."))
                return redirect("exchange:runs")
    return redirect("exchange:run", run_id=row.pk)


@requires(Permission.IMPORT_RUN, anywhere=True, confirms="always")
@require_safe
def refusals(request: StaffRequest, run_id: int) -> StreamingHttpResponse:
    """Everything refused or remarked on, as CSV: file, row, column, value, reason."""
    row = access.run_for(request.member, run_id)
    note_remarks(row, saved=True, actor=request.member)
    return csv_file(f"import-{row.pk}.csv", remark_rows(row))
