from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.urls import reverse

from tantam.patients.queries.asked import as_registered
from tests.factories.patients import PatientFactory

HTMX = {"HX-Request": "true"}


@pytest.fixture
def patient(db):
    return PatientFactory(full_name="Nguyễn Thị Hồng Hạnh", phone="0912345678")


@pytest.mark.parametrize("text", ["hong hanh", "Hồng", "5678", "0912 345 678", "bn-"])
def test_the_options_name_the_patient_and_tell_two_apart(client, receptionist, patient, text):
    """J1"""
    client.force_login(receptionist)
    asked = patient.code if text == "bn-" else text
    html = client.get(reverse("desk:search"), {"q": asked}, headers=HTMX).content.decode()
    assert f'href="{reverse("desk:patient", args=[patient.pk])}"' in html
    assert 'role="option"' in html
    assert "1985" in html
    assert "…678" in html
    assert "<html" not in html


def test_less_than_two_letters_answer_nothing_and_nothing_found_says_so(client, mai, patient):
    client.force_login(mai)
    url = reverse("desk:search")
    assert client.get(url, {"q": "h"}, headers=HTMX).content == b""
    assert "t-option-none" in client.get(url, {"q": "zzzz"}, headers=HTMX).content.decode()


@pytest.mark.parametrize(
    ("typed", "begun"),
    [
        ("Hoàng Đình Vũ 1985", {"full_name": "Hoàng Đình Vũ", "born": "1985"}),
        ("0908 111 222", {"phone": "0908 111 222"}),
        ("vu@example.com", {"email": "vu@example.com"}),
        ("1222", {}),
    ],
)
def test_who_is_not_found_is_registered_with_what_was_typed(client, receptionist, typed, begun):
    client.force_login(receptionist)
    options = client.get(reverse("desk:search"), {"q": typed}, headers=HTMX).content.decode()
    assert f"/patients/new/?{urlencode({'typed': typed})}" in options
    assert as_registered(typed) == begun

    form = client.get(reverse("patients:register"), {"typed": typed}).content.decode()
    assert all(f'value="{value}"' in form for value in begun.values())


def test_the_page_works_without_javascript(client, receptionist, patient):
    client.force_login(receptionist)
    html = client.get(reverse("desk:search"), {"q": "hồng hạnh"}).content.decode()
    assert "row-link" in html
    assert "<html" in html
    assert client.get(reverse("desk:search")).status_code == 200


def test_the_search_costs_five_statements(client, receptionist, patient, django_assert_max_num_queries):
    client.force_login(receptionist)
    client.get(reverse("desk:search"), {"q": "hong"}, headers=HTMX)
    # Two of the door, two of the search, one that leaves its trace (D9).
    with django_assert_max_num_queries(5):
        client.get(reverse("desk:search"), {"q": "hong hanh"}, headers=HTMX)


def test_nobody_searches_without_the_right_to(client, oscar):
    client.force_login(oscar)
    assert client.get(reverse("desk:search"), {"q": "hong"}).status_code == 403


def test_a_name_is_shown_as_text_never_as_markup(client, receptionist):
    PatientFactory(full_name="Hạnh <script>alert(1)</script>")
    client.force_login(receptionist)
    html = client.get(reverse("desk:search"), {"q": "hanh"}, headers=HTMX).content.decode()
    assert "<script>" not in html
