"""A message a care rule asks for, sent by hand until a channel carries it (B4)."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.permissions import Permission
from tantam.care import access
from tantam.care.forms.tasks import SentForm
from tantam.care.models import Action
from tantam.care.notices import message_text
from tantam.care.operations.tasks import mark_message_sent
from tantam.care.queries.contacts import working_points
from tantam.lib.errors import NotVisible
from tantam.patients.access import note_look
from tantam.patients.queries.header import header_for
from tantam.privacy.models import Purpose
from tantam.privacy.queries import effective_consent
from tantam.ui.refusals import refusals_shown_on


@requires(Permission.CARE_SEE, anywhere=True)
@require_http_methods(["GET", "POST"])
def message(request: StaffRequest, task_id: int) -> HttpResponse:
    """The text ready to copy, the ways to reach the patient, and “sent” with its channel."""
    task = access.task_for(request.member, task_id)
    if task.action != Action.MESSAGE:
        raise NotVisible
    may_send = request.member.may(Permission.CARE_CALL, task.site_id)
    form = SentForm(request.POST or None)
    if request.method == "POST":
        if not may_send:
            raise PermissionDenied
        if form.is_valid():
            with refusals_shown_on(form):
                mark_message_sent(task, channel=form.cleaned_data["channel"], actor=request.member)
                messages.success(request, _("The message is marked as sent."))
                return redirect(reverse("care:work-list") + "?tab=messages")
    note_look(task.patient, "message", is_part=request.method == "POST", actor=request.member)
    consent = effective_consent(task.patient, Purpose.CARE_CONTACT)
    points = working_points(task.patient)
    context = {
        "task": task,
        "header": header_for(
            task.patient,
            viewer=request.member,
            contact_points=points,
            consent_label=consent.label,
            consent_kind=consent.kind,
        ),
        "points": points,
        "text": message_text(task),
        "form": form,
        "may_send": may_send and task.is_open,
        "is_refused": consent.is_refused,
    }
    return render(request, "care/message.html", context, status=422 if form.errors else 200)
