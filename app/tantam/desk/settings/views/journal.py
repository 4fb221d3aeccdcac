from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.permissions import Permission
from tantam.desk.queries.sentences import in_sentences
from tantam.desk.settings.queries import entries_to_export, journal_page, journal_size, members_by_name
from tantam.journal.operations import note_file, note_list
from tantam.journal.registries.labels import event_choices
from tantam.lib.numbers import whole_number
from tantam.lib.sheets_out import csv_file

EXPORT_LIMIT = 50_000


@requires(Permission.JOURNAL_READ, anywhere=True)
@require_safe
def entries(request: StaffRequest) -> HttpResponse:
    """The journal, newest first: what was done, by whom, to what; filtered by event, member, patient and day."""
    page = journal_page(request.member, request.GET)
    named = [entry.patient_id for entry in page.entries if entry.patient_id is not None]
    note_list(request.member, "journal", named)
    context = {
        "entries": list(zip(page.entries, in_sentences(page.entries, request.member), strict=True)),
        "next_before": page.next_before,
        "events": event_choices(),
        "members": members_by_name(),
        "chosen": request.GET,
    }
    template = (
        "desk/settings/journal.html#rows"
        if request.headers.get("HX-Request")
        else "desk/settings/journal.html"
    )
    return render(request, template, context)


@requires(Permission.JOURNAL_READ, anywhere=True, confirms="always")
@require_safe
def export(request: StaffRequest) -> StreamingHttpResponse:
    """The filtered journal as CSV, at most 50,000 lines, cells safe to open in a spreadsheet; an entry says so."""
    note_file(
        count=journal_size(request.member, request.GET, most=EXPORT_LIMIT),
        patient_id=whole_number(request.GET.get("patient")),
        actor=request.member,
    )

    def rows() -> Iterator[list[object]]:
        yield ["id", "at", "event", "actor", "subject", "subject_id", "patient_id", "details"]
        for entry in entries_to_export(request.member, request.GET, limit=EXPORT_LIMIT):
            yield [
                entry.pk,
                entry.at.isoformat(),
                entry.event,
                entry.actor and entry.actor.username,
                entry.subject_type,
                entry.subject_id,
                entry.patient_id,
                str(entry.details),
            ]

    return csv_file("journal.csv", rows())
