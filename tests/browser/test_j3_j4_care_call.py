"""J3 and J4 (docs: daily journeys): a care call in four clicks, and what is learnt in it without leaving the page."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tantam.care.models import CareTask, Conversation, Finding
from tantam.care.tests.stories import Story, story_of
from tantam.journal.models import BellItem
from tantam.knowledge.operations import ensure_starter_guides
from tantam.records.models import Allergy
from tests.browser.conftest import DESK, PHONE, ready

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def calls(transactional_db, site, doctor) -> list[Story]:
    ensure_starter_guides(actor=None)
    return [story_of(site, doctor), story_of(site, doctor)]


def _open(page: Page, story: Story) -> None:
    ready(page, f"/care/calls/{story.task.pk}/")


def _chip(page: Page, words: str) -> None:
    page.locator(".t-seg-choice", has_text=re.compile(rf"^\s*{words}")).click()


@pytest.mark.parametrize("viewport", [DESK, PHONE], indirect=True, ids=["desk", "phone"])
def test_j3_answered_confirmed_next_takes_two_clicks(page, sign_in, effort, calls, mai):
    """J3, B6: after talking at most 4 clicks: will come, finish and take the next."""
    sign_in(mai)
    _open(page, calls[0])
    effort.reset()

    _chip(page, "Sẽ đến")
    page.get_by_role("button", name="Xong, gọi tiếp").click()
    page.wait_for_url(f"**/care/calls/{calls[1].task.pk}/")

    assert effort.clicks == 2
    assert effort.keys == 0
    assert effort.page_loads == 1
    expect(page.get_by_text("Đã ghi cuộc gọi với Nguyễn Thị Hằng.")).to_be_visible()
    assert Conversation.objects.get().confirmation == "confirmed"
    assert CareTask.objects.get(pk=calls[1].task.pk).claimed_by == mai


def test_j3_by_keyboard_alone(page, sign_in, effort, calls, mai):
    """J3: 1 will come, 4 better, 7 satisfied, x finish and next."""
    sign_in(mai)
    _open(page, calls[0])
    effort.reset()

    for key in "147x":
        page.keyboard.press(key)
    page.wait_for_url(f"**/care/calls/{calls[1].task.pk}/")

    assert (effort.clicks, effort.keys, effort.page_loads) == (0, 4, 1)
    held = Conversation.objects.get()
    assert (held.confirmation, held.health, held.experience) == ("confirmed", "better", "good")


@pytest.mark.parametrize("viewport", [DESK, PHONE], indirect=True, ids=["desk", "phone"])
def test_j4_allergy_and_new_date_without_leaving_the_page(page, sign_in, effort, calls, mai, doctor):
    """J4, B7: a drug allergy and another date during a call; the doctor is told; no page change."""
    story = calls[0]
    sign_in(mai)
    _open(page, story)
    _chip(page, "Đỡ hơn")
    effort.reset()

    page.get_by_role("link", name="Dị ứng thuốc").click()
    page.get_by_role("button", name="Amlodipin 5 mg").click()
    page.get_by_label("Phản ứng thế nào").fill("Phù chân")
    page.get_by_role("button", name="Ghi và báo bác sĩ").click()
    expect(page.get_by_text("Đã báo Nguyễn Hồng Sơn.").first).to_be_visible()
    expect(page.locator("#call-header .t-allergies")).to_contain_text("Amlodipin 5 mg")
    expect(page.locator("#act")).not_to_be_visible()

    page.get_by_role("link", name="Đổi ngày tái khám").click()
    page.get_by_role("button", name="+1 tuần").click()
    expect(page.locator("#moving")).not_to_be_empty()
    page.get_by_role("button", name="Đổi và báo bác sĩ").click()
    new_day = story.reexamination.due_on + timedelta(days=7)
    expect(page.locator("#call-why")).to_contain_text(f"{new_day:%d/%m/%Y}")

    assert effort.page_loads == 0, effort.urls
    assert Allergy.objects.get().agent == "Amlodipin 5 mg"
    story.reexamination.refresh_from_db()
    assert story.reexamination.due_on == new_day
    assert BellItem.objects.filter(member=doctor.member_id).count() == 2
    assert Finding.objects.filter(doctor=doctor).count() == 2
    # What was answered before is still there, and both acts are listed.
    expect(page.locator(".t-seg-choice input[value=better]")).to_be_checked()
    expect(page.locator("#call-learnt .t-row")).to_have_count(2)


def test_a_worrying_answer_asks_for_words_and_keeps_what_was_chosen(page, sign_in, calls, mai):
    """B6: refused with everything kept, then recorded."""
    sign_in(mai)
    _open(page, calls[0])

    _chip(page, "Nặng hơn")
    expect(page.get_by_label("Ghi chú")).to_be_visible()
    page.get_by_role("button", name="Xong, gọi tiếp").click()
    expect(page.get_by_text("Bệnh nhân nặng hơn hoặc chưa hài lòng")).to_be_visible()
    expect(page.locator(".t-seg-choice input[value=worse]")).to_be_checked()

    page.get_by_label("Ghi chú").fill("Khó thở về đêm")
    page.get_by_role("button", name="Xong, gọi tiếp").click()
    page.wait_for_url(f"**/care/calls/{calls[1].task.pk}/")

    assert Conversation.objects.get().note == "Khó thở về đêm"
    assert CareTask.objects.filter(source_kind="conversation", assigned_to=mai).count() == 1


def test_an_answer_is_taken_back_by_a_second_press(page, sign_in, calls, mai):
    sign_in(mai)
    _open(page, calls[0])

    _chip(page, "Hài lòng")
    _chip(page, "Hài lòng")

    expect(page.locator(".t-seg-choice input:checked")).to_have_count(0)


def test_two_tabs_record_one_conversation_and_lose_no_words(page, context, sign_in, calls, mai):
    """Bad input: a form open in two tabs."""
    sign_in(mai)
    _open(page, calls[0])
    other = context.new_page()
    _open(other, calls[0])
    page.keyboard.press("1")
    page.keyboard.press("x")
    page.wait_for_url(f"**/care/calls/{calls[1].task.pk}/")

    other.locator("summary", has_text="Triệu chứng và ghi chú").click()
    other.get_by_label("Ghi chú").fill("Câu chuyện ở thẻ thứ hai")
    other.get_by_role("button", name="Xong, gọi tiếp").click()

    expect(other.get_by_text("Cuộc gọi này đã được Trần Thị Mai ghi lúc")).to_be_visible()
    expect(other.get_by_label("Ghi chú")).to_have_value("Câu chuyện ở thẻ thứ hai")
    assert Conversation.objects.count() == 1


def test_what_was_typed_comes_back_after_a_reload(page, sign_in, calls, mai):
    sign_in(mai)
    _open(page, calls[0])
    page.locator("summary", has_text="Triệu chứng và ghi chú").click()
    page.get_by_label("Ghi chú").fill("Đang nói dở")
    page.wait_for_timeout(600)

    page.reload()
    page.wait_for_function("document.documentElement.dataset.ready !== undefined")

    expect(page.locator("#note")).to_have_value("Đang nói dở")


def test_the_number_that_was_rung_is_remembered(page, sign_in, calls, mai):
    story = calls[0]
    sign_in(mai)
    _open(page, story)
    page.evaluate("addEventListener('click', (e) => e.target.closest('a[href^=tel]') && e.preventDefault())")
    page.locator(".t-ring-row", has_text="0987 654 321").get_by_role("link").click()
    page.get_by_role("button", name="Không nghe máy").click()
    page.wait_for_url(f"**/care/calls/{calls[1].task.pk}/")

    assert story.task.call_attempts.get().contact_point == story.mothers_phone


@pytest.mark.parametrize("viewport", [DESK, PHONE], indirect=True, ids=["desk", "phone"])
@pytest.mark.parametrize("colour_scheme", ["light", "dark"], indirect=True)
def test_axe_finds_nothing_on_the_call_screen(page, sign_in, axe, calls, mai, viewport, colour_scheme):
    sign_in(mai)
    _open(page, calls[0])
    axe(page)
    for name in ("Bệnh thay đổi", "Dị ứng thuốc", "Đổi ngày tái khám", "Đổi bác sĩ", "Nhu cầu chưa đáp ứng"):
        page.locator(".t-atonce").get_by_role("link", name=name).click()
        expect(page.locator("#act .t-dialog-body")).to_be_visible()
        axe(page)
        page.keyboard.press("Escape")


@pytest.mark.parametrize("viewport", [PHONE], indirect=True)
def test_nothing_is_wider_than_a_phone(page, sign_in, calls, mai):
    sign_in(mai)
    _open(page, calls[0])

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    assert timezone.localdate() is not None
