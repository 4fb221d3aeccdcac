from __future__ import annotations

import json
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET, require_POST

from tantam.accounts.door import StaffRequest, signed_in
from tantam.accounts.permissions import Permission
from tantam.journal.models import BellItem
from tantam.journal.operations import note_list, read_bell
from tantam.journal.registries.bell import words_for
from tantam.lib.numbers import whole_number
from tantam.patients.models import Patient

IN_THE_BELL, ON_THE_PAGE = 8, 50
MOST_COUNTED = 99


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An item of the bell in words."""

    item: BellItem
    words: SafeString
    icon: str

    @property
    def is_unread(self) -> bool:
        return self.item.read_at is None


def _shown(request: StaffRequest, rows: list[BellItem]) -> list[ShownItem]:
    """The items in words; patients by name for those who may find patients, in one query."""
    ids = {row.patient_id for row in rows if row.patient_id is not None}
    patients: dict[int, Patient] = {}
    if ids and request.member.may(Permission.PATIENT_FIND):
        patients = Patient.objects.only("full_name", "code").in_bulk(ids)
    shown = []
    for row in rows:
        words = words_for(row.kind)
        context = {"item": row, "details": row.details, "patient": patients.get(row.patient_id or 0)}
        shown.append(ShownItem(row, mark_safe(render_to_string(words.template, context).strip()), words.icon))
    return shown


@signed_in
@require_GET
def bell(request: StaffRequest) -> HttpResponse:
    """What colleagues and the system told the member: the bell's list, its count, or the page of all (B7)."""
    mine = BellItem.objects.filter(member=request.member)
    if "count" in request.GET:
        unread = mine.filter(read_at__isnull=True)[: MOST_COUNTED + 1].count()
        text = f"{MOST_COUNTED}+" if unread > MOST_COUNTED else str(unread or "")
        return HttpResponse(text)
    if (before := whole_number(request.GET.get("before"))) is not None:
        mine = mine.filter(pk__lt=before)
    limit = IN_THE_BELL if request.htmx and "page" not in request.GET else ON_THE_PAGE
    rows = list(mine.order_by("-pk")[: limit + 1])
    shown = _shown(request, rows[:limit])
    note_list(request.member, "bell", [row.patient_id for row in rows[:limit] if row.patient_id is not None])
    context = {
        "items": shown,
        "newest": shown[0].item.pk if shown else "",
        "any_unread": any(one.is_unread for one in shown),
        "next": f"?page&before={rows[limit - 1].pk}" if len(rows) > limit else "",
    }
    if request.htmx and "page" not in request.GET:
        return render(request, "desk/bell_menu.html", context)
    return render(request, "desk/bell.html", context)


@signed_in
@require_POST
def read(request: StaffRequest) -> HttpResponse:
    """Mark as read everything up to the newest one shown; what came meanwhile stays new."""
    read_bell(request.member, before=whole_number(request.POST.get("upto")))
    if not request.htmx:
        return redirect("desk:bell")
    answer = HttpResponse(status=204)
    # The count in the bar listens to this.
    answer.headers["HX-Trigger"] = json.dumps({"live:bell": None, "bell-read": None})
    return answer
