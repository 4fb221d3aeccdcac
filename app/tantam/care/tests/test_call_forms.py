"""The forms of a call: nothing typed is ever lost, and all of it works without scripts (B6, B7)."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from tantam.accounts.models import RoleGrant
from tantam.accounts.permissions import Role
from tantam.care.models import CallAttempt, Conversation, Finding
from tantam.care.tests.stories import FORMS, HTMX, Story, story_of
from tantam.care.tests.stories import url_of as _url
from tantam.facility.queries import forget_cached, next_open_day
from tantam.knowledge.models import GuideVersion
from tantam.knowledge.operations import ensure_starter_guides
from tantam.records.models import Reexamination


@pytest.fixture
def story(site, doctor) -> Story:
    return story_of(site, doctor)


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
            ({"result": "call_back"}, "Vui lòng chọn lúc bệnh nhân muốn được gọi lại."),
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

        form = {"health": "same", "asked": [asked], "guide_version": _version_before(client, story)}
        client.post(_url("completion", story), form)

        held = Conversation.objects.get()
        assert held.asked == [asked]
        assert held.guide_version.guide.starter_key == "hypertension"

    def test_the_version_is_kept_that_the_agent_saw(self, client, story, mai):
        """A colleague publishes a newer version while the patient talks."""
        ensure_starter_guides(actor=None)
        client.force_login(mai)
        seen = GuideVersion.objects.get(pk=_version_before(client, story))
        newer = GuideVersion.objects.create(guide=seen.guide, number=2, goals=["Hỏi"], questions=["Khác?"])

        form = {"health": "same", "asked": seen.questions[:1], "guide_version": str(seen.pk)}
        client.post(_url("completion", story), form)

        held = Conversation.objects.get()
        assert held.guide_version == seen != newer
        assert held.asked == seen.questions[:1]

    def test_the_page_shown_again_keeps_the_guide_that_was_seen(self, client, story, mai):
        ensure_starter_guides(actor=None)
        client.force_login(mai)
        seen = GuideVersion.objects.get(pk=_version_before(client, story))
        GuideVersion.objects.create(guide=seen.guide, number=2, goals=["Hỏi"], questions=["Khác?"])

        response = client.post(_url("completion", story), {"health": "worse", "guide_version": str(seen.pk)})

        assert response.status_code == 422
        assert f'name="guide_version" value="{seen.pk}"' in response.content.decode()

    @pytest.mark.parametrize("sent", ["999999", "x", "-1"])
    def test_a_version_of_no_guide_is_refused_in_words(self, client, story, mai, sent):
        client.force_login(mai)
        response = client.post(_url("completion", story), {"health": "same", "guide_version": sent})
        assert response.status_code == 422
        assert "Không tìm thấy hướng dẫn" in response.content.decode()
        assert not Conversation.objects.exists()


def _version_before(client, story) -> str:
    """The version of the guide that stands beside the call, as the page sends it back."""
    page = client.get(_url("call", story)).content.decode()
    return re.search(r'name="guide_version" value="(\d+)"', page)[1]


class TestTimesAtTheSite:
    @pytest.fixture(autouse=True)
    def far_away(self, story, mai, other_site):
        """Mai calls from the other branch for a site that keeps another time."""
        type(story.site).objects.filter(pk=story.site.pk).update(time_zone="Pacific/Auckland")
        RoleGrant.objects.create(member=mai, site=other_site, role=Role.CARE_AGENT)
        type(mai).objects.filter(pk=mai.pk).update(current_site=other_site)
        forget_cached()

    def test_a_call_back_is_read_by_the_clock_of_the_site(self, client, story, mai):
        zone = ZoneInfo("Pacific/Auckland")
        soon = timezone.localdate(timezone=zone) + timedelta(days=3)
        wanted = datetime.combine(next_open_day(story.site, soon), time(9, 30), tzinfo=zone)
        client.force_login(mai)
        client.get(_url("call", story))

        client.post(
            _url("attempts", story),
            {"result": "call_back", "call_back_day": f"{wanted:%d/%m/%Y}", "call_back_time": "9:30"},
        )

        story.task.refresh_from_db()
        assert story.task.next_attempt_at == wanted

    def test_the_page_says_whose_clock_it_is(self, client, story, mai):
        client.force_login(mai)
        assert f"Giờ tại {story.site.name}" in client.get(_url("call", story)).content.decode()
