"""The call on one page: who may, how many questions it asks, and that nothing typed is ever lost (B6, B7)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tantam.care.models import CareTask, Finding, Question
from tantam.care.operations.calls import complete_call
from tantam.care.operations.changes import report_allergy, report_condition_change
from tantam.care.operations.questions import ask_question
from tantam.care.queries.call import call_screen
from tantam.care.rules.outcomes import Outcome
from tantam.care.tests.stories import FORMS, HTMX, Story, story_of
from tantam.care.tests.stories import url_of as _url
from tantam.journal.models import Entry
from tantam.knowledge.operations import ensure_starter_guides
from tantam.records.models import Allergy, Reexamination
from tests.factories.care import CallAttemptFactory, CareTaskFactory
from tests.factories.records import (
    AllergyFactory,
    DiagnosisFactory,
    EncounterFactory,
    PrescriptionLineFactory,
    ReexaminationFactory,
)


@pytest.fixture
def story(site, doctor) -> Story:
    return story_of(site, doctor)


class TestWhoMay:
    @pytest.mark.parametrize(
        ("who", "status"),
        [
            pytest.param("mai", 200, id="may"),
            pytest.param("dung", 200, id="may-only-read"),
            pytest.param("hoa", 404, id="other-branch"),
            pytest.param("oscar", 403, id="nobody"),
        ],
    )
    def test_who_may_open_a_call(self, request, client, story, who, status):
        client.force_login(request.getfixturevalue(who))

        response = client.get(_url("call", story))

        assert response.status_code == status

    @pytest.mark.parametrize(
        ("who", "status"),
        [
            pytest.param("mai", 302, id="may"),
            pytest.param("dung", 403, id="may-only-read"),
            pytest.param("hoa", 404, id="other-branch"),
            pytest.param("oscar", 403, id="nobody"),
        ],
    )
    def test_who_may_complete_a_call(self, request, client, story, who, status):
        client.force_login(request.getfixturevalue(who))

        response = client.post(_url("completion", story), {"confirmation": "confirmed"})

        assert response.status_code == status
        assert CareTask.objects.get(pk=story.task.pk).is_open == (status != 302)

    @pytest.mark.parametrize("kind", FORMS)
    @pytest.mark.parametrize(
        ("who", "status"),
        [
            pytest.param("mai", 302, id="may"),
            pytest.param("dung", 403, id="may-only-read"),
            pytest.param("hoa", 404, id="other-branch"),
        ],
    )
    def test_who_may_record_at_once(self, request, client, story, doctor, kind, who, status):
        from tests.factories.accounts import PractitionerFactory

        other = PractitionerFactory(site=story.site)
        client.force_login(request.getfixturevalue(who))
        form = FORMS[kind] | ({"doctor": other.pk} if kind == "doctor" else {})

        response = client.post(_url("call-act", story, kind), form)

        assert response.status_code == status
        assert Finding.objects.exists() == (status == 302)

    def test_reading_alone_takes_nothing(self, client, story, dung):
        client.force_login(dung)

        response = client.get(_url("call", story))

        assert "call-form" not in response.content.decode()
        assert CareTask.objects.get(pk=story.task.pk).claimed_by is None

    def test_no_act_of_that_name(self, client, story, mai):
        client.force_login(mai)

        assert client.get(_url("call-act", story, "nonsense")).status_code == 404

    def test_an_allergy_of_someone_else_is_not_there(self, client, story, mai):
        client.force_login(mai)
        elsewhere = AllergyFactory()

        assert client.get(_url("refute-allergy", story, elsewhere.pk)).status_code == 404


class TestOpening:
    def test_opening_takes_nothing_and_is_journalled_once(self, client, story, mai):
        """B6, D9: one look per view."""
        client.force_login(mai)

        client.get(_url("call", story))

        assert CareTask.objects.get(pk=story.task.pk).claimed_by is None
        looks = Entry.objects.filter(event="patients.patient:viewed", patient_id=story.patient.pk)
        assert [entry.detail("look") for entry in looks] == ["call"]

    def test_call_takes_it_and_it_can_be_given_back(self, client, story, mai):
        """B6: the button takes the call, and the page offers to give it back."""
        client.force_login(mai)

        answer = client.post(_url("call-claim", story), headers={"hx-request": "true"})

        assert answer.status_code == 200
        assert reverse("care:release", args=[story.task.pk]) in answer.content.decode()
        assert CareTask.objects.get(pk=story.task.pk).claimed_by == mai
        assert f"Bạn đang gọi {story.patient.full_name}" in client.get("/").content.decode()
        client.post(reverse("care:release", args=[story.task.pk]))
        assert CareTask.objects.get(pk=story.task.pk).claimed_by is None

    def test_call_is_refused_while_a_colleague_calls(self, client, story, mai, manager):
        client.force_login(mai)
        client.get(_url("call", story))
        story.claimed_by(manager)

        answer = client.post(_url("call-claim", story), headers={"hx-request": "true"})

        assert answer.status_code == 422
        assert answer.headers["HX-Retarget"] == "#outcome"
        assert "Đỗ Minh Quân" in answer.content.decode()
        assert CareTask.objects.get(pk=story.task.pk).claimed_by == manager

    def test_a_call_of_a_colleague_is_read_only(self, client, story, mai, manager):
        story.claimed_by(manager)
        client.force_login(mai)

        page = client.get(_url("call", story)).content.decode()

        assert "Đỗ Minh Quân" in page
        assert "call-form" not in page
        assert CareTask.objects.get(pk=story.task.pk).claimed_by == manager

    def test_another_call_to_the_same_patient_shows_who_is_on_the_line(self, client, story, mai, manager):
        story.claimed_by(manager)
        other = CareTaskFactory(patient=story.patient, site=story.site)
        client.force_login(mai)

        page = client.get(reverse("care:call", args=[other.pk])).content.decode()

        assert "call-form" not in page
        assert CareTask.objects.get(pk=other.pk).claimed_by is None

    def test_a_call_that_is_done_shows_what_was_said(self, client, story, mai):
        client.force_login(mai)
        client.post(_url("completion", story), {"confirmation": "confirmed", "note": "Con gái đưa đi"})

        page = client.get(_url("call", story)).content.decode()

        assert "call-form" not in page
        assert "Con gái đưa đi" in page

    def test_it_shows_all_there_is_to_know(self, client, story, mai, doctor):
        """B6: who, why, phone, condition, medicines, last contacts; C5: the guide with this patient's facts."""
        ensure_starter_guides(actor=None)
        AllergyFactory(patient=story.patient, agent="Penicillin")
        client.force_login(mai)

        page = client.get(_url("call", story)).content.decode()

        for words in (
            "Nguyễn Thị Hằng",
            "0912 345 678",
            "tel:+84987654321",
            "Sau 17 giờ",
            "Tăng huyết áp vô căn",
            "Amlodipin 5 mg",
            "Penicillin",
            "Ăn nhạt, đi bộ 30 phút mỗi ngày",
            "BS. Nguyễn Hồng Sơn",
            "Mấy hôm nay chị Hằng đo huyết áp",
            "Tăng huyết áp: trước ngày tái khám",
        ):
            assert words in page, words


def _busy(story: Story, mai, doctor) -> None:
    """A patient with everything: the page with the most questions to ask."""
    ensure_starter_guides(actor=None)
    for days in (40, 80, 120):
        encounter = EncounterFactory(patient=story.patient, site=story.site, doctor=doctor, days_ago=days)
        DiagnosisFactory(encounter=encounter, code="E11")
        PrescriptionLineFactory(encounter=encounter)
    AllergyFactory(patient=story.patient)
    CareTaskFactory(patient=story.patient, site=story.site, reexamination=story.reexamination, due_in=3)
    for _try in range(6):
        CallAttemptFactory(task=story.task, member=mai)
    ask_question(story.task, text="Có lái xe được không?", actor=mai)
    report_condition_change(story.task, trend="worse", text="Mệt", actor=mai)
    report_allergy(story.task, agent="Ibuprofen", actor=mai)
    story.claimed_by(mai)


def test_the_busiest_page_asks_at_most_fifteen_questions(client, story, mai, doctor):
    """Figures: ≤ 15 queries, everything included: session, member, claim and the look's journal entry."""
    _busy(story, mai, doctor)
    client.force_login(mai)
    client.get(_url("call", story))

    with CaptureQueriesContext(connection) as asked:
        response = client.get(_url("call", story))

    assert response.status_code == 200
    queries = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]
    assert len(queries) <= 15, "\n".join(query[:140] for query in queries)


class TestBehindTheEndOfAList:
    """A list is filtered first and cut then, so nothing that matters falls off its end."""

    def test_the_last_conversation_stands_in_the_guide_however_many_tries_followed(
        self, client, story, mai, site
    ):
        ensure_starter_guides(actor=None)
        held = story_of(site, None)
        CareTask.objects.filter(pk=held.task.pk).update(patient=story.patient)
        held.task.refresh_from_db()
        complete_call(held.task, outcome=Outcome(health="better", note="Đỡ chóng mặt"), actor=mai)
        for _ in range(12):
            CallAttemptFactory(task=story.task, member=mai)

        screen = call_screen(story.task, mai)

        assert not any(contact.was_reached for contact in screen.contacts)
        assert len(screen.contacts) == 5
        assert any("Đỡ chóng mặt" in line for _label, lines in screen.guide.facts for line in lines)

    def test_a_done_call_says_who_recorded_it_however_many_contacts_followed(self, story, mai, site):
        complete_call(story.task, outcome=Outcome(health="better"), actor=mai)
        later = CareTaskFactory(patient=story.patient, site=site)
        for _ in range(12):
            CallAttemptFactory(task=later, member=mai)

        task = CareTask.objects.get(pk=story.task.pk)

        assert call_screen(task, mai).conversation.member == mai

    def test_every_medicine_is_offered_once_and_only_then_the_list_ends(self, client, story, mai):
        for days in range(1, 14):
            PrescriptionLineFactory(
                encounter=story.encounter,
                drug="Amlodipin 5 mg",
                started_on=timezone.localdate() - timedelta(days=days),
            )
        PrescriptionLineFactory(
            encounter=story.encounter,
            drug="Metformin 500 mg",
            started_on=timezone.localdate() - timedelta(days=20),
        )
        client.force_login(mai)
        client.get(_url("call", story))

        page = client.get(_url("call-act", story, "allergy")).content.decode()

        assert page.count("Metformin 500 mg") >= 1

    def test_the_date_of_the_encounter_is_found_behind_many_others(self, story, mai, site):
        Reexamination.objects.update(status="planned")
        CareTask.objects.filter(pk=story.task.pk).update(reexamination=None)
        for days in range(12):
            ReexaminationFactory(patient=story.patient, site=site, in_days=days)
        Reexamination.objects.filter(pk=story.reexamination.pk).update(
            due_on=timezone.localdate() + timedelta(days=90)
        )
        task = CareTask.objects.get(pk=story.task.pk)

        assert call_screen(task, mai).reexamination.due_on == timezone.localdate() + timedelta(days=90)


class TestInPlace:
    """J4: after each act the page's own parts are renewed and a word says who was told."""

    def test_the_parts_of_the_page_come_back(self, client, story, mai):
        client.force_login(mai)
        client.get(_url("call", story))

        response = client.post(_url("call-act", story, "allergy"), FORMS["allergy"], headers=HTMX)

        page = response.content.decode()
        assert response.status_code == 200
        for part in ("call-header", "call-why", "call-known", "call-learnt"):
            assert f'id="{part}"' in page
        assert page.count('hx-swap-oob="true"') == 4
        assert "close-dialogs" in response.headers["HX-Trigger"]
        assert "Nguy\\u1ec5n H\\u1ed3ng S\\u01a1n" in response.headers["HX-Trigger"]

    def test_the_day_is_previewed_with_what_it_moves(self, client, story, mai):
        other = CareTaskFactory(
            patient=story.patient, site=story.site, reexamination=story.reexamination, due_in=3
        )
        client.force_login(mai)
        new_day = story.reexamination.due_on + timedelta(days=7)

        page = client.get(_url("new-date-preview", story), {"due_on": f"{new_day:%d/%m/%Y}"}).content.decode()

        assert other.rule.name in page
        assert f"{new_day - timedelta(days=other.rule.days):%d/%m/%Y}" in page

    @pytest.mark.parametrize("typed", ["", "abc", "31/02/2027"])
    def test_a_half_typed_day_previews_nothing(self, client, story, mai, typed):
        client.force_login(mai)

        response = client.get(_url("new-date-preview", story), {"due_on": typed})

        assert response.status_code == 200
        assert response.content.decode().strip() == ""

    def test_closed_days_warn(self, client, story, mai):
        client.force_login(mai)

        page = client.get(_url("new-date-preview", story), {"due_on": "02/09/2027"}).content.decode()

        assert "Ngày làm việc kế tiếp" in page

    def test_a_wrong_number_leads_to_the_other_one_on_the_same_call(self, client, story, mai, monkeypatch):
        client.force_login(mai)
        client.post(_url("call-claim", story))
        monkeypatch.setattr("tantam.care.policy.CarePolicy.may_call_at", lambda policy, moment: True)

        response = client.post(
            _url("attempts", story),
            {"result": "wrong_number", "contact_point": story.phone.pk, "seen": 0},
            headers=HTMX,
        )

        assert response.headers["HX-Redirect"] == _url("call", story)
        page = client.get(_url("call", story)).content.decode()
        assert "0987 654 321" in page
        assert CareTask.objects.get(pk=story.task.pk).claimed_by == mai

    def test_a_mistaken_allergy_is_refuted_from_the_call(self, client, story, mai):
        client.force_login(mai)
        client.post(_url("call-act", story, "allergy"), FORMS["allergy"], headers=HTMX)
        allergy = Allergy.objects.get()

        response = client.post(
            _url("refute-allergy", story, allergy.pk), {"reason": "Nhầm người"}, headers=HTMX
        )

        assert response.status_code == 200
        assert not Allergy.objects.get().warns

    def test_a_question_is_answered_from_the_call(self, client, story, mai):
        ask_question(story.task, text="Có lái xe được không?", actor=mai)
        client.force_login(mai)
        question = Question.objects.get()
        url = reverse("care:answer", args=[question.pk])

        assert client.get(url, headers=HTMX).status_code == 200
        response = client.post(f"{url}?task={story.task.pk}", {"answer": "Được"}, headers=HTMX)

        assert response.status_code == 200
        assert Question.objects.get().answer == "Được"
