"""Acts on one patient at the same moment: they wait for one another, and never for each other."""

from __future__ import annotations

import re
import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tantam.accounts.permissions import Role
from tantam.care.errors import NothingToCall
from tantam.care.models import CallAttempt, CareTask, Finding, Question
from tantam.care.operations import changes
from tantam.care.operations.attempts import log_attempt
from tantam.care.operations.calls import complete_call
from tantam.care.operations.changes import (
    report_allergy,
    report_condition_change,
    report_new_date,
    report_new_doctor,
    report_unmet_need,
    take_back_allergy,
)
from tantam.care.operations.claims import claim_task, release_task, take_next_call
from tantam.care.operations.findings import see_findings
from tantam.care.operations.planning import plan_rule, settle
from tantam.care.operations.questions import answer_question, ask_question
from tantam.care.operations.rules import change_rule
from tantam.care.operations.tasks import assign_task, close_task, mark_message_sent
from tantam.care.rules.contents import content_of
from tantam.care.rules.outcomes import Outcome
from tantam.care.tests.stories import Story, story_of
from tantam.lib.errors import Refusal
from tantam.patients.models import Patient
from tantam.records.models import Allergy
from tests.factories.accounts import MemberFactory, PractitionerFactory
from tests.factories.care import CareRuleFactory, CareTaskFactory

CONFIRMED = Outcome(confirmation="confirmed")


@pytest.fixture
def story(site, doctor) -> Story:
    """The call of the story is the second of two about one re-examination; both stand in the rule's hands."""
    rule = CareRuleFactory()
    made = story_of(site, doctor)
    first = made.task
    CareTask.objects.filter(pk=first.pk).update(rule=rule)
    made.task = CareTaskFactory(
        patient=made.patient, site=site, rule=rule, occurrence=1, reexamination=made.reexamination,
        encounter=made.encounter, doctor=doctor, speciality=first.speciality, source_id=made.reexamination.pk,
        anchor_on=made.reexamination.due_on,
    )  # fmt: skip
    made.task.refresh_from_db()
    return made


def at_the_same_moment(monkeypatch, first, second, *, after: tuple[object, str]) -> list[BaseException]:
    """Run `first`, and begin `second` while it stands right behind its call of `after`; what went wrong with either."""
    whole, name = after
    original = getattr(whole, name)
    reached, ended, wrong = threading.Event(), threading.Event(), []

    def paused(*args, **kwargs):
        answer = original(*args, **kwargs)
        if threading.current_thread().name == "first":
            reached.set()
            ended.wait(0.4)
        return answer

    def run(act, before: threading.Event | None) -> None:
        try:
            if before is not None:
                assert before.wait(10)
            act()
        except Refusal:
            pass
        except BaseException as error:
            wrong.append(error)
        finally:
            reached.set()
            if before is not None:
                ended.set()
            connection.close()

    monkeypatch.setattr(whole, name, paused)
    threads = [
        threading.Thread(target=run, args=(first, None), name="first"),
        threading.Thread(target=run, args=(second, reached), name="second"),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not any(thread.is_alive() for thread in threads)
    return wrong


TRIED = (CallAttempt.objects, "create")
HANDED_OVER = (changes, "change_responsible_doctor")


def _completed(story, mai, lan, other):
    complete_call(story.task, outcome=CONFIRMED, actor=mai)


def _tried(story, mai, lan, other):
    log_attempt(story.task, result="wrong_number", contact_point=story.phone, actor=mai)


def _other_doctor(story, mai, lan, other):
    report_new_doctor(story.task, doctor=other, actor=mai)


def _claimed(story, mai, lan, other):
    claim_task(story.task, actor=lan)


def _rule_changed(story, mai, lan, other):
    rule = story.task.rule
    content = content_of(rule)
    change_rule(rule, type(content)(**{**_fields(content), "priority": 1}), seen=rule.revision, actor=lan)


def _fields(content) -> dict[str, object]:
    return {name: getattr(content, name) for name in content.__slots__}


def _settled(story, mai, lan, other):
    settle(actor=None)


def _one_settled(story, mai, lan, other):
    settle(patient_id=story.patient.pk, actor=None)


@pytest.mark.django_db(transaction=True)
class TestTwoActs:
    @pytest.fixture
    def lan(self, site):
        return MemberFactory(username="lan", roles=[(Role.CARE_AGENT, site), (Role.MANAGER, site)])

    @pytest.fixture
    def other(self, site, cardiology):
        return PractitionerFactory(full_name="Lý Thu Hòa", site=site, speciality=cardiology)

    @pytest.mark.parametrize(
        ("first", "after", "second"),
        [
            pytest.param(_completed, TRIED, _claimed, id="conversation-and-claim"),
            pytest.param(_completed, TRIED, _rule_changed, id="conversation-and-change-of-the-rule"),
            pytest.param(_completed, TRIED, _one_settled, id="conversation-and-planner-of-the-patient"),
            pytest.param(_completed, TRIED, _other_doctor, id="conversation-and-other-doctor"),
            pytest.param(_tried, TRIED, _claimed, id="try-and-claim"),
            pytest.param(_tried, TRIED, _completed, id="try-and-conversation"),
            pytest.param(_other_doctor, HANDED_OVER, _claimed, id="other-doctor-and-claim"),
            pytest.param(_other_doctor, HANDED_OVER, _rule_changed, id="other-doctor-and-change-of-the-rule"),
        ],
    )
    def test_none_dies_of_the_other(self, monkeypatch, story, mai, lan, other, first, after, second):
        cast = (story, mai, lan, other)
        assert at_the_same_moment(monkeypatch, lambda: first(*cast), lambda: second(*cast), after=after) == []

    def test_the_planner_ends_follow_ups_around_a_conversation(self, monkeypatch, story, mai, lan, other):
        """The contacts of someone who left are closed by the planner; the one being talked in is left alone."""
        CareTask.objects.update(rule=None)
        Patient.objects.update(status="inactive")
        cast = (story, mai, lan, other)
        wrong = at_the_same_moment(
            monkeypatch, lambda: _completed(*cast), lambda: _settled(*cast), after=TRIED
        )
        assert wrong == []
        assert CareTask.objects.get(pk=story.task.pk).status == "done"

    def test_the_planner_learns_the_best_hour_around_a_conversation(
        self, monkeypatch, story, mai, lan, other
    ):
        CallAttempt.objects.create(
            task=story.task, patient=story.patient, site=story.site, member=mai, result="answered"
        )
        cast = (story, mai, lan, other)
        wrong = at_the_same_moment(
            monkeypatch, lambda: _completed(*cast), lambda: _settled(*cast), after=TRIED
        )
        assert wrong == []

    def test_the_next_call_is_taken_without_waiting_for_a_held_patient(self, story, mai, site):
        """Someone is just writing about the patient: the next agent goes on to another at once."""
        held, let_go, answers = threading.Event(), threading.Event(), []

        def hold() -> None:
            with transaction.atomic():
                Patient.objects.held(story.patient.pk)
                held.set()
                let_go.wait(20)
            connection.close()

        def take() -> None:
            try:
                answers.append(take_next_call([site.pk], actor=mai))
            except NothingToCall as refusal:
                answers.append(refusal)
            finally:
                connection.close()

        holder, taker = threading.Thread(target=hold), threading.Thread(target=take)
        holder.start()
        assert held.wait(10)
        taker.start()
        taker.join(10)
        waited = taker.is_alive()
        let_go.set()
        holder.join()
        taker.join()
        assert not waited
        assert isinstance(answers[0], NothingToCall)
        assert take_next_call([site.pk], actor=mai).patient_id == story.patient.pk


def _refuted(story, mai, other):
    allergy = Allergy.objects.create(patient=story.patient, agent="Ibuprofen", agent_key="ibuprofen")
    return lambda: take_back_allergy(story.task, allergy, reason="Nhầm tên thuốc", actor=mai)


def _answered(story, mai, other):
    question = Question.objects.create(patient=story.patient, site=story.site, text="Có lái xe được không?")
    return lambda: answer_question(question, answer="Được", actor=mai)


def _seen(story, mai, other):
    rows = [
        Finding.objects.create(patient=story.patient, site=story.site, kind="question", summary=text)
        for text in ("Một", "Hai")
    ]
    return lambda: see_findings(rows, actor=mai)


def _message(story, mai, other):
    CareTask.objects.filter(pk=story.task.pk).update(action="message")
    return lambda: mark_message_sent(story.task, channel="zalo", actor=mai)


def _released(story, mai, other):
    claim_task(story.task, actor=mai)
    return lambda: release_task(story.task, actor=mai)


ACTS = {
    "claim": lambda s, mai, other: lambda: claim_task(s.task, actor=mai),
    "next": lambda s, mai, other: lambda: take_next_call([s.site.pk], actor=mai),
    "release": _released,
    "assign": lambda s, mai, other: lambda: assign_task(s.task, to=mai, actor=mai),
    "close": lambda s, mai, other: lambda: close_task(s.task, reason="no_contact", actor=mai),
    "message": _message,
    "try": lambda s, mai, other: lambda: log_attempt(s.task, result="busy", actor=mai),
    "conversation": lambda s, mai, other: lambda: complete_call(s.task, outcome=CONFIRMED, actor=mai),
    "condition": lambda s, mai, other: (
        lambda: report_condition_change(s.task, trend="worse", text="Khó thở", actor=mai)
    ),
    "allergy": lambda s, mai, other: lambda: report_allergy(s.task, agent="Ibuprofen", actor=mai),
    "refuted": _refuted,
    "date": lambda s, mai, other: (
        lambda: report_new_date(s.task, due_on=timezone.localdate() + timedelta(days=9), actor=mai)
    ),
    "doctor": lambda s, mai, other: lambda: report_new_doctor(s.task, doctor=other, actor=mai),
    "need": lambda s, mai, other: (
        lambda: report_unmet_need(s.task, need="Khám tối", explanation="Chưa có ca tối", actor=mai)
    ),
    "question": lambda s, mai, other: lambda: ask_question(s.task, text="Có lái xe được không?", actor=mai),
    "answer": _answered,
    "seen": _seen,
    "settle": lambda s, mai, other: lambda: settle(patient_id=s.patient.pk, actor=None),
    "plan": lambda s, mai, other: lambda: plan_rule(s.task.rule, patient_id=s.patient.pk, actor=None),
}
_TAKES_A_LOCK = re.compile(r"FOR (NO KEY )?UPDATE|^\s*(INSERT|UPDATE|DELETE)", re.IGNORECASE)


@pytest.mark.parametrize("kind", ACTS)
def test_whoever_changes_what_belongs_to_a_patient_holds_the_patient_first(
    story, mai, site, cardiology, kind
):
    other = PractitionerFactory(full_name="Lý Thu Hòa", site=site, speciality=cardiology)
    act = ACTS[kind](story, mai, other)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        act()

    locks = [query["sql"] for query in asked.captured_queries if _TAKES_A_LOCK.search(query["sql"])]
    assert 'FROM "patients_patient"' in locks[0]
