"""The call screen, and everything an agent does in a call without leaving it (B6, B7, B8; J3, J4)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect, reswap, retarget

from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.models import Member
from tantam.accounts.permissions import Permission
from tantam.care import access
from tantam.care.errors import NothingToCall
from tantam.care.forms.answers import at_once_buttons, clock_of, fresh_answers, groups, laters, tries
from tantam.care.forms.calls import AnswerForm, AttemptForm, OutcomeForm, RefuteForm
from tantam.care.forms.dialogs import ACTS, Act
from tantam.care.models import CareTask
from tantam.care.operations.attempts import log_attempt, take_back_attempt
from tantam.care.operations.calls import complete_call
from tantam.care.operations.changes import take_back_allergy
from tantam.care.operations.claims import claim_task, take_next_call
from tantam.care.operations.questions import answer_question
from tantam.care.queries.call import CallScreen, call_screen
from tantam.care.queries.holding import holder_of_patient, reexamination_of
from tantam.care.queries.moving import moving_to
from tantam.care.rules.next_step import Step
from tantam.care.rules.results import Attempted, Completed, Learnt
from tantam.knowledge.models import GuideVersion
from tantam.knowledge.queries.guides import published_version
from tantam.lib.dates import parse_day
from tantam.lib.errors import NotVisible, Refusal
from tantam.lib.numbers import whole_number
from tantam.patients.access import note_look, patient_for
from tantam.ui import links
from tantam.ui.moments import day as day_in_figures
from tantam.ui.refusals import refusals_shown_on
from tantam.ui.toasts import say, toast

# A claim younger than this need not be made fresh by looking at the page again.
CLAIM_IS_OLD = timedelta(minutes=3)


@requires(Permission.CARE_CALL, Permission.CARE_SEE, anywhere=True)
@require_GET
def call(request: StaffRequest, task_id: int) -> HttpResponse:
    """The call on one page. Looking at it takes nothing: “Call” does, and so does the next call from the list."""
    task = access.task_for(request.member, task_id)
    mine = task.claimed_at if task.claimed_by_id == request.member.pk else None
    if mine is not None and timezone.now() - mine > CLAIM_IS_OLD:
        task.keep_claim(request.member)
    screen = call_screen(task, request.member)
    note_look(task.patient, "call", actor=request.member)
    return render(
        request, "care/call.html", _shown(screen, request.member, holder_of_patient(task, request.member))
    )


@requires(Permission.CARE_CALL, anywhere=True)
@require_POST
def claim(request: StaffRequest, task_id: int) -> HttpResponse:
    """“Call” was pressed: the call is the member's from now on, or the page says whose it is (422)."""
    task = access.task_to_call(request.member, task_id)
    try:
        claimed = claim_task(task, actor=request.member)
    except Refusal as refusal:
        if not request.htmx:
            messages.error(request, str(refusal))
            return redirect("care:call", task_id)
        holder = holder_of_patient(task, request.member)
        context = _shown(call_screen(task, request.member), request.member, holder, refusal)
        answer = render(request, "care/call.html#outcome", context, status=422)
        return retarget(reswap(answer, "outerHTML"), "#outcome")
    if not request.htmx:
        return redirect("care:call", task_id)
    task.claimed_by, task.claimed_at = claimed.claimed_by, claimed.claimed_at
    context = _shown(call_screen(task, request.member), request.member)
    return render(request, "care/call_header.html", context)


@requires(Permission.CARE_CALL, anywhere=True)
@require_POST
def completion(request: StaffRequest, task_id: int) -> HttpResponse:
    """Record the conversation, then the next call (`then=next`) or the work list."""
    task = access.task_to_call(request.member, task_id)
    form = OutcomeForm(request.POST, patient_id=task.patient_id)
    if form.is_valid():
        with refusals_shown_on(form):
            completed = complete_call(
                task,
                outcome=form.outcome,
                contact_point=form.cleaned_data["contact_point"],
                guide_version=form.guide_seen,
                asked=form.cleaned_data["asked"],
                also=form.cleaned_data["also"],
                actor=request.member,
            )
            say(request, _said_completed(completed))
            return _onward(request, task, "next" if request.POST.get("then") != "list" else "list")
    return _outcome_again(request, task, form, form.guide_seen)


@requires(Permission.CARE_CALL, anywhere=True)
@require_POST
def attempts(request: StaffRequest, task_id: int) -> HttpResponse:
    """Log a try that led to no conversation, and go on to the next call in the same press."""
    task = access.task_to_call(request.member, task_id)
    form = AttemptForm(request.POST, patient_id=task.patient_id, zone=task.site.zone)
    if form.is_valid():
        with refusals_shown_on(form):
            attempted = log_attempt(
                task,
                result=form.cleaned_data["result"],
                contact_point=form.cleaned_data["contact_point"],
                call_back_at=form.call_back_at,
                note=form.cleaned_data["note"],
                seen=form.cleaned_data["seen"],
                actor=request.member,
            )
            undo = reverse("care:attempt-undo", args=[attempted.attempt.pk])
            say(request, _said_attempted(attempted), undo=undo if attempted.may_be_taken_back else "")
            return _onward(request, task, "stay" if attempted.rings_on else "next")
    seen = published_version(whole_number(request.POST.get("guide_version")))
    return _outcome_again(request, task, form, seen)


@requires(Permission.CARE_CALL, anywhere=True)
@require_POST
def attempt_undo(request: StaffRequest, attempt_id: int) -> HttpResponse:
    """Take the try back that was just logged, and be in that call again."""
    attempt = access.attempt_of(request.member, attempt_id)
    task = attempt.task
    with refusals_shown_on(request):
        take_back_attempt(attempt, actor=request.member)
        say(request, _("%(name)s: the try is taken back.") % {"name": task.patient.full_name})
    return redirect("care:call", task.pk)


@requires(Permission.CARE_CALL, anywhere=True)
@require_http_methods(["GET", "POST"])
def act(request: StaffRequest, task_id: int, kind: str) -> HttpResponse:
    """One thing the patient said that changes the record at once: its form, and the act (B7, B8)."""
    task = access.task_to_call(request.member, task_id)
    chosen = ACTS.get(kind)
    if chosen is None:
        raise NotVisible
    form = chosen.form(task, request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_shown_on(form):
            learnt = chosen.perform(task, form.cleaned_data, request.member)
            task.keep_claim(request.member)
            return _learnt(request, task.pk, chosen.said(learnt), learnt)
    return _act_form(request, task, form, chosen)


@requires(Permission.CARE_CALL, anywhere=True)
@require_http_methods(["GET", "POST"])
def refute_allergy(request: StaffRequest, task_id: int, allergy_id: int) -> HttpResponse:
    """Take back an allergy that is none: the way to correct what was noted."""
    task = access.task_to_call(request.member, task_id)
    allergy = access.allergy_of(task, allergy_id)
    form = RefuteForm(request.POST or None)
    if form.is_valid():
        with refusals_shown_on(form):
            learnt = take_back_allergy(
                task, allergy, reason=form.cleaned_data["reason"], actor=request.member
            )
            return _learnt(request, task.pk, _("The allergy is marked as refuted."), learnt)
    context = {"task": task, "form": form, "allergy": allergy, "title": _("No allergy after all")}
    return _dialog(request, "care/call_refute.html", context, bool(form.errors))


@requires(Permission.CARE_CALL, anywhere=True)
@require_GET
def new_date_preview(request: StaffRequest, task_id: int) -> HttpResponse:
    """What moving the re-examination to the typed day would mean."""
    task = access.task_to_call(request.member, task_id)
    reexamination = reexamination_of(task)
    moving = None
    if reexamination is not None:
        try:
            day = parse_day(request.GET.get("due_on", ""), today=timezone.localdate())
            moving = moving_to(task, reexamination.pk, day)
        except Refusal:
            moving = None
    return render(request, "care/call_moving.html", {"moving": moving})


@requires(Permission.CARE_CALL, Permission.BEFORE_ENCOUNTER, anywhere=True)
@require_http_methods(["GET", "POST"])
def answer(request: StaffRequest, question_id: int) -> HttpResponse:
    """Answer a patient's question, from the call, the patient's page or the doctor's."""
    question = access.question_to_answer(request.member, question_id)
    patient_for(request.member, question.patient_id, look="question", is_part=True)
    form = AnswerForm(request.POST or None)
    if form.is_valid():
        with refusals_shown_on(form):
            answer_question(question, answer=form.cleaned_data["answer"], actor=request.member)
            said = _("The answer is kept, and whoever took the question is told.")
            task_id = whole_number(request.GET.get("task"))
            if request.htmx and task_id is not None:
                return _learnt(request, task_id, said, None)
            messages.success(request, said)
            url = links.url("patient", question.patient_id)
            return HttpResponseClientRedirect(url) if request.htmx else redirect(url)
    context = {"question": question, "form": form, "title": _("Answer the question")}
    return _dialog(request, "care/call_answer.html", context, bool(form.errors))


def _shown(
    screen: CallScreen, member: Member, holder: Member | None = None, refusal: Refusal | None = None
) -> dict[str, Any]:
    task = screen.task
    may_call = member.may(Permission.CARE_CALL, task.site_id)
    return {
        "screen": screen,
        "task": task,
        "patient": screen.patient,
        "header": screen.header,
        "record": screen.record,
        "guide": screen.guide,
        "holder": holder,
        "refusal": refusal,
        "may_call": may_call,
        "is_held": task.is_open and task.claimed_by_id == member.pk,
        "is_mine": may_call and task.is_open and holder is None and refusal is None,
        "at_once": at_once_buttons(),
        "fresh": fresh_answers(task.site, with_date=screen.reexamination is not None),
        "questions": _questions(screen),
        "chosen": {},
        "ticked": screen.soon,
    }


def _questions(screen: CallScreen) -> list[tuple[str, str]]:
    """The guide's questions: as written, which is what is kept, and with the patient's words in them."""
    guide = screen.guide
    return list(zip(guide.version.questions, guide.questions, strict=True)) if guide else []


def _outcome_again(
    request: StaffRequest, task: CareTask, form: forms.Form, seen: GuideVersion | None
) -> HttpResponse:
    """The form as it was sent, with what is wrong: nothing typed is lost, whatever happened meanwhile."""
    screen = call_screen(task, request.member, guide_seen=seen)
    patient_for(request.member, screen.patient.pk, look="call", is_part=True)
    sent = request.POST
    chosen = {name: sent.get(name, "") for name in sent}
    context = _shown(screen, request.member) | {
        "form": form,
        "is_mine": True,
        "chosen": chosen,
        "fresh": "",
        "tries": tries(),
        "laters": laters(task.site.zone),
        "clock_of": clock_of(task.site),
        "groups": groups(chosen, with_date=screen.reexamination is not None),
        "asked": sent.getlist("asked"),
        "ticked": [whole_number(pk) for pk in sent.getlist("also")],
        "opened": True,
    }
    template = "care/call.html#outcome" if request.htmx else "care/call.html"
    return render(request, template, context, status=422)


def _act_form(request: StaffRequest, task: CareTask, form: forms.Form, chosen: Act) -> HttpResponse:
    patient_for(request.member, task.patient_id, look="call", is_part=True)
    context = {
        "task": task,
        "form": form,
        "act": chosen,
        "title": chosen.title,
        **chosen.around(task, request.member),
    }
    return _dialog(request, chosen.template, context, bool(form.errors))


def _dialog(request: HttpRequest, template: str, context: dict[str, Any], is_wrong: bool) -> HttpResponse:
    """The inside of the dialog; without JavaScript a page of its own."""
    whole = not getattr(request, "htmx", False)
    context |= {"inside": template, "whole": whole}
    name = "care/call_act.html" if whole else template
    return render(request, name, context, status=422 if is_wrong else 200)


def _learnt(request: StaffRequest, task_id: int, said: str, learnt: Learnt | None) -> HttpResponse:
    """The page's own parts anew, in place, and a word on who was told."""
    if learnt is not None and learnt.told:
        said = f"{said} {_('Told: %(names)s.') % {'names': learnt.names_told}}"
    if not request.htmx:
        messages.success(request, said)
        return redirect("care:call", task_id)
    task = access.task_for(request.member, task_id)
    context = _shown(call_screen(task, request.member), request.member)
    response = render(request, "care/call_changed.html", context)
    response.headers["HX-Trigger"] = "close-dialogs"
    return toast(response, said)


def _onward(request: StaffRequest, task: CareTask, where: str) -> HttpResponse:
    url = reverse("care:call", args=[task.pk]) if where == "stay" else reverse("care:work-list")
    if where == "next":
        try:
            following = take_next_call(request.member.sites_where(Permission.CARE_CALL), actor=request.member)
            url = reverse("care:call", args=[following.pk])
        except NothingToCall:
            messages.info(request, _("That was the last call due now. Well done."))
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


def _said_completed(completed: Completed) -> str:
    name = completed.conversation.patient.full_name
    said = [_("%(name)s: the call is recorded.") % {"name": name}]
    if completed.also_settled:
        words = ngettext(
            "%(count)s other contact is settled too.",
            "%(count)s other contacts are settled too.",
            completed.also_settled,
        )
        said.append(words % {"count": completed.also_settled})
    if completed.learnt.told:
        said.append(_("Told: %(names)s.") % {"names": completed.learnt.names_told})
    if completed.follow_up is not None:
        day = day_in_figures(completed.follow_up.due_on)
        said.append(_("You will call again on %(day)s.") % {"day": day})
    return " ".join(said)


def _said_attempted(attempted: Attempted) -> str:
    return f"{attempted.task.patient.full_name}: {_said_of_try(attempted)}"


def _said_of_try(attempted: Attempted) -> str:
    step, at = attempted.next.step, attempted.next.at
    if attempted.rings_on:
        return _("The number is marked as wrong. Try the other one.")
    if at is not None:
        local = timezone.localtime(at, attempted.task.site.zone)
        return _("The try is logged. Next try: %(day)s at %(time)s.") % {
            "day": day_in_figures(local),
            "time": f"{local:%H:%M}",
        }
    return {
        Step.OTHER_CHANNEL: _("The try is logged. The patient will be written to instead."),
        Step.SUPERVISOR: _("The try is logged. A supervisor decides what comes next."),
        Step.CLOSE: _("Noted: the patient does not want this call."),
    }.get(step, _("The try is logged."))
