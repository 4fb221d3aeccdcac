"""Where a member is signed in, and how that ends (D9)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tantam.accounts.authentication import sessions
from tantam.accounts.errors import WorksElsewhereToo
from tantam.accounts.events import AccountEvent
from tantam.accounts.operations.sessions import end_session
from tantam.accounts.permissions import Role
from tantam.journal.models import Entry
from tests.factories.accounts import PASSWORD, MemberFactory

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0.0.0 Safari/537.36"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1"
LIST = "accounts:sessions"


@pytest.fixture(autouse=True)
def _second_step_given(monkeypatch):
    monkeypatch.setattr("tantam.accounts.door._has_second_factor", lambda *args: True)


@pytest.fixture
def admin(site):
    return MemberFactory(username="quantri", roles=[(Role.ADMINISTRATOR, site)])


def _signed_in(member, browser):
    client = Client(headers={"User-Agent": browser})
    client.force_login(member)
    UserSession.objects.create(
        user=member, session_key=client.session.session_key, ip="10.0.0.7", user_agent=browser
    )
    return client


def _is_in(client):
    return client.get(reverse("accounts:profile")).status_code == 200


def _session_of(client):
    return UserSession.objects.get(session_key=client.session.session_key)


def test_the_list_names_each_device_and_marks_this_one(mai):
    desk = _signed_in(mai, WINDOWS)
    _signed_in(mai, PHONE)

    page = desk.get(reverse(LIST))

    first, second = page.context["sessions"]
    assert (str(first.device), first.is_this_one) == ("Chrome · Windows", True)
    assert (str(second.device), second.is_this_one, second.address) == ("Safari · iPhone", False, "10.0.0.7")


def test_one_device_is_signed_out_and_the_others_go_on(mai):
    desk, phone, lost = (_signed_in(mai, WINDOWS), _signed_in(mai, PHONE), _signed_in(mai, PHONE))
    gone = _session_of(lost)

    response = desk.post(reverse("accounts:session-ending", args=[gone.pk]))

    assert response.headers["Location"] == reverse(LIST)
    assert (_is_in(desk), _is_in(phone), _is_in(lost)) == (True, True, False)
    entry = Entry.objects.get(event=AccountEvent.SESSION_ENDED)
    assert (entry.actor_id, entry.subject_id, entry.details) == (mai.pk, mai.pk, {"session": gone.pk})


def test_every_other_device_is_signed_out_at_once(mai):
    desk, phone, tablet = (_signed_in(mai, WINDOWS), _signed_in(mai, PHONE), _signed_in(mai, PHONE))

    desk.post(reverse("accounts:other-sessions-ending"))

    assert (_is_in(desk), _is_in(phone), _is_in(tablet)) == (True, False, False)
    assert Entry.objects.get(event=AccountEvent.SESSIONS_ENDED).details == {"sessions": 2, "others": True}
    # Nothing is left to end: nothing happens, and nothing is written.
    desk.post(reverse("accounts:other-sessions-ending"))
    assert Entry.objects.filter(event=AccountEvent.SESSIONS_ENDED).count() == 1


def test_a_device_signed_out_in_another_tab_is_said_to_be_so(mai):
    desk, phone = _signed_in(mai, WINDOWS), _signed_in(mai, PHONE)
    address = reverse("accounts:session-ending", args=[_session_of(phone).pk])

    answers = [desk.post(address, follow=True) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert Entry.objects.filter(event=AccountEvent.SESSION_ENDED).count() == 1


def test_nobody_ends_anothers_session_from_their_own_list(mai, hoa):
    desk, other = _signed_in(mai, WINDOWS), _signed_in(hoa, PHONE)

    desk.post(reverse("accounts:session-ending", args=[_session_of(other).pk]))

    assert _is_in(other)
    assert not Entry.objects.filter(event=AccountEvent.SESSION_ENDED).exists()


def test_an_administrator_ends_one_session_of_a_colleague(admin, mai):
    desk, phone, lost = (_signed_in(admin, WINDOWS), _signed_in(mai, PHONE), _signed_in(mai, WINDOWS))
    page = reverse("accounts:member", args=[mai.pk])
    assert len(desk.get(page).context["sessions"]) == 2

    response = desk.post(reverse("accounts:member-session-ending", args=[mai.pk, _session_of(lost).pk]))

    assert response.headers["Location"] == page
    assert (_is_in(phone), _is_in(lost)) == (True, False)
    assert Entry.objects.get(event=AccountEvent.SESSION_ENDED).actor_id == admin.pk


def test_a_session_is_ended_only_on_the_page_of_whose_it_is(admin, mai, dung):
    desk, phone = _signed_in(admin, WINDOWS), _signed_in(mai, PHONE)

    desk.post(reverse("accounts:member-session-ending", args=[dung.pk, _session_of(phone).pk]))

    assert _is_in(phone)


def test_the_devices_of_a_colleague_elsewhere_are_neither_shown_nor_ended(admin, site, other_site):
    colleague = MemberFactory(roles=[(Role.DOCTOR, site), (Role.DOCTOR, other_site)])
    desk, phone = _signed_in(admin, WINDOWS), _signed_in(colleague, PHONE)

    page = desk.get(reverse("accounts:member", args=[colleague.pk]))

    assert page.context["sessions"] is None
    with pytest.raises(WorksElsewhereToo):
        end_session(_session_of(phone), actor=admin)


def test_who_may_only_see_members_does_not_see_their_devices(site, mai):
    trainer = MemberFactory(roles=[(Role.TRAINER, site)])
    desk = _signed_in(trainer, WINDOWS)
    phone = _signed_in(mai, PHONE)

    assert desk.get(reverse("accounts:member", args=[mai.pk])).context["sessions"] is None
    address = reverse("accounts:member-session-ending", args=[mai.pk, _session_of(phone).pk])
    assert desk.post(address).status_code == 403
    assert _is_in(phone)


def test_sessions_a_changed_password_has_closed_are_not_listed(mai):
    _signed_in(mai, PHONE)
    mai.set_password("mot-mat-khau-khac-han")
    mai.save(update_fields=["password"])
    desk = _signed_in(mai, WINDOWS)

    assert [row.is_this_one for row in desk.get(reverse(LIST)).context["sessions"]] == [True]


def test_a_session_is_last_seen_when_it_was_last_used(mai):
    phone = _signed_in(mai, PHONE)
    long_ago = timezone.now() - timedelta(hours=3)
    UserSession.objects.filter(user=mai).update(last_seen_at=long_ago)

    _is_in(phone)
    assert timezone.now() - _session_of(phone).last_seen_at < timedelta(minutes=1)

    # Not at every request: a list of sessions tells minutes.
    UserSession.objects.filter(user=mai).update(last_seen_at=long_ago)
    _is_in(phone)
    assert _session_of(phone).last_seen_at == long_ago

    # Five minutes later, or in another process.
    sessions._noted.clear()
    _is_in(phone)
    assert timezone.now() - _session_of(phone).last_seen_at < timedelta(minutes=1)


def test_signing_in_elsewhere_does_not_count_as_seeing_the_others(mai):
    mai.set_password(PASSWORD)
    mai.save(update_fields=["password"])
    phone = _signed_in(mai, PHONE)
    long_ago = timezone.now() - timedelta(hours=3)
    UserSession.objects.filter(user=mai).update(last_seen_at=long_ago)

    desk = Client(headers={"User-Agent": WINDOWS})
    desk.post(reverse("account_login"), {"login": "mai", "password": PASSWORD})
    rows = desk.get(reverse(LIST)).context["sessions"]

    assert [row.is_this_one for row in rows] == [True, False]
    assert _session_of(phone).last_seen_at == long_ago


def test_the_list_knows_a_session_from_before_it_was_kept(mai):
    client = Client(headers={"User-Agent": WINDOWS})
    client.force_login(mai)

    assert [row.is_this_one for row in client.get(reverse(LIST)).context["sessions"]] == [True]
