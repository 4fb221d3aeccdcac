"""What stands on the first screen of the clinic's ordinary PC, 1366 × 768, without scrolling."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tantam.care.models import CareTask
from tantam.care.tests.stories import story_of
from tantam.knowledge.operations import ensure_starter_guides
from tests.browser.conftest import ready
from tests.factories.care import CareRuleFactory, CareTaskFactory

pytestmark = pytest.mark.django_db(transaction=True)
PC = (1366, 768)
WHOLE = (
    "node => { const box = node.getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight; }"
)


@pytest.mark.parametrize("viewport", [PC], indirect=True)
def test_ten_rows_of_the_work_list(page, sign_in, site, mai):
    rule = CareRuleFactory()
    for _row in range(14):
        CareTaskFactory(site=site, rule=rule)
    sign_in(mai)
    ready(page, "/care/")

    rows = page.locator("#care-rows tr")

    assert sum(row.evaluate(WHOLE) for row in rows.all()) >= 10
    assert max(row.bounding_box()["height"] for row in rows.all()) <= 41


@pytest.mark.parametrize("viewport", [PC], indirect=True)
def test_a_call_from_ringing_to_the_next_without_scrolling(page, sign_in, site, doctor, mai):
    """B6: numbers, tries, answers, the guide's questions, the finishing button; “Call”, “Give back”, “Undo”."""
    ensure_starter_guides(actor=None)
    story = story_of(site, doctor)
    sign_in(mai)
    ready(page, f"/care/calls/{story.task.pk}/")

    for part in (".t-ring-row a", ".t-notreached button", ".t-seg-choice", "#call-form .t-finish.is-primary"):
        for each in page.locator(part).all():
            if each.is_visible():
                assert each.evaluate(WHOLE), part
    assert page.locator(".t-guide-questions li").first.evaluate(WHOLE)
    assert CareTask.objects.get(pk=story.task.pk).claimed_by is None

    # The browser's own question about the telephone would stand over the page.
    page.evaluate(
        "document.querySelectorAll('a[data-rings]').forEach((link) => { link.href = '#call-header'; })"
    )
    page.locator(".t-ring-row a").first.click()
    expect(page.locator("#give-back")).to_be_visible()
    assert CareTask.objects.get(pk=story.task.pk).claimed_by == mai
    page.get_by_role("button", name="Không nghe máy").click()
    page.get_by_role("button", name="Hoàn tác").click()
    page.wait_for_url(f"**/care/calls/{story.task.pk}/")

    assert story.task.call_attempts.count() == 0
