from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.permissions import Permission
from tantam.knowledge import access
from tantam.knowledge.forms import GuideForm, initial_of
from tantam.knowledge.models import Guide, GuideVersion, PatientFact
from tantam.knowledge.operations import create_guide, publish_guide, restore_guide, retire_guide
from tantam.knowledge.queries.examples import filled_for_example, filled_for_patient
from tantam.knowledge.queries.guides import guide_rows, latest_version, versions_of
from tantam.knowledge.rules.differences import Difference, differences
from tantam.lib.numbers import whole_number
from tantam.lib.text import drop_controls
from tantam.ui.refusals import refusals_shown_on


@requires(Permission.GUIDE_EDIT, Permission.CARE_CALL, anywhere=True)
@require_GET
def guides(request: StaffRequest) -> HttpResponse:
    """Every guide in use, by occasion; `?retired` those out of use."""
    retired = "retired" in request.GET
    context = {
        "rows": guide_rows(retired=retired),
        "retired": retired,
        "may_edit": request.member.may(Permission.GUIDE_EDIT),
    }
    return render(request, "knowledge/guides.html", context)


@requires(Permission.GUIDE_EDIT, Permission.CARE_CALL, anywhere=True)
@require_GET
def guide(request: StaffRequest, guide_id: int) -> HttpResponse:
    """The version in use, its history, and what changed between two versions."""
    shown = access.guide_for_reading(request.member, guide_id)
    versions = versions_of(shown)
    numbers = {version.number: version for version in versions}
    current = _chosen(numbers, request.GET.get("version")) or versions[0]
    before = _chosen(numbers, request.GET.get("against")) or numbers.get(current.number - 1)
    comparing = "compare" in request.GET and before is not None
    context = {
        "guide": shown,
        "versions": versions,
        "current": current,
        "facts": [PatientFact(name).label for name in current.facts if name in PatientFact],
        "latest": versions[0],
        "before": before,
        "sections": _compared(before, current) if comparing and before else None,
        "may_edit": request.member.may(Permission.GUIDE_EDIT),
    }
    return render(request, "knowledge/guide.html", context)


@requires(Permission.GUIDE_EDIT, anywhere=True)
@require_http_methods(["GET", "POST"])
def new_guide(request: StaffRequest) -> HttpResponse:
    form = GuideForm(request.POST or None)
    if form.is_valid():
        with refusals_shown_on(form):
            version = create_guide(
                title=form.cleaned_data["title"],
                scope=form.scope,
                content=form.content,
                submission=form.cleaned_data["submission"],
                actor=request.member,
            )
            messages.success(request, _("The guide is published and in use from the next call."))
            return redirect("knowledge:guide", version.guide_id)
    return _editor(request, form, None, None)


@requires(Permission.GUIDE_EDIT, anywhere=True)
@require_http_methods(["GET", "POST"])
def edit_guide(request: StaffRequest, guide_id: int) -> HttpResponse:
    """Write the next version. When a colleague was faster, their version stands beside and nothing is lost."""
    edited = access.guide_for_editing(request.member, guide_id)
    latest = latest_version(edited)
    form = GuideForm(request.POST or None, initial=initial_of(edited, latest))
    if form.is_valid():
        with refusals_shown_on(form):
            version = publish_guide(
                edited,
                title=form.cleaned_data["title"],
                scope=form.scope,
                content=form.content,
                seen=form.cleaned_data["seen"] or 0,
                actor=request.member,
            )
            messages.success(
                request, _("Version %(number)s is published and in use.") % {"number": version.number}
            )
            return redirect("knowledge:guide", guide_id)
    if latest is not None and form.has_error("__all__", "guide_changed_meanwhile"):
        # The editor is now shown the newer version; the next try is made knowing it.
        form.data = {
            **request.POST.dict(),
            "facts": request.POST.getlist("facts"),
            "seen": str(latest.number),
        }
    return _editor(request, form, edited, latest)


def _editor(
    request: HttpRequest, form: GuideForm, edited: Guide | None, latest: GuideVersion | None
) -> HttpResponse:
    sections = None
    if latest is not None and form.has_error("__all__", "guide_changed_meanwhile"):
        sections = [
            Section(str(form.fields[name].label), differences(getattr(latest, name), form.cleaned_data[name]))
            for name in ("goals", "questions", "cautions")
        ]
    status = 422 if form.errors else 200
    context = {"form": form, "guide": edited, "latest": latest, "sections": sections}
    return render(request, "knowledge/edit.html", context, status=status)


@requires(Permission.GUIDE_EDIT, anywhere=True)
@require_POST
def preview(request: StaffRequest) -> HttpResponse:
    """What an agent will see beside a call: for the patient whose code was typed, else for an example."""
    form = GuideForm(request.POST)
    form.is_valid()
    code = drop_controls(request.POST.get("patient", "")).strip()
    version = GuideVersion(
        guide=Guide(title=request.POST.get("title", "")[:160]),
        goals=form.cleaned_data.get("goals", []),
        questions=form.cleaned_data.get("questions", []),
        facts=form.cleaned_data.get("facts", []),
        cautions=form.cleaned_data.get("cautions", []),
    )
    shown, patient = filled_for_patient(version, code, request.member) if code else (None, None)
    context = {
        "guide": shown or filled_for_example(version),
        "patient": patient,
        "not_found": bool(code) and patient is None,
        "code": code,
    }
    return render(request, "knowledge/_preview.html", context)


@requires(Permission.GUIDE_EDIT, anywhere=True)
@require_POST
def use(request: StaffRequest, guide_id: int) -> HttpResponse:
    """Take a guide out of use, or put it back."""
    chosen = access.guide_for_editing(request.member, guide_id)
    if request.POST.get("use") == "no":
        retire_guide(chosen, actor=request.member)
        messages.success(request, _("The guide is out of use. Its versions and past calls keep it."))
    else:
        restore_guide(chosen, actor=request.member)
        messages.success(request, _("The guide is in use again."))
    return redirect("knowledge:guide", guide_id)


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    lines: list[Difference]


def _compared(before: GuideVersion, after: GuideVersion) -> list[Section]:
    def labels(names: list[str]) -> list[str]:
        return [str(PatientFact(name).label) for name in names if name in PatientFact]

    return [
        Section(_("Goals"), differences(before.goals, after.goals)),
        Section(_("Questions to choose from"), differences(before.questions, after.questions)),
        Section(_("Cautions and red flags"), differences(before.cautions, after.cautions)),
        Section(_("Facts of the patient to show"), differences(labels(before.facts), labels(after.facts))),
    ]


def _chosen(numbers: dict[int, GuideVersion], typed: str | None) -> GuideVersion | None:
    return numbers.get(whole_number(typed) or 0)
