from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import ModelForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tantam.accounts.door import StaffRequest
from tantam.facility.operations import save_place
from tantam.ui.refusals import refusals_shown_on


def save(form: ModelForm[Any], request: StaffRequest) -> Any:
    """Save the place a good form describes; a new one only once for each form that was shown."""
    place = form.save(commit=False)
    if place.pk is None:
        place.submission = form.cleaned_data.get("submission")
    fields = [name for name in form.changed_data if name in form.fields and name != "submission"]
    return save_place(place, fields=fields, actor=request.member)


def edited(
    request: StaffRequest,
    form: ModelForm[Any],
    *,
    title: str,
    back: str,
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    """Show one place's form; save it when it is good."""
    if request.method == "POST" and form.is_valid():
        with refusals_shown_on(form):
            save(form, request)
            messages.success(request, _("Saved."))
            return redirect(back)
    status = 422 if form.errors else 200
    shown = {"form": form, "title": title, "back": back, **(context or {})}
    return render(request, "desk/settings/edit.html", shown, status=status)
