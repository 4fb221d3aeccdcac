"""Registering a patient on one screen, over HTTP (B1, J2)."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from tantam.accounts.permissions import Role
from tantam.patients.models import Patient
from tests.factories.accounts import MemberFactory
from tests.factories.patients import PatientFactory, RelativeFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def patient(site):
    patient = PatientFactory(
        full_name="Trần Thị Bưởi", birth_year=1985, phone="0912345678", identity_number="087185000999"
    )
    RelativeFactory(patient=patient, full_name="Lê Văn Cha")
    return patient


def slip(**more):
    """The registration form as a browser sends it."""
    rows = {}
    for prefix, count in (("phones", 3), ("relatives", 2)):
        rows |= {f"{prefix}-TOTAL_FORMS": count, f"{prefix}-INITIAL_FORMS": 0}
    return {**rows, "full_name": "Phạm Văn Ổi", "form_key": str(uuid4()), **more}


@pytest.mark.parametrize(
    ("who", "status"),
    [
        pytest.param("receptionist", 200, id="may"),
        pytest.param("mai", 403, id="may-correct-but-not-register"),
        pytest.param("dung", 403, id="may-only-read"),
        pytest.param("oscar", 403, id="nobody"),
    ],
)
def test_who_may_register(request, client, who, status):
    client.force_login(request.getfixturevalue(who))

    assert client.get(reverse("patients:register")).status_code == status


def test_registering_leads_to_the_patient(client, receptionist):
    """J2: one screen."""
    client.force_login(receptionist)

    answer = client.post(
        reverse("patients:register"),
        slip(born="45", **{"phones-0-phone": "0912 345 678", "phones-0-owner": "self"}),
    )

    patient = Patient.objects.get()
    assert answer.status_code == 302
    assert f"/{patient.pk}/" in answer.headers["Location"]
    assert patient.birth_year == timezone.localdate().year - 45
    assert patient.contact_points.get().value == "+84912345678"
    assert patient.home_site == receptionist.grants.get().site


def test_registering_with_htmx_redirects_the_browser(client, receptionist):
    client.force_login(receptionist)

    answer = client.post(reverse("patients:register"), slip(), headers=HTMX)

    assert answer.status_code == 200
    assert str(Patient.objects.get().pk) in answer.headers["HX-Redirect"]


def test_everything_to_mend_is_shown_at_once_and_what_was_typed_stays(client, receptionist):
    client.force_login(receptionist)

    answer = client.post(
        reverse("patients:register"),
        slip(
            full_name="",
            born="31/02/1985",
            identity_number="12",
            notes="Cần xe lăn",
            **{"phones-0-phone": "12ab"},
        ),
        headers=HTMX,
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("t-errors") >= 4
    assert "31/02/1985" in page
    assert "Cần xe lăn" in page
    assert "12ab" in page
    assert not Patient.objects.exists()


def test_a_birth_in_the_future_is_refused_beside_its_field(client, receptionist):
    client.force_login(receptionist)
    tomorrow = timezone.localdate() + timedelta(days=1)

    answer = client.post(reverse("patients:register"), slip(born=f"{tomorrow:%d/%m/%Y}"))

    assert answer.status_code == 422
    assert f"{tomorrow:%d/%m/%Y}" in answer.content.decode()


def test_a_likely_duplicate_asks_before_saving(client, receptionist, patient):
    client.force_login(receptionist)
    again = slip(full_name="tran thi buoi", born="1985")

    first = client.post(reverse("patients:register"), again)
    second = client.post(reverse("patients:register"), again | {"is_another_person": "on"})

    assert first.status_code == 422
    assert patient.code in first.content.decode()
    assert "is_another_person" in first.content.decode()
    assert second.status_code == 302
    assert Patient.objects.count() == 2


def test_likely_duplicates_are_shown_while_typing(client, receptionist, patient):
    client.force_login(receptionist)

    answer = client.post(
        reverse("patients:likely"), slip(full_name="Ai đó", **{"phones-0-phone": "0912345678"}), headers=HTMX
    )

    page = answer.content.decode()
    assert page.lstrip().startswith('<section id="likely"')
    assert "Trần Thị Bưởi" in page
    assert "Lê Văn Cha" in page
    assert "is_another_person" not in page


def test_a_held_identity_number_links_to_its_holder(client, receptionist, patient):
    client.force_login(receptionist)

    answer = client.post(
        reverse("patients:register"), slip(identity_number="087185000999", is_another_person="on")
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert patient.code in page
    assert f"/patients/{patient.pk}/" in page
    assert Patient.objects.count() == 1


def test_a_form_sent_twice_makes_one_patient(client, receptionist):
    client.force_login(receptionist)
    form = slip()

    first = client.post(reverse("patients:register"), form)
    second = client.post(reverse("patients:register"), form)

    assert first.headers["Location"] == second.headers["Location"]
    assert Patient.objects.count() == 1


def test_consent_is_not_ticked_beforehand_and_is_recorded_with_the_patient(client, receptionist):
    """A10: no tick is set for the patient."""
    client.force_login(receptionist)
    page = client.get(reverse("patients:register")).content.decode()
    ticked = {
        "consent-agrees_care_contact": "on",
        "consent-channel": "paper",
        "consent-evidence": "Tập 3, tờ 18",
    }

    client.post(reverse("patients:register"), slip(born="1985", **ticked))

    assert "checked" not in page
    consent = Patient.objects.get().consents.get()
    assert (consent.purpose, consent.decision, consent.evidence) == ("care_contact", "given", "Tập 3, tờ 18")


def test_a_refused_consent_undoes_the_registration(client, receptionist):
    client.force_login(receptionist)
    ticked = {"consent-agrees_marketing": "on", "consent-channel": "in_person"}

    answer = client.post(
        reverse("patients:register"), slip(born=str(timezone.localdate().year - 3), **ticked)
    )

    assert answer.status_code == 422
    assert not Patient.objects.exists()


def test_without_the_permission_no_consent_is_offered(client, site, patient):
    doctor = MemberFactory(username="bacsi", roles=[(Role.DOCTOR, site)])
    client.force_login(doctor)

    page = client.get(reverse("patients:register")).content.decode()

    assert "agrees_marketing" not in page


def test_communes_follow_the_province(client, receptionist):
    client.force_login(receptionist)

    page = client.get(reverse("patients:communes"), {"province": "Thành phố Huế"}).content.decode()

    assert "Phường Thuận Hóa" in page
    assert client.get(reverse("patients:communes"), {"province": "Hà Tây"}).content.decode().strip() == ""


def test_someone_elses_card_is_a_warning_not_a_refusal(client, receptionist):
    client.force_login(receptionist)

    answer = client.post(
        reverse("patients:likely"),
        slip(sex="male", born="1990", identity_number="087185000999"),
        headers=HTMX,
    )

    assert answer.content.decode().count('t-alert is-wait" role="status"') >= 2
