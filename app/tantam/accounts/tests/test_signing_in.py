"""Guessing is slowed down, a clinic behind one address is not; what happens at the door is written down (D9)."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from tantam.accounts.authentication.where import where_of
from tantam.accounts.events import AccountEvent
from tantam.accounts.jobs import send_letter
from tantam.accounts.permissions import Role
from tantam.journal.models import Entry
from tests.factories.accounts import PASSWORD, MemberFactory
from tests.proof import sign_in

LOGIN = "account_login"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0.0.0 Safari/537.36"


@pytest.fixture(autouse=True)
def _quick_to_check(settings):
    """Hundreds of guesses; how passwords are hashed is not the question here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def lan(site):
    return MemberFactory(
        username="lan", email="lan@example.org", roles=[(Role.RECEPTIONIST, site)], typed_password=PASSWORD
    )


def _try(client, password, login="lan"):
    client.post(reverse(LOGIN), {"login": login, "password": password})
    return client.get(reverse("accounts:profile")).status_code == 200


def _entries(event):
    return list(Entry.objects.filter(event=event).order_by("pk"))


def test_a_right_password_on_a_known_device_always_gets_in(lan):
    """While somebody elsewhere guesses at the account, and from the clinic's own address at all of them."""
    desk = Client()
    assert _try(desk, PASSWORD)
    desk.post(reverse("account_logout"))
    stranger = Client()
    for number in range(12):
        _try(stranger, "sai")
        _try(stranger, "sai", login=f"ai-do-{number}")

    assert not _try(stranger, PASSWORD)
    assert _try(desk, PASSWORD)


def test_a_known_device_is_a_stranger_to_other_accounts_and_after_too_many_guesses(lan, mai):
    mai.set_password(PASSWORD)
    mai.save(update_fields=["password"])
    desk = Client()
    assert _try(desk, PASSWORD)
    desk.post(reverse("account_logout"))
    for _each in range(20):
        _try(desk, "sai")

    assert not _try(desk, PASSWORD)


def test_a_device_is_not_made_known_by_anybody_else(lan):
    stranger = Client()
    stranger.cookies["tantam_device"] = "WyJhIixbImIiXV0:x:y"
    for _each in range(10):
        _try(stranger, "sai")

    assert not _try(stranger, PASSWORD)


def test_many_colleagues_sign_in_from_one_address(site):
    people = [
        MemberFactory(roles=[(Role.RECEPTIONIST, site)], typed_password=PASSWORD) for _each in range(25)
    ]

    assert all(_try(Client(), PASSWORD, login=person.username) for person in people)


def test_what_happens_at_the_door_is_written_with_address_and_device(lan):
    client = Client(headers={"User-Agent": WINDOWS}, REMOTE_ADDR="10.1.2.3")
    _try(client, "sai")
    _try(client, PASSWORD)
    client.post(reverse("account_logout"))

    (failed,), (came,), (left,) = (
        _entries(event)
        for event in (AccountEvent.SIGN_IN_FAILED, AccountEvent.SIGNED_IN, AccountEvent.SIGNED_OUT)
    )
    for entry in (failed, came, left):
        assert entry.subject_id == lan.pk
        assert (entry.details["address"], entry.details["device"]) == ("10.1.2.3", "chrome-windows")
    assert (came.actor_id, failed.actor_id) == (lan.pk, None)
    assert came.details["methods"] == ["password"]
    assert "sai" not in str(failed.details)


def test_a_name_nobody_has_is_a_failure_at_the_organisation(organisation):
    _try(Client(), "bi-mat-cua-toi", login="bi-mat-cua-toi")

    (entry,) = _entries(AccountEvent.SIGN_IN_FAILED)
    assert entry.subject_type == "facility.organisation"
    assert "bi-mat" not in str(entry.details)


def test_guesses_that_are_stopped_fill_no_journal(lan):
    stranger = Client()
    for _each in range(30):
        _try(stranger, "sai")

    reasons = [entry.details["reason"] for entry in _entries(AccountEvent.SIGN_IN_FAILED)]
    assert reasons == ["password"] * 10 + ["too-many"]


def test_public_addresses_are_kept_as_networks(rf):
    assert where_of(rf.get("/", REMOTE_ADDR="203.113.131.77")).address in ("203.113.131.0/24",)
    assert where_of(rf.get("/", REMOTE_ADDR="2405:4802:1:2::9")).address == "2405:4802:1::/48"
    assert where_of(rf.get("/", REMOTE_ADDR="192.168.1.20")).address == "192.168.1.20"


def test_a_refused_page_is_written_once_a_minute(client, mai):
    client.force_login(mai)
    for _each in range(3):
        client.get(reverse("accounts:members"))
    client.get(reverse("desk:patient", args=[987654321]))

    refused = [
        (entry.details["page"], entry.details["reason"]) for entry in _entries(AccountEvent.REQUEST_REFUSED)
    ]
    assert refused == [("accounts:members", "forbidden"), ("desk:patient", "not-visible")]


def _ask_for_a_password(client, address):
    return client.post(reverse("account_reset_password"), {"email": address})


def _letters():
    jobs = ProcrastinateJob.objects.filter(task_name="accounts.send_letter")
    return list(jobs.values_list("args", flat=True))


def test_a_link_to_a_new_password_goes_to_members_only(client, lan, settings):
    settings.MAIL_IS_SET_UP = True
    _ask_for_a_password(client, "nguoi-la@example.org")
    assert _letters() == []

    _ask_for_a_password(client, "lan@example.org")
    (letter,) = _letters()
    assert "/account/password/reset/key/" not in str(letter), "sealed while it lies there"
    send_letter(**letter)
    assert "/account/password/reset/key/" in mail.outbox[0].body
    assert [message.to for message in mail.outbox] == [["lan@example.org"]]
    assert settings.PASSWORD_RESET_TIMEOUT == 3600
    assert _entries(AccountEvent.PASSWORD_RESET_ASKED)[0].details["mailed"] is True


@pytest.mark.parametrize("is_set_up", [True, False])
def test_without_a_mail_server_the_page_answers_all_the_same(client, lan, settings, monkeypatch, is_set_up):
    settings.MAIL_IS_SET_UP = is_set_up

    def fail(*args, **kwargs):
        raise AssertionError("nobody waits for the mail server, or the wait would tell who has an account")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", fail)

    answer = _ask_for_a_password(client, "lan@example.org")

    assert answer.status_code == 302
    assert _entries(AccountEvent.PASSWORD_RESET_ASKED)[0].details["mailed"] is is_set_up


def test_a_changed_password_ends_the_other_sessions(client, lan):
    here, there = Client(), Client()
    assert _try(here, PASSWORD)
    assert _try(there, PASSWORD)
    new = "mot-mat-khau-khac-han"

    here.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )

    assert here.get(reverse("accounts:profile")).status_code == 200
    assert there.get(reverse("accounts:profile")).status_code == 302
    assert _entries(AccountEvent.PASSWORD_CHANGED)[0].details["sessions"] == 2


def test_the_session_in_use_stays_known_after_a_change_of_password(lan):
    client = Client()
    sign_in(client, lan)
    assert client.get(reverse("accounts:sessions")).status_code == 200
