from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from tantam.accounts.models import Member
from tantam.care.errors import AnswerNeeded, QuestionAlreadyAnswered, QuestionNotSaid
from tantam.care.events import CareEvent
from tantam.care.extends.bell import QUESTION_ANSWERED
from tantam.care.models import CareTask, FindingKind, Question
from tantam.care.operations.findings import (
    Learnt,
    note_finding,
)
from tantam.care.queries.holding import held_for
from tantam.care.rules.outcomes import LONGEST_TEXT
from tantam.care.rules.wording import in_the_records_language
from tantam.journal.operations import nothing_changed, notify, operation, record
from tantam.lib.text import clean_text
from tantam.patients.models import Patient


@operation
def ask_question(
    task: CareTask, *, text: str, answer: str = "", once: str = "", actor: Member
) -> Learnt | None:
    """Keep a question the patient asked (B6, D3): answered at once, or left open for the doctor, who is told.

    Answers None when it was answered: then there is nothing for the doctor to do. Refuses with
    QuestionNotSaid or TaskHeldByAnother.
    """
    task = held_for(task, actor)
    if (earlier := task.noted_before(once)) is not None:
        nothing_changed()
        return Learnt(earlier, [])
    text = clean_text(text, max_length=LONGEST_TEXT)
    answer = clean_text(answer, max_length=LONGEST_TEXT)
    if not text:
        raise QuestionNotSaid(field="text")
    question = Question.objects.create(
        patient=task.patient,
        site=task.site,
        task=task,
        text=text,
        answer=answer,
        asked_by=actor,
        answered_at=timezone.now() if answer else None,
        answered_by=actor if answer else None,
    )
    record(CareEvent.QUESTION_ASKED, question, actor=actor, task=task.pk, answered=bool(answer))
    if answer:
        return None
    return note_finding(
        FindingKind.QUESTION,
        text,
        patient=task.patient,
        site=task.site,
        doctor=task.responsible_doctor,
        task=task,
        speciality_id=task.speciality_id,
        actor=actor,
        once=once,
        question=question.pk,
    )


@operation
def answer_question(question: Question, *, answer: str, actor: Member) -> Question:
    """Answer a patient's question, from the patient's page, the doctor's page or the next call (B6, D3).

    Whoever took the question is told, so that the answer reaches the patient. Refuses with AnswerNeeded or
    QuestionAlreadyAnswered.
    """
    Patient.objects.held(question.patient_id)
    question = (
        Question.objects.select_for_update(of=("self",))
        .select_related("answered_by", "asked_by", "patient")
        .get(pk=question.pk)
    )
    if question.answered_at is not None:
        by = question.answered_by
        with in_the_records_language():
            somebody = _("A colleague")
        raise QuestionAlreadyAnswered(member=by.full_name if by else somebody)
    answer = clean_text(answer, max_length=LONGEST_TEXT)
    if not answer:
        raise AnswerNeeded(field="answer")
    question.answer = answer
    question.answered_at = timezone.now()
    question.answered_by = actor
    question.save(update_fields=["answer", "answered_at", "answered_by"])
    record(CareEvent.QUESTION_ANSWERED, question, actor=actor)
    asked_by = question.asked_by
    if asked_by is not None and asked_by.pk != actor.pk and asked_by.is_active:
        notify(
            [asked_by],
            QUESTION_ANSWERED,
            patient_id=question.patient_id,
            question=question.pk,
            patient_code=question.patient.code,
        )
    return question
