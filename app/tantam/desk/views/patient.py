from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.permissions import Permission
from tantam.desk.queries.overview import overview
from tantam.patients.access import patient_for
from tantam.patients.models import Patient
from tantam.patients.queries.header import header_for
from tantam.patients.registries.tabs import patient_tabs
from tantam.records.queries import Cursor, kinds_for, timeline


def _page(request: StaffRequest, patient: Patient) -> dict[str, object]:
    return {
        "overview": overview(patient, request.member, site_id=request.site.pk if request.site else None),
        "patient": patient,
        "tabs": patient_tabs(patient.pk, request.permissions),
    }


@requires(Permission.PATIENT_FIND, anywhere=True)
@require_GET
def patient(request: StaffRequest, patient_id: int) -> HttpResponse:
    """The patient's page: what anyone who cares for them now has to know (B2, B3, B6, D9)."""
    row = patient_for(request.member, patient_id, look="patient_page")
    return render(request, "desk/patient.html", _page(request, row))


@requires(Permission.PATIENT_FIND, anywhere=True)
@require_GET
def summary(request: StaffRequest, patient_id: int) -> HttpResponse:
    """The same page's parts again, after an act changed the record. The look was noted with the page."""
    row = patient_for(request.member, patient_id, look="patient_page", is_part=True)
    return render(request, "desk/patient.html#summary", _page(request, row))


@requires(Permission.PATIENT_FIND, anywhere=True)
@require_GET
def timeline_page(request: StaffRequest, patient_id: int) -> HttpResponse:
    """One timeline of visits, medicines, allergies, dates, calls and consents (B3), page by page."""
    row = patient_for(request.member, patient_id, look="timeline", is_part=bool(request.htmx))
    offered = kinds_for(request.member)
    kind = request.GET.get("kind", "")
    chosen = {kind} if kind in dict(offered) else set()
    before = Cursor.parse(request.GET.get("before", ""))
    page = timeline(row.pk, request.member, before=before, limit=30, kinds=chosen)
    here = reverse("desk:timeline", args=[row.pk])
    following = {"kind": kind if chosen else "", "before": str(page.next)}
    context = {
        "patient": row,
        "entries": page.entries,
        "next": f"{here}?{urlencode(following)}" if page.next else "",
        "kind": kind if chosen else "",
        "kinds": offered,
    }
    if request.htmx:
        return render(request, "desk/timeline.html#entries", context)
    context["header"] = header_for(row, viewer=request.member)
    context["tabs"] = patient_tabs(row.pk, request.permissions)
    return render(request, "desk/timeline.html", context)
