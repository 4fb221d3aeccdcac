"""Guides are read and written on a desk and on a phone, in light and dark, without anything in the way (C5)."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tantam.accounts.permissions import Role
from tantam.knowledge.models import Guide
from tantam.knowledge.operations import ensure_starter_guides, publish_guide
from tantam.knowledge.rules.content import GuideContent, GuideScope
from tests.browser.conftest import DESK, PHONE, ready
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def trainer(transactional_db, site):
    return MemberFactory(username="daotao", full_name="Võ Thị Giảng", roles=[(Role.TRAINER, site)])


@pytest.fixture
def guide(trainer) -> Guide:
    ensure_starter_guides(actor=None)
    guide = Guide.objects.get(starter_key="hypertension")
    first = guide.versions.get()
    publish_guide(
        guide,
        title=guide.title,
        scope=GuideScope(guide.occasion, None, guide.diagnosis_prefixes, guide.mark),
        content=GuideContent(first.goals[1:], [*first.questions, "Đêm ngủ được mấy tiếng ạ?"], first.facts),
        seen=1,
        actor=trainer,
    )
    return guide


@pytest.mark.parametrize("viewport", [DESK, PHONE], indirect=True, ids=["desk", "phone"])
@pytest.mark.parametrize("colour_scheme", ["light", "dark"], indirect=True)
def test_axe_finds_nothing_on_the_guides(page, sign_in, axe, guide, trainer, viewport, colour_scheme):
    sign_in(trainer)
    for path in ("", f"{guide.pk}/", f"{guide.pk}/?version=2&compare", f"{guide.pk}/edit/", "new/"):
        ready(page, f"/knowledge/guides/{path}")
        if path.endswith(("edit/", "new/")):
            expect(page.locator("#preview")).not_to_be_empty()
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport[0]


def test_the_preview_follows_the_typing(page, sign_in, guide, trainer):
    sign_in(trainer)
    ready(page, f"/knowledge/guides/{guide.pk}/edit/")

    page.get_by_label("Câu hỏi gợi ý").fill("Hôm nay {xưng hô} thấy thế nào ạ?")
    page.get_by_label("Tiêu đề").focus()

    expect(page.locator("#preview")).to_contain_text("Hôm nay chị Hằng thấy thế nào ạ?")
