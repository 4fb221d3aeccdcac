"""How the record's acts answer: with a redirect, or, to htmx, with an event that fragments listen to."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from tantam.accounts.door import StaffRequest
from tantam.lib.errors import Refusal
from tantam.ui import links
from tantam.ui.toasts import Kind, toast

CHANGED = "record-changed"
"""Heard by every fragment that shows the record: it asks again."""


def changed(request: StaffRequest, patient_id: int, words: str, *, kind: Kind = "good") -> HttpResponse:
    """The act is done: close the dialog, let the page refresh its parts, say so; or go back to the patient."""
    if request.htmx:
        answer = HttpResponse(status=204)
        answer.headers["HX-Trigger"] = json.dumps({"close-dialogs": None, CHANGED: {"patient": patient_id}})
        return toast(answer, words, kind=kind)
    messages.success(request, words)
    return redirect(links.url("patient", patient_id))


def refused(request: StaffRequest, patient_id: int, refusal: Refusal) -> HttpResponse:
    """A press of a button was refused: say why, and let the page show how things are now."""
    if request.htmx:
        answer = HttpResponse(status=204)
        answer.headers["HX-Trigger"] = json.dumps({CHANGED: {"patient": patient_id}})
        return toast(answer, str(refusal), kind="danger")
    messages.error(request, str(refusal))
    return redirect(links.url("patient", patient_id))
