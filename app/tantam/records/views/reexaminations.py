from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.permissions import Permission
from tantam.lib.errors import Refusal
from tantam.patients.access import patient_for
from tantam.records import access
from tantam.records.forms.fields import ReasonForm
from tantam.records.forms.reexaminations import DoctorForm, MoveForm, PlanForm
from tantam.records.models import Reexamination
from tantam.records.operations import (
    cancel_reexamination,
    change_responsible_doctor,
    confirm_reexamination,
    move_reexamination,
    plan_reexamination,
)
from tantam.records.queries import closed_day
from tantam.records.views.answers import changed, refused
from tantam.ui.moments import day as in_words
from tantam.ui.moments import weekday
from tantam.ui.refusals import refusals_shown_on


def _opened(request: StaffRequest, reexamination_id: int) -> Reexamination:
    """The row behind a dialog that shows whose date it is: a part of the page it opens from, else a look (D9)."""
    row = access.reexamination_for(request.member, reexamination_id, Permission.REEXAMINATION_PLAN)
    patient_for(request.member, row.patient_id, look="reexamination", is_part=True)
    return row


def _when(day: date) -> str:
    return f"{weekday(day)}, {in_words(day)}"


@requires(Permission.REEXAMINATION_PLAN, anywhere=True)
@require_http_methods(["GET", "POST"])
def move(request: StaffRequest, reexamination_id: int) -> HttpResponse:
    """The dialog that moves a re-examination; a page of its own without JavaScript."""
    row = _opened(request, reexamination_id)
    form = MoveForm(request.POST or None, initial={"due_on": row.due_on, "at_time": row.at_time})
    if request.method == "POST" and form.is_valid():
        with refusals_shown_on(form):
            row = move_reexamination(row, **form.cleaned_data, actor=request.member)
        if not form.errors:
            closed = closed_day(row.site, row.due_on)
            words = _("Re-examination moved to %(day)s.") % {"day": _when(row.due_on)}
            if closed is not None:
                words += " " + _("%(site)s is closed that day.") % {"site": row.site.name}
            return changed(request, row.patient_id, words, kind="wait" if closed else "good")
    day = form.cleaned_data.get("due_on") if form.is_bound and form.errors else None
    context = {"reexamination": row, "form": form, "closed": closed_day(row.site, day or row.due_on)}
    template = "records/move.html#form" if request.htmx else "records/move.html"
    return render(request, template, context, status=422 if form.errors else 200)


@requires(Permission.REEXAMINATION_PLAN, anywhere=True)
@require_GET
def day_check(request: StaffRequest, reexamination_id: int) -> HttpResponse:
    """Whether the site works on the day being typed, and the next one on which it does. Empty when it does."""
    row = access.reexamination_for(request.member, reexamination_id, Permission.REEXAMINATION_PLAN)
    form = MoveForm(request.GET)
    form.is_valid()
    day = form.cleaned_data.get("due_on") or parse_date(request.GET.get("due_on", "")[:10])
    return render(
        request,
        "records/move.html#closed",
        {"closed": closed_day(row.site, day) if day else None, "reexamination": row},
    )


@requires(Permission.REEXAMINATION_PLAN, anywhere=True)
@require_POST
def confirmation(request: StaffRequest, reexamination_id: int) -> HttpResponse:
    """The patient says they will come. A refusal is shown as a note: there is nothing typed to lose."""
    row = access.reexamination_for(request.member, reexamination_id, Permission.REEXAMINATION_PLAN)
    try:
        row = confirm_reexamination(row, actor=request.member)
    except Refusal as refusal:
        return refused(request, row.patient_id, refusal)
    words = _("Confirmed: the patient comes on %(day)s.") % {"day": _when(row.due_on)}
    return changed(request, row.patient_id, words)


@requires(Permission.REEXAMINATION_PLAN, anywhere=True)
@require_http_methods(["GET", "POST"])
def cancellation(request: StaffRequest, reexamination_id: int) -> HttpResponse:
    row = _opened(request, reexamination_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_shown_on(form):
            cancel_reexamination(row, **form.cleaned_data, actor=request.member)
        if not form.errors:
            return changed(request, row.patient_id, _("The re-examination is cancelled."))
    template = (
        "records/cancel_reexamination.html#form" if request.htmx else "records/cancel_reexamination.html"
    )
    return render(request, template, {"reexamination": row, "form": form}, status=422 if form.errors else 200)


@requires(Permission.REEXAMINATION_PLAN, anywhere=True)
@require_http_methods(["GET", "POST"])
def doctor(request: StaffRequest, reexamination_id: int) -> HttpResponse:
    """Another responsible doctor for a re-examination (B7)."""
    row = _opened(request, reexamination_id)
    form = DoctorForm(request.POST or None, site=row.site)
    if request.method == "POST" and form.is_valid():
        with refusals_shown_on(form):
            row = change_responsible_doctor(row, **form.cleaned_data, actor=request.member)
        if not form.errors:
            words = _("%(doctor)s is now the responsible doctor.") % {"doctor": row.doctor}
            return changed(request, row.patient_id, words)
    template = "records/doctor.html#form" if request.htmx else "records/doctor.html"
    return render(request, template, {"reexamination": row, "form": form}, status=422 if form.errors else 200)


@requires(Permission.REEXAMINATION_PLAN)
@require_http_methods(["GET", "POST"])
def plan(request: StaffRequest, patient_id: int) -> HttpResponse:
    """A re-examination set between visits, at the member's current site."""
    patient = patient_for(request.member, patient_id, look="reexamination", is_part=True)
    form = PlanForm(request.POST or None, site=request.site)
    if request.method == "POST" and form.is_valid():
        with refusals_shown_on(form):
            chosen = form.cleaned_data["doctor"]
            planned = plan_reexamination(
                patient,
                site=request.site,
                speciality=chosen.speciality if chosen else None,
                **form.cleaned_data,
                actor=request.member,
            )
            words = _("Re-examination planned for %(day)s.") % {"day": _when(planned.due_on)}
            return changed(request, patient.pk, words)
    template = "records/plan.html#form" if request.htmx else "records/plan.html"
    return render(request, template, {"patient": patient, "form": form}, status=422 if form.errors else 200)
