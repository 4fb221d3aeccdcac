"""What the door answers to what does not fit through it."""

from __future__ import annotations

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
