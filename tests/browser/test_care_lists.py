"""The work list from the keyboard, and J11: a rule changed with its reach in view, on one screen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tantam.accounts.permissions import Role
from tantam.care.models import CareRule, CareTask
from tests.browser.conftest import PHONE, ready
from tests.factories.accounts import MemberFactory
from tests.factories.care import CallAttemptFactory, CareRuleFactory, CareTaskFactory
from tests.factories.records import ReexaminationFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def manager(site):
    return MemberFactory(full_name="Đỗ Minh Quân", roles=[(Role.MANAGER, site)])


@pytest.fixture
def calls(site, mai):
    rule = CareRuleFactory(name="Gọi trước tái khám 2 ngày")
    made = [
        CareTaskFactory(
            site=site, rule=rule, patient__full_name=f"Nguyễn Thị {name}", patient__phone=f"091234567{number}",
            priority=1 + number,
        )
        for number, name in enumerate(("An", "Bình", "Chi"))
    ]  # fmt: skip
    CareTaskFactory(site=site, rule=rule, action="message", patient__phone="0912345699")
    CareTaskFactory(site=site, rule=rule, needs_supervisor=True)
    spoken = CareTaskFactory(site=site, rule=rule, status="done", due_in=-1)
    CallAttemptFactory(task=spoken, member=mai, result="answered", made_at=timezone.now() - timedelta(days=1))
    return made


def test_the_list_is_worked_from_the_keyboard(page, sign_in, mai, calls):
    sign_in(mai)
    ready(page, "/care/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == "Nguyễn Thị Bình"

    page.keyboard.press("c")
    page.wait_for_selector(f"#task-{calls[1].pk} button[formaction$=release]")
    assert CareTask.objects.get(pk=calls[1].pk).claimed_by == mai

    page.locator(f"#task-{calls[1].pk} button[formaction$=release]").click()
    page.wait_for_selector(f"#task-{calls[1].pk} button[formaction$=claim]")

    page.keyboard.press("n")
    page.wait_for_url(f"**/care/calls/{calls[0].pk}/")
    assert CareTask.objects.get(pk=calls[0].pk).claimed_by == mai


def test_filters_change_the_list_without_leaving_the_page(page, sign_in, mai, calls, effort):
    sign_in(mai)
    ready(page, "/care/")
    effort.reset()
    page.select_option("#f-priority", "2")
    expect(page.locator("#care-rows tr")).to_have_count(1)
    assert "priority=2" in page.url
    assert effort.page_loads == 0


def test_j11_a_rule_is_changed_with_its_reach_in_view(page, sign_in, manager, site, effort):
    """J11: one screen; the patients it will reach follow what is typed, nothing is saved before."""
    rule = CareRuleFactory(site=site, days=2)
    near = ReexaminationFactory(site=site, in_days=9, patient__full_name="Lê Văn Gần")
    ReexaminationFactory(site=site, in_days=34, patient__full_name="Lê Văn Xa")
    sign_in(manager)
    ready(page, f"/care/rules/{rule.pk}/")
    reached = page.locator("#rule-preview table.is-stack tbody th")
    assert reached.all_inner_texts()[0].startswith(near.patient.full_name)
    effort.reset()

    page.fill("#id_days", "7")
    expect(reached.filter(has_text="Lê Văn Xa")).to_be_visible()
    assert CareRule.objects.get().days == 2
    assert effort.page_loads == 0

    page.locator("#rule-form button[type=submit], #rule-form .t-form-actions button").first.click()
    expect(page.locator("#t-toasts .t-toast")).to_be_visible()
    assert CareRule.objects.get().days == 7
    assert effort.page_loads == 1


@pytest.mark.parametrize("viewport", [(1440, 900), PHONE], indirect=True, ids=["desk", "phone"])
@pytest.mark.parametrize("colour_scheme", ["light", "dark"], indirect=True)
def test_everyone_can_use_the_pages(page, sign_in, axe, manager, calls, site, viewport):
    """WCAG 2.2 AA: axe finds nothing, and nothing is wider than the screen."""
    ReexaminationFactory(site=site, in_days=9)
    message = CareTask.objects.get(action="message")
    rule = CareRule.objects.get()
    sign_in(manager)
    for url in (
        "/care/",
        "/care/?tab=supervisor",
        "/care/?tab=mine",
        f"/care/tasks/{calls[0].pk}/",
        f"/care/messages/{message.pk}/",
        "/care/rules/",
        "/care/rules/new",
        f"/care/rules/{rule.pk}/",
        "/care/dashboard/",
        "/care/dashboard/print",
    ):
        ready(page, url)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport[0], url
