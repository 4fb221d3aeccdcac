from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.permissions import Permission
from tantam.lib.numbers import whole_number
from tantam.lib.sheets_out import csv_file
from tantam.patients.queries.header import header_for
from tantam.patients.registries.tabs import patient_tabs
from tantam.privacy import access
from tantam.privacy.forms.looks import LooksForm
from tantam.privacy.operations import note_looks_file
from tantam.privacy.queries import (
    every_look,
    looks_at,
    onlookers,
)

LOOKS_ON_A_PAGE = 50


@requires(Permission.LOOKS_SEE)
@require_GET
def looks(request: StaffRequest, patient_id: int) -> HttpResponse:
    """Who looked at this patient's record: when, who, from which page (D9)."""
    patient = access.patient_whose_looks(request.member, patient_id, is_part=bool(request.htmx))
    form = LooksForm(request.GET or None, onlookers=onlookers(patient))
    rows = looks_at(
        patient,
        form.asked(),
        before=whole_number(request.GET.get("before")),
        limit=LOOKS_ON_A_PAGE + 1,
    )
    shown = rows[:LOOKS_ON_A_PAGE]
    query = request.GET.copy()
    query.pop("before", None)
    more = ""
    if len(rows) > LOOKS_ON_A_PAGE:
        following = query.copy()
        following["before"] = str(shown[-1].id)
        more = f"?{following.urlencode()}"
    return render(
        request,
        "privacy/looks.html",
        {
            "patient": patient,
            "header": header_for(patient, viewer=request.member),
            "tabs": patient_tabs(patient.pk, request.permissions),
            "form": form,
            "looks": shown,
            "more": more,
            "query": query.urlencode(),
        },
    )


@requires(Permission.LOOKS_SEE, confirms="always")
@require_GET
def looks_file(request: StaffRequest, patient_id: int) -> StreamingHttpResponse:
    """The list of who looked as CSV, to give to the patient; no cell can run as a formula."""
    patient = access.patient_whose_looks(request.member, patient_id, is_part=True)
    asked = LooksForm(request.GET or None, onlookers=onlookers(patient)).asked()
    note_looks_file(patient, actor=request.member)

    def rows() -> Iterator[list[object]]:
        yield [_("When"), _("Looked at by"), _("Job"), _("Page"), _("Site")]
        for look in every_look(patient, asked):
            at = timezone.localtime(look.at).strftime("%d/%m/%Y %H:%M:%S")
            yield [at, look.who, look.job_title, look.page, look.site]

    return csv_file(f"{patient.code}-looks.csv", rows())
