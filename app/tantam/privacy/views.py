from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.permissions import Permission
from tantam.facility.queries import organisation
from tantam.lib.errors import Refusal
from tantam.lib.numbers import whole_number
from tantam.lib.sheets_out import safe_cell
from tantam.patients.models import Patient
from tantam.patients.queries.header import header_for
from tantam.patients.registries.tabs import patient_tabs
from tantam.privacy import access
from tantam.privacy.errors import TextChangedMeanwhile
from tantam.privacy.forms import ConsentTextForm, DecisionForm, LooksForm, WithdrawalForm
from tantam.privacy.models import Purpose
from tantam.privacy.operations import note_looks_file, publish_consent_text, record_consent, withdraw_consent
from tantam.privacy.queries import (
    Look,
    consents_of,
    effective_consent,
    every_look,
    history_of,
    looks_at,
    onlookers,
    text_in_force,
    texts_in_force,
)
from tantam.ui.refusals import refusals_shown_on
from tantam.ui.toasts import toast

LOOKS_ON_A_PAGE = 50


def _purpose(code: str) -> Purpose:
    if code not in Purpose.values:
        raise Http404
    return Purpose(code)


def consents_page(request: StaffRequest, patient: Patient, **more: Any) -> dict[str, Any]:
    return {
        "patient": patient,
        "header": header_for(patient, viewer=request.member),
        "tabs": patient_tabs(patient.pk, request.permissions),
        "states": consents_of(patient),
        "decisions": history_of(patient),
        "may_record": Permission.CONSENT_RECORD in request.permissions,
        **more,
    }


def shown(request: StaffRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    template = "privacy/consents.html#consents" if request.htmx else "privacy/consents.html"
    return render(request, template, context, status=status)


def _is_part(request: StaffRequest) -> bool:
    """Whether what is asked for belongs to a page that was noted when it was opened."""
    return bool(request.htmx) or request.method == "POST"


def sent(request: StaffRequest) -> tuple[Any, Any]:
    """What was posted, with the files; nothing when the form is only opened."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def done(request: StaffRequest, patient: Patient, words: str) -> HttpResponse:
    if not request.htmx:
        messages.success(request, words)
        return redirect("privacy:consents", patient.pk)
    return toast(shown(request, consents_page(request, patient)), words)


@requires(Permission.PATIENT_FIND)
@require_GET
def consents(request: StaffRequest, patient_id: int) -> HttpResponse:
    """What the patient agreed to, by purpose, and every decision with its proof (A10)."""
    patient = access.patient_whose_consents(request.member, patient_id, is_part=bool(request.htmx))
    return shown(request, consents_page(request, patient))


@requires(Permission.CONSENT_RECORD)
@require_http_methods(["GET", "POST"])
def decision(request: StaffRequest, patient_id: int, purpose: str) -> HttpResponse:
    """Record a yes or a no on one purpose, with the words the patient was shown."""
    wanted = _purpose(purpose)
    patient = access.patient_whose_consents(request.member, patient_id, is_part=_is_part(request))
    text = text_in_force(wanted, patient.language)
    form = DecisionForm(*sent(request), patient=patient, purpose=wanted)
    if form.is_bound and form.is_valid():
        with refusals_shown_on(form):
            record_consent(
                patient,
                wanted,
                decision=form.cleaned_data["decision"],
                how=form.how(),
                text=text,
                actor=request.member,
            )
        if not form.errors:
            return done(request, patient, _("Decision recorded."))
    context = consents_page(request, patient, asked=wanted, form=form, text=text)
    return shown(request, context, status=422 if form.errors else 200)


@requires(Permission.CONSENT_RECORD)
@require_http_methods(["GET", "POST"])
def withdrawal(request: StaffRequest, patient_id: int, purpose: str) -> HttpResponse:
    """Record that the patient takes a consent back."""
    wanted = _purpose(purpose)
    patient = access.patient_whose_consents(request.member, patient_id, is_part=_is_part(request))
    form = WithdrawalForm(*sent(request))
    if form.is_bound and form.is_valid():
        with refusals_shown_on(form):
            withdraw_consent(patient, wanted, how=form.how(), actor=request.member)
        if not form.errors:
            return done(request, patient, _("Withdrawal recorded. The data are no longer used for this."))
    context = consents_page(request, patient, withdrawn=wanted, form=form)
    return shown(request, context, status=422 if form.errors else 200)


@requires(Permission.PATIENT_FIND)
@require_GET
def printed_text(request: StaffRequest, patient_id: int, purpose: str) -> HttpResponse:
    """The text on paper, in the patient's language, with places to sign."""
    wanted = _purpose(purpose)
    patient = access.patient_whose_consents(request.member, patient_id)
    text = text_in_force(wanted, patient.language)
    with override(text.language):
        return render(
            request,
            "privacy/printed_text.html",
            {
                "patient": patient,
                "purpose": wanted,
                "text": text,
                "state": effective_consent(patient, wanted),
                "organisation": organisation(),
                "today": timezone.localdate(),
            },
        )


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


class _Lines:
    """A file whose lines are handed on as they are written."""

    def write(self, line: str) -> str:
        return line


@requires(Permission.LOOKS_SEE)
@require_GET
def looks_file(request: StaffRequest, patient_id: int) -> StreamingHttpResponse:
    """The list of who looked as CSV, to give to the patient; no cell can run as a formula."""
    patient = access.patient_whose_looks(request.member, patient_id, is_part=True)
    asked = LooksForm(request.GET or None, onlookers=onlookers(patient)).asked()
    note_looks_file(patient, actor=request.member)
    language = get_language() or "vi"

    def lines() -> Iterator[str]:
        writer = csv.writer(_Lines())
        # Spreadsheets take a file for UTF-8 only with this mark.
        with override(language):
            yield "\ufeff" + str(
                writer.writerow([_("When"), _("Looked at by"), _("Job"), _("Page"), _("Site")])
            )
            for look in every_look(patient, asked):
                yield str(writer.writerow(_cells(look)))

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{patient.code}-looks.csv"'
    return response


def _cells(look: Look) -> list[object]:
    at = timezone.localtime(look.at).strftime("%d/%m/%Y %H:%M:%S")
    return [safe_cell(value) for value in (at, look.who, look.job_title, look.page, look.site)]


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


@requires(Permission.CONSENT_TEXTS)
@require_http_methods(["GET", "POST"])
def text(request: StaffRequest, purpose: str) -> HttpResponse:
    """Publish a new version of the words for one purpose."""
    wanted = _purpose(purpose)
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
    context = {"form": form, "purpose": wanted, "newest": newest}
    return render(request, "privacy/text.html", context, status=422 if form.errors else 200)
