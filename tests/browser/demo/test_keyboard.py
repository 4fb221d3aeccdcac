"""The keyboard is enough: search, commands, work list, dialogs, the way past the navigation (J1, WCAG 2.1.1)."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from playwright.sync_api import expect

from tantam.care.models import CareRule
from tantam.patients.models import ContactPoint, Patient
from tests.browser.conftest import ready

pytestmark = pytest.mark.django_db


def _with_a_phone_of_their_own() -> tuple[Patient, str]:
    """A patient whose last four digits nobody else has."""
    by_end: dict[str, list[ContactPoint]] = {}
    for point in ContactPoint.objects.filter(kind="phone", is_wrong=False).select_related("patient"):
        by_end.setdefault(str(point.value)[-4:], []).append(point)
    # From the high end: low ones would be patient codes too.
    ends = sorted(by_end.items(), reverse=True)
    end, points = next((end, points) for end, points in ends if len(points) == 1)
    return points[0].patient, end


def test_j1_four_digits_and_enter_find_the_patient(hospital, page, sign_in, effort):
    """J1: from anywhere, at most 8 keys to the patient's page."""
    patient, end = _with_a_phone_of_their_own()
    sign_in(hospital.member("letan.lan"))
    ready(page, "/")
    effort.reset()

    page.keyboard.press("/")
    for digit in end:
        page.keyboard.press(digit)
    chosen = page.locator("#t-search-options [role=option][aria-selected=true]")
    expect(chosen).to_contain_text(patient.full_name)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/patients/{patient.pk}/")

    assert effort.keys <= 8
    assert effort.clicks == 0
    assert effort.page_loads == 1


def test_the_search_is_a_combobox(hospital, page, sign_in):
    """WCAG 4.1.2: arrows choose, the choice is announced, Escape leaves."""
    sign_in(hospital.member("letan.lan"))
    ready(page, "/")
    box = page.get_by_role("combobox", name="Tìm bệnh nhân")

    page.keyboard.press("/")
    expect(box).to_be_focused()
    page.keyboard.type("nguyen")
    options = page.locator("#t-search-options [role=option]")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", options.nth(1).get_attribute("id") or "")
    page.keyboard.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_be_focused()


def test_the_palette_goes_anywhere(hospital, page, sign_in):
    """Ctrl K: a place by its name without accents; Escape gives the focus back."""
    sign_in(hospital.member("mai.cskh"))
    ready(page, "/")
    page.keyboard.press("Control+k")
    expect(page.locator("#t-palette-input")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#t-palette")).not_to_be_visible()

    page.keyboard.press("Control+k")
    page.keyboard.type("goi cham soc")
    expect(page.locator("#t-palette-list [role=option]").first).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/care/")


def test_the_work_list_is_walked_by_keys(hospital, page, sign_in):
    """B6: j and k move, Enter opens the call."""
    sign_in(hospital.member("quanly"))
    links = page.locator("#care-rows .row-link")
    # On a day off little is due; some list has calls on any day.
    for tab in ("due", "overdue", "unassigned", "upcoming", "supervisor"):
        ready(page, f"/care/?site=all&tab={tab}")
        if links.count() >= 2:
            break

    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/care/(calls|messages)/\d+/$"))


def test_the_first_tab_leads_past_the_navigation(hospital, page, sign_in):
    """WCAG 2.4.1."""
    sign_in(hospital.member("mai.cskh"))
    ready(page, "/bell/")

    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    expect(skip).to_have_text("Đến thẳng nội dung")
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#content"


def test_a_dialog_keeps_the_focus_and_gives_it_back(hospital, page, sign_in):
    """WCAG 2.1.2, 2.4.3: Tab stays inside, Escape closes, the button that opened it has the focus again."""
    sign_in(hospital.member("quanly"))
    ready(page, f"/care/rules/{CareRule.objects.filter(is_active=True).first().pk}/")
    opener = page.locator("[data-dialog-open=stop-rule]")
    opener.focus()

    page.keyboard.press("Enter")
    dialog = page.locator("#stop-rule")
    expect(dialog).to_be_visible()
    for _press in range(8):
        page.keyboard.press("Tab")
        # Between the last and the first the browser itself may have it, never the page below.
        assert page.evaluate(
            "document.activeElement === document.body || Boolean(document.activeElement.closest('#stop-rule'))"
        )
    page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()
    expect(opener).to_be_focused()


def test_j11_whom_a_rule_reaches_stands_beside_it_before_saving(hospital, page, sign_in, effort):
    """J11: one screen; nothing is saved by looking."""
    rule = CareRule.objects.filter(is_active=True, occasion="before_reexamination").first()
    sign_in(hospital.member("quanly"))
    ready(page, f"/care/rules/{rule.pk}/")
    figures = page.locator("#rule-preview .care-figures")
    expect(figures).to_be_visible()
    before = figures.inner_text()
    effort.reset()

    page.locator("[name=days]").fill("14")
    expect(figures).not_to_have_text(before)

    assert effort.page_loads == 0
    rule.refresh_from_db()
    assert rule.days != 14


def _end_every_session(username: str) -> None:
    from django.contrib.sessions.models import Session

    from tantam.accounts.models import Member

    def end() -> None:
        member = str(Member.objects.get(username=username).pk)
        for session in Session.objects.all():
            if session.get_decoded().get("_auth_user_id") == member:
                session.delete()
        connections.close_all()

    with ThreadPoolExecutor(1) as other:
        other.submit(end).result()


def test_the_session_ends_while_somebody_types_and_nothing_is_lost(hospital, page, context, sign_in):
    """Bad input: the page says so and stays; after signing in beside it, the same press counts."""
    from tantam.demo.staff import PASSWORD

    sign_in(hospital.member("letan.hue"))
    ready(page, "/patients/new/")
    page.get_by_label("Họ và tên").first.fill("Khúc Thị Nhàn Rỗi")
    page.locator("[name=born]").fill("1963")
    _end_every_session("letan.hue")

    # Whichever asks first, this or what the page fetches by itself while typing: the dialog may stand there already.
    page.locator("#slip").evaluate("form => form.requestSubmit()")
    asked = page.locator("dialog[open]")
    expect(asked).to_be_visible()
    with context.expect_page() as opened:
        asked.get_by_role("link").click()
    beside = opened.value
    beside.locator("[name=login]").fill("letan.hue")
    beside.locator("[name=password]").fill(PASSWORD)
    beside.locator("form[action='/account/login/'] button[type=submit]").click()
    beside.locator("html[data-ready] .t-side").wait_for(state="attached")
    asked.get_by_role("button").click()

    expect(page.locator("[name=full_name]")).to_have_value("Khúc Thị Nhàn Rỗi")
    page.locator("#slip button[type=submit]").click()
    page.wait_for_url(re.compile(r"/patients/\d+/$"))
    assert Patient.objects.filter(full_name="Khúc Thị Nhàn Rỗi").count() == 1
