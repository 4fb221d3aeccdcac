"""Where one is signed in, in a real browser (D9)."""

from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, ready

pytestmark = pytest.mark.django_db(transaction=True)
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1"


@pytest.mark.parametrize("viewport", [DESK, PHONE], indirect=True, ids=["desk", "phone"])
def test_a_lost_phone_is_signed_out_from_the_list(page, sign_in, axe, effort, mai):
    lost = Client()
    lost.force_login(mai)
    key = lost.session.session_key
    UserSession.objects.create(user=mai, session_key=key, ip="113.161.20.4", user_agent=IPHONE)
    sign_in(mai)
    ready(page, "/me/sessions/")
    axe(page)

    effort.reset()
    page.get_by_role("button", name="Đăng xuất Safari · iPhone, 113.161.20.4").click()

    expect(page.get_by_text("Đã đăng xuất thiết bị đó.")).to_be_visible()
    expect(page.get_by_text("Safari · iPhone")).to_have_count(0)
    expect(page.get_by_text("thiết bị này")).to_be_visible()
    assert effort.clicks == 1
    assert lost.get("/me/").status_code == 302
