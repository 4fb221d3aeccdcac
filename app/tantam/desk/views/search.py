from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.views.decorators.http import require_GET

from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.permissions import Permission
from tantam.patients.access import patients_found

SHORTEST = 2
IN_THE_BAR, ON_THE_PAGE = 10, 30


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
        return HttpResponse(get_template("desk/search_options.html").render({"found": found}))
    found = patients_found(request.member, text, limit=ON_THE_PAGE)
    may_register = Permission.PATIENT_REGISTER in request.permissions
    context = {"found": found, "text": text.strip(), "may_register": may_register}
    return render(request, "desk/search.html", context)
