from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.urls import reverse
from django.views.decorators.http import require_GET

from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.permissions import Permission
from tantam.patients.access import patients_found

SHORTEST = 2
IN_THE_BAR, ON_THE_PAGE = 10, 30


def _registering(request: StaffRequest, text: str) -> str:
    """Where somebody not found is registered, with what was typed; empty for who may not."""
    if Permission.PATIENT_REGISTER not in request.permissions:
        return ""
    return f"{reverse('patients:register')}?{urlencode({'typed': text.strip()[:120]})}"


@requires(Permission.PATIENT_FIND, anywhere=True)
@require_GET
def search(request: StaffRequest) -> HttpResponse:
    """Patients by name, phone, code or number: options for the search in the bar, a page without JavaScript (J1).

    The options are the most asked page of the product, so they are rendered without request context.
    """
    text = request.GET.get("q", "")
    if request.htmx and not request.htmx.history_restore_request:
        if len(text.strip()) < SHORTEST:
            return HttpResponse()
        found = patients_found(request.member, text, limit=IN_THE_BAR)
        context = {"found": found, "register": _registering(request, text) if not found.patients else ""}
        return HttpResponse(get_template("desk/search_options.html").render(context | {"text": text.strip()}))
    found = patients_found(request.member, text, limit=ON_THE_PAGE)
    context = {"found": found, "text": text.strip(), "register": _registering(request, text)}
    return render(request, "desk/search.html", context)
