"""What the door answers to what does not fit through it."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.test import Client, override_settings
from django.urls import path, reverse

from tantam.accounts.door import signed_in
from tantam.accounts.models import Member
from tantam.lib.errors import NotVisible


@signed_in
def _a_mistake_of_ours(request):
    Member.objects.get(pk=-1)


@signed_in
def _a_row_not_theirs(request):
    raise NotVisible


urlpatterns = [path("mistake/", _a_mistake_of_ours), path("row/", _a_row_not_theirs)]


@override_settings(ROOT_URLCONF=__name__)
def test_only_what_is_not_visible_is_not_found(mai):
    """A DoesNotExist nobody expected is a mistake of ours: as a 404 it would never be seen."""
    client = Client(raise_request_exception=False)
    client.force_login(mai)

    assert client.get("/row/").status_code == 404
    assert client.get("/mistake/").status_code == 500
    loud = Client()
    loud.force_login(mai)
    with pytest.raises(ObjectDoesNotExist):
        loud.get("/mistake/")


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
@pytest.mark.parametrize("charset", ["utf-16", "utf-7", "no-such-thing"])
def test_a_form_in_another_encoding_is_refused_before_it_is_read(db, kind, charset):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)

    answer = client.generic(
        "POST",
        reverse("account_login") + "?next=%00%d8",
        b"login=a",
        content_type=f"{kind}; charset={charset}",
    )

    assert answer.status_code == 415


def test_pages_ask_for_no_powers_of_the_browser(client, db):
    policy = client.get(reverse("account_login")).headers["Permissions-Policy"]

    assert "camera=()" in policy
    assert "microphone=()" in policy


@pytest.mark.parametrize(
    "name", ["accounts:members", "accounts:roles", "facility:sites", "facility:journal", "accounts:profile"]
)
def test_pages_take_only_the_methods_they_know(client, manager, name):
    client.force_login(manager)

    assert client.delete(reverse(name)).status_code in (403, 405)


def _told(length):
    """A body of which only the length is told: nothing may be read of it."""
    return {"CONTENT_LENGTH": str(length)}


@pytest.mark.parametrize("language", ["vi", "en", "zh-hans"])
@pytest.mark.parametrize(("address", "most"), [("/account/login/", "2,6"), ("/import/new/", "4000 MB")])
def test_a_body_over_the_limit_is_told_so_before_its_token_is_looked_for(db, mai, language, address, most):
    client = Client(enforce_csrf_checks=True)
    client.force_login(mai)
    client.cookies["tantam_language"] = language

    answer = client.post(address, {"a": "b"}, **_told(5_000_000_000))

    assert answer.status_code == 413
    assert most in answer.content.decode()
    assert answer.headers["Content-Language"] == language


def test_an_open_page_stays_when_too_much_was_sent(mai):
    client = Client()
    client.force_login(mai)

    answer = client.post("/preferences/", {"a": "b"}, headers={"HX-Request": "true"}, **_told(3_000_000))

    assert (answer.status_code, answer.content) == (413, b"")
    assert "toast" in answer.headers["HX-Trigger"]


@pytest.mark.parametrize("address", ["/import/new/", "/patients/1/consents/care_contact/", "/account/login/"])
def test_of_a_stranger_nothing_large_is_received(db, address, monkeypatch):
    def read(*args):
        raise AssertionError("nothing is read of it")

    monkeypatch.setattr("django.http.HttpRequest._load_post_and_files", read)
    answer = Client(enforce_csrf_checks=True).post(address, {"a": "b"}, **_told(500_000))

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize(
    ("page", "leads_to"),
    [
        ("http://testserver/patients/7/?tab=care", "/patients/7/?tab=care"),
        ("http://elsewhere.example/patients/7/", "/"),
        ("http://testserver//elsewhere.example/", "/"),
        ("", "/"),
    ],
)
@pytest.mark.parametrize(("method", "address"), [("POST", "/preferences/"), ("GET", "/front/sender")])
def test_signing_in_after_a_form_leads_back_to_its_page(db, method, address, page, leads_to):
    answer = Client().generic(method, address, headers={"Referer": page})

    assert parse_qs(urlsplit(answer.headers["Location"]).query)["next"] == [leads_to]
