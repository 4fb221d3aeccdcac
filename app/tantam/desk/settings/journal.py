from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from django.db.models import Q
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone

from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.models import Member
from tantam.accounts.permissions import Permission
from tantam.journal.models import Entry
from tantam.journal.registries.labels import event_choices, event_label
from tantam.lib.dates import parse_day
from tantam.lib.errors import Refusal
from tantam.lib.numbers import whole_number
from tantam.lib.sheets_out import csv_file
from tantam.lib.text import drop_controls

PAGE = 50
EXPORT_LIMIT = 50_000


@requires(Permission.JOURNAL_READ, anywhere=True)
def entries(request: StaffRequest) -> HttpResponse:
    """The journal, newest first: what was done, by whom, to what; filtered by event, member, patient and day."""
    rows = _filtered(request)
    if (before := whole_number(request.GET.get("before"))) is not None:
        rows = rows.filter(pk__lt=before)
    page = list(rows[: PAGE + 1])
    context = {
        "entries": [(entry, event_label(entry.event)) for entry in page[:PAGE]],
        "next_before": page[PAGE - 1].pk if len(page) > PAGE else None,
        "events": event_choices(),
        "members": Member.objects.order_by("name_key").values_list("pk", "full_name")[:500],
        "chosen": request.GET,
    }
    template = (
        "desk/settings/journal.html#rows"
        if request.headers.get("HX-Request")
        else "desk/settings/journal.html"
    )
    return render(request, template, context)


def _filtered(request: StaffRequest) -> Any:
    """The entries the address asks for: of sites whose journal the member reads, and those of no site."""
    sites = request.member.sites_where(Permission.JOURNAL_READ)
    rows = Entry.objects.filter(Q(site_id__isnull=True) | Q(site_id__in=sites))
    rows = rows.select_related("actor").order_by("-pk")
    chosen = request.GET
    if chosen.get("event"):
        rows = rows.filter(event=drop_controls(chosen["event"]))
    for name in ("actor_id", "patient_id"):
        if (number := whole_number(chosen.get(name.removesuffix("_id")))) is not None:
            rows = rows.filter(**{name: number})
    for name, lookup in (("from", "at__gte"), ("to", "at__lt")):
        day = _day(chosen.get(name, ""))
        if day is not None:
            moment = timezone.make_aware(datetime.combine(day, time.max if name == "to" else time.min))
            rows = rows.filter(**{lookup: moment})
    return rows


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return parse_day(text, today=timezone.localdate())
    except Refusal:
        return None


@requires(Permission.JOURNAL_READ, anywhere=True)
def export(request: StaffRequest) -> StreamingHttpResponse:
    """The filtered journal as CSV, at most 50,000 lines, cells safe to open in a spreadsheet."""

    def rows() -> Iterator[list[object]]:
        yield ["id", "at", "event", "actor", "subject", "subject_id", "patient_id", "details"]
        for entry in _filtered(request)[:EXPORT_LIMIT].iterator(chunk_size=1000):
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
