"""The front desk moves a re-examination date in a real browser (B7)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, ready
from tests.factories.patients import PatientFactory
from tests.factories.records import ReexaminationFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("viewport", [DESK, PHONE], indirect=True, ids=["desk", "phone"])
def test_a_receptionist_moves_a_date_from_the_patient_page(page, sign_in, axe, effort, receptionist, site):
    due = ReexaminationFactory(patient=PatientFactory(full_name="Nguyễn Thị Hằng"), site=site)
    day = timezone.localdate() + timedelta(days=21)
    sign_in(receptionist)
    ready(page, f"/patients/{due.patient_id}/")

    effort.reset()
    page.get_by_role("link", name="Dời ngày", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Nguyễn Thị Hằng")
    axe(page)
    dialog.locator("[name=due_on]").fill(f"{day:%d/%m/%Y}")
    dialog.get_by_role("button", name="Dời ngày", exact=True).click()

    expect(dialog).to_be_hidden()
    expect(page.locator("#summary")).to_contain_text(f"{day:%d/%m/%Y}")
    assert effort.page_loads == 0
    due.refresh_from_db()
    assert due.due_on == day
