"""A page that cannot get its lock in time says that it is busy, and what was typed is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from html import unescape

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection, connections
from django.test import Client
from django.urls import reverse

from tantam.accounts.models import Invitation
from tantam.accounts.permissions import Role
from tantam.ui.busy import busy, is_busy, typed_fields
from tests.factories.accounts import MemberFactory
from tests.proof import sign_in


@pytest.fixture
def admin(site):
    return MemberFactory(username="quantri", roles=[(Role.ADMINISTRATOR, site)])


@contextmanager
def _somebody_holds_the_house() -> Iterator[None]:
    of = connection.settings_dict
    with psycopg.connect(
        dbname=of["NAME"], user=of["USER"], password=of["PASSWORD"], host=of["HOST"], port=of["PORT"] or None
    ) as other:
        other.execute("SELECT * FROM facility_organisation FOR UPDATE")
        yield


@contextmanager
def _impatience() -> Iterator[None]:
    """For a while; the connection goes back into its pool as it was."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '300ms'")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET lock_timeout")


@pytest.fixture
def impatient(db):
    with _impatience():
        yield


@pytest.mark.django_db(transaction=True)
def test_what_was_typed_is_kept_and_can_be_sent_again(client, impatient, admin, site):
    sign_in(client, admin)
    page = reverse("accounts:invitation-new")
    sent = {
        "full_name": "Lê “Mới” <b>",
        "email": "moi@example.org",
        "roles": ["doctor", "nurse"],
        "sites": [str(site.pk)],
    }
    with _somebody_holds_the_house():
        answer = client.post(page, sent)

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert not Invitation.objects.exists()
    typed = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', answer.content.decode())
    again: dict[str, list[str]] = {}
    for name, value in typed:
        again.setdefault(name, []).append(unescape(value))
    assert again["full_name"] == ["Lê “Mới” <b>"]
    assert again["roles"] == ["doctor", "nurse"]

    assert client.post(page, again).status_code == 200
    assert Invitation.objects.get().email == "moi@example.org"


@pytest.mark.django_db(transaction=True)
def test_an_open_page_stays_as_it_is(client, impatient, admin, site):
    sign_in(client, admin)
    sent = {"full_name": "A", "roles": ["doctor"], "sites": [str(site.pk)]}
    with _somebody_holds_the_house():
        answer = client.post(reverse("accounts:invitation-new"), sent, headers={"HX-Request": "true"})

    assert answer.status_code == 503
    assert answer.headers["HX-Reswap"] == "none"
    assert "toast" in answer.headers["HX-Trigger"]
    assert not answer.content


@pytest.mark.django_db(transaction=True)
def test_four_who_wait_do_not_stop_a_site(admin, site):
    """As many requests as the site has threads stand at one lock; the fifth is answered all the same."""
    page = reverse("accounts:invitation-new")

    def ask(path: str) -> int:
        try:
            with _impatience():
                client = sign_in(Client(), admin)
                if path == page:
                    return client.post(
                        path, {"full_name": "A", "roles": ["doctor"], "sites": [str(site.pk)]}
                    ).status_code
                return client.get(path).status_code
        finally:
            connections.close_all()

    with _somebody_holds_the_house(), ThreadPoolExecutor(4) as site_threads:
        waiting = [site_threads.submit(ask, page) for _each in range(4)]
        fifth = site_threads.submit(ask, reverse("accounts:members"))
        assert fifth.result(timeout=15) == 200
        assert [each.result(timeout=15) for each in waiting] == [503] * 4


@pytest.mark.django_db(transaction=True)
def test_a_statement_that_takes_too_long_is_busy_too(db):
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '100ms'")
        with pytest.raises(OperationalError) as raised:
            cursor.execute("SELECT pg_sleep(5)")
        cursor.execute("RESET statement_timeout")

    assert is_busy(raised.value)
    assert not is_busy(OperationalError("the database is gone"))


@pytest.mark.parametrize(
    "typed",
    [{"login": "lan", "password": "bí mật"}, {"full_name": "A", "new_password1": "x"}],
)
def test_secrets_are_never_sent_back(rf, db, typed):
    request = rf.post("/", typed)

    assert not {"password", "new_password1"} & dict(typed_fields(request)).keys()
    assert b'name="login"' not in busy(_at(request, "accounts:profile")).content


def test_codes_of_the_second_step_and_files_are_never_sent_back(rf, db):
    code = rf.post("/", {"code": "123456"})
    file = rf.post("/", {"note": "giữ lại", "file": SimpleUploadedFile("a.pdf", b"x")})

    assert b"123456" not in busy(_at(code, "mfa_authenticate")).content
    assert b'name="note"' not in busy(_at(file, "accounts:profile")).content


def _at(request, name):
    class Match:
        url_name = name
        view_name = name

    request.resolver_match = Match
    request.user = None
    request.session = {}
    return request
