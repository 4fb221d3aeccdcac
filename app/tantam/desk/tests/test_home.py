from __future__ import annotations

import pytest
from django.urls import reverse

from tantam.accounts.permissions import Role
from tantam.journal.models import BellItem
from tantam.journal.operations import notify
from tests.factories.accounts import MemberFactory
from tests.factories.patients import PatientFactory
from tests.factories.records import ReexaminationFactory

HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_a_start_page_in_every_language(client, site, role, monkeypatch):
    monkeypatch.setattr("tantam.accounts.door._has_second_factor", lambda *args: True)
    member = MemberFactory(username="someone", roles=[(role, site)])
    client.force_login(member)
    for language in ("vi", "en", "zh-hans"):
        member.language = language
        member.save(update_fields=["language"])
        assert client.get(reverse("desk:home")).status_code == 200


def test_someone_without_a_role_is_told_how_it_comes(client, oscar):
    client.force_login(oscar)
    assert "t-empty" in client.get(reverse("desk:home")).content.decode()


def test_the_receptionist_sees_who_is_expected_and_the_doctor_their_patients(
    client, site, doctor, receptionist
):
    """The next step is on the screen"""
    ReexaminationFactory(patient=PatientFactory(full_name="Tạ Thị Ngân"), site=site, doctor=doctor, in_days=0)
    for member in (receptionist, doctor.member):
        client.force_login(member)
        assert "Tạ Thị Ngân" in client.get(reverse("desk:home")).content.decode()


def test_the_start_page_costs_few_statements(client, site, doctor, mai, django_assert_max_num_queries):
    for member in (doctor.member, mai):
        client.force_login(member)
        client.get(reverse("desk:home"))
        with django_assert_max_num_queries(12):
            client.get(reverse("desk:home"))


def test_the_bell_counts_lists_and_is_read_up_to_what_was_shown(client, mai, django_assert_max_num_queries):
    """B7"""
    patient = PatientFactory(full_name="Võ Thị Sáu")
    for number in range(12):
        notify([mai], "care.unheard-of", patient_id=patient.pk, url=f"/x/{number}")
    client.force_login(mai)
    url = reverse("desk:bell")
    assert client.get(url, {"count": ""}, headers=HTMX).content == b"12"
    # One of them leaves the trace of the list (D9).
    with django_assert_max_num_queries(6):
        html = client.get(url, headers=HTMX).content.decode()
    assert html.count('href="/x/') == 8
    assert html.count("<strong>Võ Thị Sáu") == 1
    assert "Võ Thị Sáu" in html
    newest = BellItem.objects.order_by("-pk").first().pk
    notify([mai], "care.unheard-of")
    answer = client.post(reverse("desk:bell-read"), {"upto": newest}, headers=HTMX)
    assert "live:bell" in answer.headers["HX-Trigger"]
    assert client.get(url, {"count": ""}, headers=HTMX).content == b"1"
    page = client.get(url).content.decode()
    assert "<html" in page
    assert client.post(reverse("desk:bell-read")).status_code == 302
    assert client.get(url, {"count": ""}, headers=HTMX).content == b""


def test_the_bell_is_ones_own(client, mai, dung):
    notify([mai], "care.unheard-of", url="/mine/")
    client.force_login(dung)
    assert "/mine/" not in client.get(reverse("desk:bell")).content.decode()


@pytest.mark.parametrize("text", ["%%avatar%%", "%%name%%", "%%csrf%%"])
def test_no_address_is_taken_for_a_part_of_the_frame(client, mai, site, text):
    client.force_login(mai)

    page = client.get(f"/?q={text}").content.decode()

    assert f'name="next" value="/?q={text}"' in page
    assert page.count("t-avatar is-tint") == client.get("/").content.decode().count("t-avatar is-tint")
