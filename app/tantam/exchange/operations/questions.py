"""What people say about whom a row means."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone

from tantam.accounts.models import Member
from tantam.exchange.errors import RunNotChecked, RunNotShifted
from tantam.exchange.events import ExchangeEvent
from tantam.exchange.models import Answer, ImportRun, Question, RunState
from tantam.journal.operations import nothing_changed, operation, record


@operation
def answer_questions(run: ImportRun, *, answers: Mapping[int, Answer], actor: Member | None) -> int:
    """Keep answers, by the numbers of the questions; answers how many changed. They count when the run is taken in,
    and may be given anew until then (B5).

    Refuses with RunNotChecked when the run does not wait for answers.
    """
    run = ImportRun.objects.held().get(pk=run.pk)
    if run.state != RunState.CHECKED:
        raise RunNotChecked
    given: dict[str, list[int]] = {}
    for question in Question.objects.filter(run=run, pk__in=answers).only("pk", "answer"):
        if question.answer != answers[question.pk]:
            given.setdefault(answers[question.pk], []).append(question.pk)
    if not given:
        nothing_changed()
        return 0
    for answer, ids in given.items():
        Question.objects.filter(pk__in=ids).update(
            answer=answer, answered_by=actor, answered_at=timezone.now(), remembered=False
        )
        record(
            ExchangeEvent.ANSWERED,
            run,
            actor=actor,
            answer=str(answer),
            questions=ids[:1_000],
            count=len(ids),
        )
    run.tell()
    return sum(map(len, given.values()))


@operation
def answer_alike(run: ImportRun, *, alike: str, answer: Answer, actor: Member | None) -> int:
    """Answer every question that is tied and contradicts in the same things and has no answer yet."""
    tie, _colon, differs = alike.partition(":")
    waiting = Question.objects.filter(run=run, tie=tie, differs=differs).unanswered()
    answers = dict.fromkeys(waiting.values_list("pk", flat=True), answer)
    return answer_questions(run, answers=answers, actor=actor)


@operation
def confirm_shifted(run: ImportRun, *, actor: Member) -> ImportRun:
    """Somebody with a name has looked at a sheet that looks shifted, and says that it is right.

    Refuses with RunNotChecked, or with RunNotShifted when there is nothing to confirm.
    """
    run = ImportRun.objects.held().get(pk=run.pk)
    if run.state != RunState.CHECKED:
        raise RunNotChecked
    if not run.looks_shifted:
        raise RunNotShifted
    run.shift_confirmed_by = actor
    run.save(update_fields=["shift_confirmed_by"])
    record(ExchangeEvent.SHIFT_CONFIRMED, run, actor=actor, renamed=run.counts["shifted"])
    run.tell()
    return run
