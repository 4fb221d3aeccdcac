"""What counts is how this session came in, and who is asked again before what (D9)."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tantam.accounts.authentication import factors
from tantam.accounts.errors import InvitationNotOpen
from tantam.accounts.events import AccountEvent
from tantam.accounts.models import Invitation, Member, RoleGrant
from tantam.accounts.operations.invitations import invite
from tantam.accounts.operations.joining import accept_invitation
from tantam.accounts.permissions import Role
from tantam.journal.models import Entry
from tests.factories.accounts import PASSWORD, MemberFactory
from tests.proof import sign_in

PROFILE = "accounts:profile"


@pytest.fixture
def admin(site):
    return MemberFactory(username="quantri", roles=[(Role.ADMINISTRATOR, site)], typed_password=PASSWORD)


def _with_totp(member):
    return Authenticator.objects.create(user=member, type=Authenticator.Type.TOTP, data={"secret": ""})


def test_having_a_second_step_is_not_having_given_it(client, admin):
    """A session that came in by the password alone stays outside, whatever was set up elsewhere meanwhile."""
    _with_totp(admin)
    client.force_login(admin)

    answer = client.get(reverse(PROFILE))

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("mfa_reauthenticate"))
    # Nor may such a session add a second step of its own.
    assert (
        client.get(reverse("mfa_add_webauthn")).headers["Location"].startswith(reverse("mfa_reauthenticate"))
    )


def test_a_session_that_gave_it_is_in(client, admin):
    _with_totp(admin)
    sign_in(client, admin)

    assert client.get(reverse(PROFILE)).status_code == 200


def test_who_has_none_yet_sets_it_up(client, admin):
    client.force_login(admin)

    assert client.get(reverse(PROFILE)).headers["Location"] == reverse("mfa_activate_totp")


def test_a_second_step_that_comes_or_goes_ends_the_other_sessions(admin, rf):
    for key in ("here", "elsewhere"):
        UserSession.objects.create(user=admin, session_key=key, ip="10.0.0.7", user_agent="x")
    client = Client()
    sign_in(client, admin)
    request = rf.get("/")
    request.user, request.session = admin, client.session
    UserSession.objects.filter(session_key="here").update(session_key=client.session.session_key)

    factors._added(request, admin, _with_totp(admin))

    assert list(UserSession.objects.filter(user=admin).values_list("session_key", flat=True)) == [
        client.session.session_key
    ]
    entry = Entry.objects.get(event=AccountEvent.FACTOR_ADDED)
    assert (entry.details["kind"], entry.details["sessions"]) == ("totp", 1)


def test_what_concerns_accounts_asks_for_the_password_again_and_keeps_what_was_typed(client, admin, site):
    sign_in(client, admin)
    _make_old(client, admin)
    sent = {
        "full_name": "Ngô Thị Mới",
        "email": "moi@example.org",
        "roles": ["doctor"],
        "sites": [str(site.pk)],
    }
    page = reverse("accounts:invitation-new")

    asked = client.post(page, sent)
    assert asked.status_code == 200
    assert 'value="moi@example.org"' in asked.content.decode()
    assert not Invitation.objects.exists()

    assert client.post(page, {**sent, "confirm_password": "sai"}).status_code == 422
    assert not Invitation.objects.exists()

    assert client.post(page, {**sent, "confirm_password": PASSWORD}).status_code == 200
    assert Invitation.objects.get().email == "moi@example.org"


@pytest.mark.parametrize("name", ["facility:journal-export"])
def test_what_leaves_the_house_asks_first(client, admin, name):
    sign_in(client, admin)
    assert client.get(reverse(name)).status_code == 200
    _make_old(client, admin)

    assert client.get(reverse(name)).headers["Location"].startswith(reverse("account_reauthenticate"))


def test_ones_own_address_asks_first(client, mai):
    client.force_login(mai)

    client.post(reverse(PROFILE), {"email": "toi@example.org"})

    mai.refresh_from_db()
    assert mai.email == ""


def _make_old(client, member):
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": time.time() - 1000}]
    session.save()


@pytest.mark.parametrize(("minutes", "is_in"), [(34, True), (36, False)])
def test_a_session_nobody_uses_ends_sooner_where_it_opens_more(client, admin, mai, minutes, is_in):
    sign_in(client, admin)
    client.get(reverse(PROFILE))
    UserSession.objects.update(last_seen_at=timezone.now() - timedelta(minutes=minutes))

    assert (client.get(reverse(PROFILE)).status_code == 200) == is_in
    if not is_in:
        assert Entry.objects.get(event=AccountEvent.SIGNED_OUT).details["reason"] == "idle"
        assert not UserSession.objects.exists()

    other = Client()
    other.force_login(mai)
    other.get(reverse(PROFILE))
    UserSession.objects.filter(user=mai).update(last_seen_at=timezone.now() - timedelta(minutes=minutes))
    assert other.get(reverse(PROFILE)).status_code == 200


def test_an_invitation_is_checked_again_when_it_is_accepted(client, admin, site):
    _invitation, token = invite(full_name="A", email="", grants=[(Role.DOCTOR, site)], actor=admin)
    # Not by an act of ours, which would have withdrawn it.
    RoleGrant.objects.filter(member=admin).update(role=Role.CASHIER)

    with pytest.raises(InvitationNotOpen):
        accept_invitation(
            token, member=Member(username="moi", full_name="Mới"), password=PASSWORD, actor=None
        )
    assert client.get(reverse("accounts:join", args=[token])).status_code == 410


def test_the_same_invitation_sent_twice_is_one_and_its_shown_link_works(client, admin, site):
    sign_in(client, admin)
    sent = {
        "full_name": "Ngô Thị Mới",
        "email": "moi@example.org",
        "roles": ["doctor"],
        "sites": [str(site.pk)],
        "submission": "6f1f2a34-0000-4000-8000-000000000001",
    }

    pages = [client.post(reverse("accounts:invitation-new"), sent) for _each in range(2)]

    assert Invitation.objects.count() == 1
    first, second = (page.context["link"] for page in pages)
    assert Client().get(first).status_code == 410
    assert Client().get(second).status_code == 200


def test_an_administrator_says_when_unused_sessions_end(client, admin, mai):
    sign_in(client, admin)
    sent = {role.value: str(role.idle_minutes) for role in Role} | {"care_agent": "15"}

    assert client.post(reverse("accounts:idling"), {**sent, "administrator": "90"}).status_code == 422
    assert client.post(reverse("accounts:idling"), sent).status_code == 302

    assert Member.objects.get(pk=mai.pk).idle_minutes == 15
    assert Entry.objects.get(event=AccountEvent.IDLING_SET).details["minutes"] == ["care_agent:15"]
