from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.permissions import Permission
from tantam.journal.operations import note_list
from tantam.patients.access import patients_found
from tantam.patients.queries.recent import recently_looked_at

SHOWN = 30


@requires(Permission.PATIENT_FIND)
@require_GET
def find(request: StaffRequest) -> HttpResponse:
    """Find a patient; before anything is typed, those one looked at last."""
    text = request.GET.get("q", "").strip()
    results = patients_found(request.member, text, limit=SHOWN) if text else None
    recent = [] if text else recently_looked_at(request.member)
    note_list(request.member, "recent", [one.id for one in recent])
    context = {
        "text": text,
        "results": results,
        "recent": recent,
        # What was typed and not found is carried into the empty form.
        "register_query": urlencode({"typed": text}),
        "may_register": Permission.PATIENT_REGISTER in request.permissions,
    }
    template = "patients/find.html#results" if request.htmx else "patients/find.html"
    return render(request, template, context)
