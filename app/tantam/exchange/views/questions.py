from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.permissions import Permission
from tantam.exchange import access
from tantam.exchange.forms.questions import AlikeForm, AnswerForm
from tantam.exchange.models import RunState
from tantam.exchange.operations.questions import answer_alike, answer_questions
from tantam.exchange.queries.questions import AT_ONCE, alike_of, open_questions, question_of, questions_of
from tantam.journal.operations import note_list
from tantam.lib.errors import NotVisible
from tantam.ui.refusals import refusals_shown_on


@requires(Permission.IMPORT_RUN, anywhere=True)
@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: StaffRequest, run_id: int) -> HttpResponse:
    """What the check asks, side by side; answered one by one or for all alike."""
    run = access.run_for(request.member, run_id)
    if run.state != RunState.CHECKED:
        return redirect("exchange:run", run_id=run.pk)
    after = request.GET.get("after", "")
    if request.method == "POST":
        form = AlikeForm(request.POST)
        if form.is_valid():
            with refusals_shown_on(request):
                answer_alike(run, **form.cleaned_data, actor=request.member)
        return redirect("exchange:questions", run_id=run.pk)
    shown = questions_of(
        run, request.member, after=int(after) if after.isdecimal() and len(after) < 18 else 0
    )
    note_list(request.member, "import", [one.patient_id for one in shown if one.patient_id is not None])
    context = {
        "run": run,
        "shown": shown,
        "alike": alike_of(run),
        "open": open_questions(run),
        "next": shown[-1].question.seq if len(shown) == AT_ONCE else None,
        "may_open": request.member.may(Permission.PATIENT_FIND),
    }
    return render(request, "exchange/questions.html", context)


@requires(Permission.IMPORT_RUN, anywhere=True)
@require_POST
def answer(request: StaffRequest, run_id: int, asked_id: int) -> HttpResponse:
    """One answer; the same fragment again, and without JavaScript the page where the question stands."""
    run = access.run_for(request.member, run_id)
    asked = question_of(run, asked_id, request.member)
    if asked is None:
        raise NotVisible
    if asked.patient_id is not None:
        note_list(request.member, "import", [asked.patient_id])
    form = AnswerForm(request.POST)
    if form.is_valid():
        with refusals_shown_on(request):
            answer_questions(run, answers={asked_id: form.cleaned_data["answer"]}, actor=request.member)
    if not request.headers.get("HX-Request"):
        response = redirect("exchange:questions", run_id=run.pk)
        response.headers["Location"] += f"?after={asked.question.seq - 1}#question-{asked_id}"
        return response
    context = {
        "run": run,
        "asked": question_of(run, asked_id, request.member),
        "may_open": request.member.may(Permission.PATIENT_FIND),
    }
    return render(request, "exchange/questions.html#question", context, status=422 if form.errors else 200)
