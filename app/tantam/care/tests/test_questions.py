"""A patient's question is answered at once, or waits on the doctor's list until it is (B6, D3)."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tantam.accounts.permissions import Role
from tantam.care.errors import AnswerNeeded, QuestionAlreadyAnswered, QuestionNotSaid
from tantam.care.models import Finding, Question
from tantam.care.operations.questions import answer_question, ask_question
from tantam.care.queries.call import open_questions
from tantam.care.tests.stories import Story, story_of
from tantam.journal.models import BellItem, Entry
from tests.factories.accounts import MemberFactory


@pytest.fixture
def story(site, doctor) -> Story:
    return story_of(site, doctor)


def test_an_open_question_waits_for_the_doctor(story, mai, doctor):
    learnt = ask_question(story.task, text="Uống thuốc này có lái xe được không?", actor=mai)

    assert learnt is not None
    assert learnt.finding.doctor == doctor
    assert BellItem.objects.get().member_id == doctor.member_id
    assert [question.text for question in open_questions(story.patient, mai)] == [
        "Uống thuốc này có lái xe được không?"
    ]


def test_a_question_answered_at_once_bothers_nobody(story, mai):
    assert ask_question(story.task, text="Mấy giờ mở cửa?", answer="7 giờ", actor=mai) is None

    assert Question.objects.get().answered_by == mai
    assert Finding.objects.count() == 0
    assert BellItem.objects.count() == 0
    assert Entry.objects.filter(event="care.question:asked").count() == 1


def test_the_answer_goes_back_to_who_took_the_question(story, mai, doctor):
    ask_question(story.task, text="Có lái xe được không?", actor=mai)
    BellItem.objects.all().delete()

    answer_question(Question.objects.get(), answer="Được, trừ khi chóng mặt", actor=doctor.member)

    assert BellItem.objects.get().member == mai
    with pytest.raises(QuestionAlreadyAnswered, match="Nguyễn Hồng Sơn"):
        answer_question(Question.objects.get(), answer="Không", actor=mai)
    assert Question.objects.get().answer == "Được, trừ khi chóng mặt"


def test_empty_questions_and_answers_are_refused(story, mai):
    with pytest.raises(QuestionNotSaid):
        ask_question(story.task, text=" ", actor=mai)
    ask_question(story.task, text="Có lái xe được không?", actor=mai)
    with pytest.raises(AnswerNeeded):
        answer_question(Question.objects.get(), answer="", actor=mai)


def test_the_same_question_sent_twice_is_kept_once(story, mai):
    ask_question(story.task, text="Có lái xe được không?", once="x", actor=mai)
    ask_question(story.task, text="Có lái xe được không?", once="x", actor=mai)

    assert Question.objects.count() == 1


@pytest.mark.parametrize(
    ("role", "status"),
    [
        pytest.param(Role.ASSISTANT, 200, id="assists-at-the-site"),
        pytest.param(Role.CARE_AGENT, 200, id="calls"),
        pytest.param(Role.COMPLAINT_OFFICER, 403, id="may-only-read"),
        pytest.param(Role.RECEPTIONIST, 403, id="nothing-to-do-with-it"),
    ],
)
def test_whoever_may_answer_a_question_sees_it_and_can(client, story, site, mai, role, status):
    """An assistant, who may answer but sees no care, met a 404 and was never shown the question"""
    asked = ask_question(story.task, text="Uống thuốc này có lái xe được không?", actor=mai)
    assert asked is not None
    question = Question.objects.get()
    member = MemberFactory(username="someone", roles=[(role, site)])
    client.force_login(member)
    url = reverse("care:answer", args=[question.pk])

    assert client.get(url).status_code == status
    if status == 200:
        page = client.get(reverse("desk:patient", args=[story.patient.pk])).content.decode()
        assert question.text in page
        assert url in page
        client.post(url, {"answer": "Được"})
    assert Question.objects.get().answer == ("Được" if status == 200 else "")


def test_an_assistant_of_another_site_is_told_nothing_of_a_question(client, story, other_site, mai):
    ask_question(story.task, text="Uống thuốc này có lái xe được không?", actor=mai)
    client.force_login(MemberFactory(username="someone", roles=[(Role.ASSISTANT, other_site)]))

    assert client.get(reverse("care:answer", args=[Question.objects.get().pk])).status_code == 404
