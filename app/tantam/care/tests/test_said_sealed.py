"""What patients say cannot be read from the tables, and does not stand in the journal (A10)."""

from __future__ import annotations

import json

import pytest
from django.db import connection

from tantam.care.models import CallAttempt, Conversation, Finding, Question, UnmetNeed
from tantam.care.operations.attempts import log_attempt
from tantam.care.operations.calls import complete_call
from tantam.care.operations.changes import report_condition_change, report_unmet_need
from tantam.care.operations.questions import answer_question, ask_question
from tantam.care.privacy import export
from tantam.care.rules.outcomes import Outcome
from tantam.care.tests.stories import Story, story_of
from tantam.journal.models import Entry

SAID = "lời của bệnh nhân"


@pytest.fixture
def said(site, doctor, mai) -> Story:
    """A patient whose every answer holds the same words."""
    story = story_of(site, doctor)
    log_attempt(story.task, result="busy", note=SAID, actor=mai)
    report_condition_change(story.task, trend="worse", text=SAID, actor=mai)
    report_unmet_need(story.task, need=SAID, explanation=SAID, actor=mai)
    ask_question(story.task, text=SAID, actor=mai)
    answer_question(Question.objects.get(), answer=SAID, actor=mai)
    outcome = Outcome(
        health="same", experience="good", note=SAID, symptoms_before=SAID, symptoms_after=SAID, experience_note=SAID
    )  # fmt: skip
    complete_call(story.task, outcome=outcome, actor=mai)
    return story


@pytest.mark.parametrize(
    "table",
    ["care_conversation", "care_question", "care_unmetneed", "care_finding", "care_callattempt", "journal_entry"],
)  # fmt: skip
def test_no_row_holds_the_words(said, table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT row::text FROM {table} AS row")
        rows = [row for (row,) in cursor.fetchall()]
    assert rows
    plain, written = SAID, SAID.encode().hex()
    assert not any(plain in row or written in row for row in rows)


def test_the_rows_give_the_words_to_whoever_may_read_them(said):
    held = Conversation.objects.get()
    assert {held.note, held.symptoms_before, held.symptoms_after, held.experience_note} == {SAID}
    question, need = Question.objects.get(), UnmetNeed.objects.get()
    assert {question.text, question.answer, need.need, need.explanation} == {SAID}
    assert CallAttempt.objects.get(result="busy").note == SAID
    assert all(SAID in finding.summary for finding in Finding.objects.all())
    assert json.dumps(export(said.patient.pk), ensure_ascii=False).count(SAID) >= 9


def test_the_journal_names_what_happened_by_ids_and_choices_only(said):
    for entry in Entry.objects.filter(event__startswith="care."):
        for value in entry.details.values():
            for one in value if isinstance(value, list) else [value]:
                assert not isinstance(one, str) or " " not in one


@pytest.mark.parametrize("row", [Question(text=SAID, patient_id=1), UnmetNeed(need=SAID, patient_id=1)])
def test_a_row_in_a_log_does_not_tell(row):
    assert SAID not in repr(row)
