"""The call on one page: who may, how many questions it asks, and that nothing typed is ever lost (B6, B7)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tantam.care.models import CallAttempt, CareTask, Conversation, Finding, Question
from tantam.care.operations.learnt import report_allergy, report_condition_change
from tantam.care.operations.questions import ask_question
from tantam.care.tests.stories import Story, story_of
from tantam.journal.models import Entry
from tantam.knowledge.operations import ensure_starter_guides
from tantam.records.models import Allergy, Reexamination
from tests.factories.care import CallAttemptFactory, CareTaskFactory
from tests.factories.records import (
    AllergyFactory,
    DiagnosisFactory,
    EncounterFactory,
    PrescriptionLineFactory,
)

HTMX = {"HX-Request": "true"}


@pytest.fixture
def story(site, doctor) -> Story:
    return story_of(site, doctor)


def _url(name: str, story: Story, *more) -> str:
    return reverse(f"care:{name}", args=[story.task.pk, *more])


# What each act's form sends; `doctor` is filled in by the test.
FORMS = {
    "condition": {"trend": "worse", "text": "Khó thở"},
    "allergy": {"agent": "Ibuprofen", "kind": "drug", "severity": "mild", "certainty": "suspected"},
    "date": {"due_on": f"{timezone.localdate() + timedelta(days=20):%d/%m/%Y}"},
    "doctor": {},
    "need": {"need": "Khám buổi tối", "explanation": "Chưa có ca tối"},
    "question": {"text": "Có lái xe được không?"},
}


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
    def test_opening_takes_the_call_and_is_journalled_once(self, client, story, mai):
        """B6, D9: one look per view."""
        client.force_login(mai)

        client.get(_url("call", story))

        assert CareTask.objects.get(pk=story.task.pk).claimed_by == mai
        looks = Entry.objects.filter(event="patients.patient:viewed", patient_id=story.patient.pk)
        assert [entry.detail("look") for entry in looks] == ["call"]

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
        visit = EncounterFactory(patient=story.patient, site=story.site, doctor=doctor, days_ago=days)
        DiagnosisFactory(encounter=visit, code="E11")
        PrescriptionLineFactory(encounter=visit)
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


class TestNothingIsLost:
    def test_a_worrying_answer_without_words_keeps_the_form(self, client, story, mai):
        client.force_login(mai)
        client.get(_url("call", story))

        response = client.post(
            _url("completion", story),
            {"health": "worse", "experience": "good", "spoke_with": "Con gái"},
            headers=HTMX,
        )

        page = response.content.decode()
        assert response.status_code == 422
        assert 'value="Con gái"' in page
        assert 'value="worse" data-again data-worries checked' in page
        assert "<html" not in page
        assert not Conversation.objects.exists()

    @pytest.mark.parametrize(
        ("form", "words"),
        [
            ({"result": "call_back"}, "Vui lòng chọn lúc người bệnh muốn được gọi lại."),
            ({"result": "call_back", "call_back_day": "31/02/2027", "call_back_time": "8:00"}, "31/02/2027"),
            ({"result": "call_back", "call_back_day": "01/01/2020", "call_back_time": "8:00"}, "đã qua"),
            ({"result": "nonsense"}, ""),
        ],
    )
    def test_a_try_that_makes_no_sense_is_not_logged(self, client, story, mai, form, words):
        client.force_login(mai)

        response = client.post(_url("attempts", story), form | {"note": "Đang bận họp"}, headers=HTMX)

        assert response.status_code == 422
        assert words in response.content.decode()
        assert "Đang bận họp" in response.content.decode()
        assert not CallAttempt.objects.exists()

    def test_a_number_of_another_patient_is_refused(self, client, story, mai):
        from tests.factories.patients import ContactPointFactory

        client.force_login(mai)
        stranger = ContactPointFactory(raw="0900000001")

        response = client.post(
            _url("completion", story),
            {"confirmation": "confirmed", "contact_point": stranger.pk},
            headers=HTMX,
        )

        assert response.status_code == 422
        assert not Conversation.objects.exists()

    def test_the_second_tab_is_told_and_keeps_its_words(self, client, story, mai):
        client.force_login(mai)
        client.post(_url("completion", story), {"confirmation": "confirmed"})

        response = client.post(
            _url("completion", story), {"confirmation": "declined", "note": "Thẻ thứ hai"}, headers=HTMX
        )

        page = response.content.decode()
        assert response.status_code == 422
        assert "Trần Thị Mai ghi lúc" in page
        assert "Thẻ thứ hai" in page
        assert Conversation.objects.get().confirmation == "confirmed"

    @pytest.mark.parametrize(
        ("kind", "form", "kept"),
        [
            ("allergy", {"agent": "", "reaction": "Nổi mẩn"}, "Nổi mẩn"),
            ("date", {"due_on": "32/13/2026", "reason": "Bận"}, "32/13/2026"),
            ("date", {"due_on": "01/01/2020"}, "01/01/2020"),
            ("need", {"need": "Khám tối", "explanation": ""}, "Khám tối"),
            ("condition", {"trend": "", "text": "Mệt"}, "Mệt"),
            ("doctor", {"doctor": "999999", "reason": "Muốn bác sĩ nữ"}, "Muốn bác sĩ nữ"),
            ("question", {"text": "", "answer": "Được"}, "Được"),
        ],
    )
    def test_bad_input_comes_back_with_its_reason(self, client, story, mai, kind, form, kept):
        client.force_login(mai)

        response = client.post(_url("call-act", story, kind), form, headers=HTMX)

        page = response.content.decode()
        assert response.status_code == 422
        assert kept in page
        assert "t-errors" in page or "t-form-errors" in page
        assert not Finding.objects.exists()

    def test_an_expired_session_leaves_the_page_as_it_is(self, client, story, mai):
        client.force_login(mai)
        client.logout()

        response = client.post(_url("completion", story), {"confirmation": "confirmed"}, headers=HTMX)

        assert response.status_code == 401
        assert "HX-Trigger" in response.headers


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
        client.get(_url("call", story))
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


class TestWithoutScripts:
    def test_every_form_is_a_page_of_its_own(self, client, story, mai):
        client.force_login(mai)
        for kind in FORMS:
            page = client.get(_url("call-act", story, kind)).content.decode()
            assert "<html" in page
            assert f'action="{_url("call-act", story, kind)}"' in page

    def test_an_act_leads_back_to_the_call(self, client, story, mai):
        client.force_login(mai)

        response = client.post(_url("call-act", story, "date"), FORMS["date"])

        assert response.headers["Location"] == _url("call", story)
        assert Reexamination.objects.get().due_on == timezone.localdate() + timedelta(days=20)

    def test_finishing_leads_to_the_next_call_or_to_the_list(self, client, story, mai, site, doctor):
        following = story_of(site, doctor)
        client.force_login(mai)
        client.get(_url("call", story))

        response = client.post(_url("completion", story), {"confirmation": "confirmed", "then": "next"})
        assert response.headers["Location"] == reverse("care:call", args=[following.task.pk])

        response = client.post(
            reverse("care:completion", args=[following.task.pk]),
            {"confirmation": "confirmed", "then": "next"},
        )
        assert response.headers["Location"] == reverse("care:work-list")

    def test_the_questions_asked_are_kept_as_the_guide_has_them(self, client, story, mai):
        ensure_starter_guides(actor=None)
        client.force_login(mai)
        client.get(_url("call", story))
        asked = "Mấy hôm nay {xưng hô} đo huyết áp ở nhà được bao nhiêu, đo lúc nào ạ?"

        client.post(_url("completion", story), {"health": "same", "asked": [asked]})

        held = Conversation.objects.get()
        assert held.asked == [asked]
        assert held.guide_version.guide.starter_key == "hypertension"
