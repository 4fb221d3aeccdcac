from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.permissions import Permission
from tantam.lib.errors import Refusal
from tantam.privacy import access
from tantam.privacy.errors import TextChangedMeanwhile
from tantam.privacy.forms.texts import ConsentTextForm
from tantam.privacy.models import Purpose
from tantam.privacy.operations import publish_consent_text
from tantam.privacy.queries import (
    texts_in_force,
)
from tantam.privacy.views.consents import asked_purpose


@requires(Permission.CONSENT_TEXTS)
@require_GET
def texts(request: StaffRequest) -> HttpResponse:
    """The words patients are asked to agree to, by purpose."""
    in_force = texts_in_force()
    language = get_language() or "vi"
    rows = [
        (purpose, in_force[purpose].get(language) or in_force[purpose]["vi"], len(in_force[purpose]))
        for purpose in Purpose
    ]
    return render(request, "privacy/texts.html", {"rows": rows})


@requires(Permission.CONSENT_TEXTS, confirms="changes")
@require_http_methods(["GET", "POST"])
def text(request: StaffRequest, purpose: str) -> HttpResponse:
    """Publish a new version of the words for one purpose: only who may at every site, since all sites share them."""
    may_publish = access.may_publish_texts(request.member)
    if request.method == "POST" and not may_publish:
        raise PermissionDenied
    wanted = asked_purpose(purpose)
    in_force = texts_in_force()[wanted]
    newest = in_force["vi"]
    initial: dict[str, Any] = {"seen": newest.version}
    initial |= {f"text_{language.replace('-', '_')}": row.text for language, row in in_force.items()}
    form = ConsentTextForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            publish_consent_text(
                wanted, texts=form.texts(), seen=form.cleaned_data["seen"], actor=request.member
            )
        except Refusal as refusal:
            form.add_error(
                refusal.field if refusal.field in form.fields else None,
                forms.ValidationError(str(refusal), code=refusal.code),
            )
            if isinstance(refusal, TextChangedMeanwhile):
                typed = request.POST.copy()
                typed["seen"] = str(newest.version)
                form.data = typed
        else:
            messages.success(
                request, _("The new text is in force. Earlier consents keep the text they were given to.")
            )
            return redirect("privacy:texts")
    context = {"form": form, "purpose": wanted, "newest": newest, "may_publish": may_publish}
    return render(request, "privacy/text.html", context, status=422 if form.errors else 200)
