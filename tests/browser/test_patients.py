"""Registering, finding and correcting patients in a real browser (J1, J2, A9, A10)."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tantam.patients.models import Patient
from tests.browser.conftest import DESK, PHONE, ready
from tests.factories.patients import PatientFactory, RelativeFactory

pytestmark = pytest.mark.django_db(transaction=True)
BOTH = pytest.mark.parametrize("viewport", [DESK, PHONE], indirect=True, ids=["desk", "phone"])
DARK_TOO = pytest.mark.parametrize("colour_scheme", ["light", "dark"], indirect=True)


@pytest.fixture
def hang(transactional_db, site) -> Patient:
    patient = PatientFactory(
        full_name="Nguyễn Thị Hằng", birth_year=1985, phone="0912345678", identity_number="087185000999"
    )
    RelativeFactory(patient=patient)
    return patient


@BOTH
def test_j2_a_walk_in_is_registered_on_one_screen(page, sign_in, effort, receptionist):
    """J2: name, year of birth, phone; one page load to open it and one to leave."""
    sign_in(receptionist)
    ready(page, "/patients/new/")

    page.get_by_label("Họ và tên").first.fill("Phạm Văn Ổi")
    page.get_by_label("Ngày sinh, năm sinh hoặc tuổi").fill("1990")
    page.locator("[name=phones-0-phone]").fill("0987 654 321")
    page.get_by_role("button", name="Đăng ký", exact=True).click()
    page.wait_for_url(lambda url: "/new/" not in url)

    patient = Patient.objects.get()
    assert (patient.full_name, patient.birth_year) == ("Phạm Văn Ổi", 1990)
    assert effort.page_loads == 2


def test_a_likely_duplicate_shows_itself_while_typing_and_has_to_be_answered(
    page, sign_in, hang, receptionist
):
    """A9: the double is seen before it is made; what was typed stays."""
    sign_in(receptionist)
    ready(page, "/patients/new/")

    page.locator("[name=full_name]").fill("nguyen thi hang")
    page.locator("[name=born]").fill("1985")
    expect(page.locator("#likely")).to_contain_text(hang.code)
    page.locator("[name=notes]").fill("Đi xe lăn")
    page.get_by_role("button", name="Đăng ký", exact=True).click()
    expect(page.locator("[name=is_another_person]")).to_be_focused()
    expect(page.locator("[name=notes]")).to_have_value("Đi xe lăn")
    page.locator("[name=is_another_person]").check()
    page.get_by_role("button", name="Đăng ký", exact=True).click()
    page.wait_for_url(lambda url: "/new/" not in url)

    assert Patient.objects.count() == 2


def test_communes_follow_the_province(page, sign_in, receptionist):
    sign_in(receptionist)
    ready(page, "/patients/new/")

    page.locator("select[name=province]").evaluate(
        "(select) => { select.value = 'Thành phố Huế'; select.dispatchEvent(new Event('change', {bubbles: true})) }"
    )

    expect(page.locator("#communes option").first).to_have_attribute("value", "Phường An Cựu")


def test_a_patient_is_found_while_typing(page, sign_in, hang, mai):
    """J1: without accents, in any order."""
    sign_in(mai)
    ready(page, "/patients/")

    page.locator("#find").press_sequentially("hang ngu")

    expect(page.locator("#results")).to_contain_text("Nguyễn Thị Hằng")
    expect(page.locator("#results mark").first).to_be_visible()


def test_contact_points_and_details_are_corrected_in_place(page, sign_in, effort, hang, mai):
    sign_in(mai)
    ready(page, f"/patients/{hang.pk}/details/")
    effort.reset()

    page.locator("a[href$='/contact-points/']").click()
    page.locator("[name=value]").fill("0987654321")
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator("#patient")).to_contain_text("0987 654 321")
    page.locator("a[href$='/details/person/']").click()
    page.locator("[name=full_name]").fill("Nguyễn Thị Hằng Nga")
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator("#patient h1")).to_contain_text("Hằng Nga")

    assert effort.page_loads == 0


def test_consent_is_recorded_in_place(page, sign_in, effort, hang, mai):
    """A10: the words are on the screen, nothing is ticked beforehand."""
    sign_in(mai)
    ready(page, f"/patients/{hang.pk}/consents/")
    effort.reset()

    page.locator("a[href$='/consents/marketing/']").click()
    expect(page.locator("#consents")).to_contain_text("rút lại sự đồng ý")
    expect(page.locator("[name=decision]:checked")).to_have_count(0)
    page.get_by_label("Đồng ý", exact=True).check()
    page.locator("[name=evidence]").fill("Tập 3, tờ 18")
    page.get_by_role("button", name="Ghi nhận quyết định").click()
    expect(page.locator("#consents")).to_contain_text("Tập 3, tờ 18")

    assert effort.page_loads == 0
    assert hang.consents.get().decision == "given"


@BOTH
@DARK_TOO
def test_axe_finds_nothing(page, sign_in, axe, hang, receptionist, site):
    from tantam.accounts.models import RoleGrant
    from tantam.accounts.permissions import Role

    RoleGrant.objects.create(member=receptionist, role=Role.PRIVACY_OFFICER, site=site)
    sign_in(receptionist)
    for url in (
        "/patients/",
        "/patients/?q=hang",
        "/patients/?q=zzzz",
        "/patients/new/",
        f"/patients/{hang.pk}/details/",
        f"/patients/{hang.pk}/details/person/",
        f"/patients/{hang.pk}/contact-points/",
        f"/patients/{hang.pk}/relatives/",
        f"/patients/{hang.pk}/history/",
        f"/patients/{hang.pk}/consents/",
        f"/patients/{hang.pk}/consents/marketing/",
        f"/patients/{hang.pk}/consents/marketing/text/",
        f"/patients/{hang.pk}/looks/",
        "/settings/consent-texts/",
        "/settings/consent-texts/marketing/",
    ):
        page.goto(url)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), url
