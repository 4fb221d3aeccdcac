from __future__ import annotations

import json

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from tantam.accounts.door import StaffRequest, signed_in
from tantam.desk.queries.bell import bell_page, unread_in_words
from tantam.journal.operations import note_list, read_bell
from tantam.lib.numbers import whole_number

IN_THE_BELL, ON_THE_PAGE = 8, 50


@signed_in
@require_GET
def bell(request: StaffRequest) -> HttpResponse:
    """What colleagues and the system told the member: the bell's list, its count, or the page of all (B7)."""
    if "count" in request.GET:
        return HttpResponse(unread_in_words(request.member))
    in_the_menu = bool(request.htmx) and "page" not in request.GET
    page = bell_page(
        request.member,
        limit=IN_THE_BELL if in_the_menu else ON_THE_PAGE,
        before=whole_number(request.GET.get("before")),
    )
    note_list(request.member, "bell", page.patient_ids)
    context = {
        "told": page.told,
        "newest": page.newest or "",
        "any_unread": page.any_unread,
        "next": f"?page&before={page.before}" if page.before else "",
    }
    return render(request, "desk/bell_menu.html" if in_the_menu else "desk/bell.html", context)


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
