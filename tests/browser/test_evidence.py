"""A signed paper is kept with the decision, in a real browser (A10)."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tantam.journal.models import Entry
from tantam.privacy.models import ConsentEvidence
from tests.browser.conftest import DESK, PHONE, ready
from tests.factories.patients import PatientFactory
from tests.factories.scans import jpeg, png

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("viewport", [DESK, PHONE], indirect=True, ids=["desk", "phone"])
def test_a_photograph_of_the_signed_paper_is_kept_and_opened(page, context, sign_in, axe, receptionist, site):
    patient = PatientFactory(full_name="Nguyễn Thị Hằng", birth_year=1985)
    sign_in(receptionist)
    ready(page, f"/patients/{patient.pk}/consents/")

    page.get_by_role("link", name="Hỏi ý kiến Tin tức và ưu đãi").click()
    page.get_by_label("Đồng ý", exact=True).check()
    file = page.locator("[name=file]")
    file.set_input_files(
        {"name": "giay.jpg", "mimeType": "image/jpeg", "buffer": b"<html>khong phai anh</html>"}
    )
    page.get_by_role("button", name="Ghi nhận quyết định").click()
    expect(page.get_by_text("Đây không phải tệp PDF")).to_be_visible()
    axe(page)
    page.get_by_label("Đồng ý", exact=True).check()
    file.set_input_files({"name": "giay.jpg", "mimeType": "image/jpeg", "buffer": jpeg()})
    page.get_by_role("button", name="Ghi nhận quyết định").click()

    kept = page.get_by_role("link", name="Ảnh JPEG")
    expect(kept).to_be_visible()
    page.get_by_role("link", name="Thêm bản quét").click()
    axe(page)
    page.locator("[name=file]").set_input_files(
        {"name": "mat-sau.png", "mimeType": "image/png", "buffer": png()}
    )
    page.get_by_role("button", name="Lưu tệp").click()
    second = page.get_by_role("link", name="Ảnh PNG")
    expect(second).to_be_visible()
    assert ConsentEvidence.objects.count() == 2

    with context.expect_page() as opened:
        second.click()
    expect(opened.value.locator("img")).to_be_visible()
    looks = Entry.objects.filter(event="patients.patient:viewed", details__look="consent_evidence")
    assert looks.count() == 1
