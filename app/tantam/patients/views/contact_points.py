from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.permissions import Permission
from tantam.lib.errors import Refusal
from tantam.patients import access
from tantam.patients.forms.contact_points import ContactPointForm
from tantam.patients.operations import (
    add_contact_point,
    correct_contact_point,
    mark_contact_right,
    mark_contact_wrong,
    prefer_contact_point,
    remove_contact_point,
    verify_contact_point,
)
from tantam.patients.views.details import context_of, done, shown
from tantam.ui.refusals import refusals_shown_on
from tantam.ui.toasts import toast

_STATES: dict[str, tuple[Callable[..., Any], str | Promise]] = {
    "preferred": (prefer_contact_point, gettext_lazy("This is now tried first.")),
    "wrong": (mark_contact_wrong, gettext_lazy("Marked as wrong. It is not tried again.")),
    "right": (mark_contact_right, gettext_lazy("The number works again.")),
    "verified": (verify_contact_point, gettext_lazy("Noted: checked with the patient today.")),
    "removed": (remove_contact_point, gettext_lazy("Contact point removed.")),
}


@requires(Permission.PATIENT_EDIT)
@require_http_methods(["GET", "POST"])
def contact_points(request: StaffRequest, patient_id: int) -> HttpResponse:
    """Add a way to reach the patient."""
    patient = access.patient_for(request.member, patient_id, look="details", is_part=True)
    form = ContactPointForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with refusals_shown_on(form):
            add_contact_point(patient, form.new(), actor=request.member)
        if not form.errors:
            return done(request, patient, _("Contact point added."))
    return shown(request, context_of(request, patient, point_form=form), status=422 if form.errors else 200)


@requires(Permission.PATIENT_EDIT)
@require_http_methods(["GET", "POST"])
def contact_point(request: StaffRequest, patient_id: int, point_id: int) -> HttpResponse:
    """Correct a way to reach the patient."""
    point = access.contact_point_for(request.member, patient_id, point_id)
    access.patient_for(request.member, patient_id, look="details", is_part=True)
    form = ContactPointForm(request.POST if request.method == "POST" else None, point=point)
    if form.is_bound and form.is_valid():
        with refusals_shown_on(form):
            correct_contact_point(point, form.new(), actor=request.member)
        if not form.errors:
            return done(request, point.patient, _("Contact point saved."))
    return shown(
        request,
        context_of(request, point.patient, point_form=form, edited_point=point),
        status=422 if form.errors else 200,
    )


@requires(Permission.PATIENT_EDIT)
@require_POST
def state(request: StaffRequest, patient_id: int, point_id: int) -> HttpResponse:
    """Prefer a contact point, mark it wrong or right, note it as checked, or take it off."""
    point = access.contact_point_for(request.member, patient_id, point_id)
    access.patient_for(request.member, patient_id, look="details", is_part=True)
    try:
        act, words = _STATES[request.POST.get("state", "")]
    except KeyError:
        raise Http404 from None
    try:
        act(point, actor=request.member)
    except Refusal as refusal:
        if not request.htmx:
            messages.error(request, str(refusal))
            return redirect("patients:details", patient_id)
        answer = shown(request, context_of(request, point.patient), status=422)
        return toast(answer, refusal, kind="wait")
    return done(request, point.patient, str(words))
