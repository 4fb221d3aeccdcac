"""Members, roles and invitations (D9: access only where the work needs it)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tantam.accounts.errors import (
    AlreadySetUp,
    InvitationNotOpen,
    LastAdministrator,
    MayNotGrant,
    NotOneself,
    UsernameTaken,
    WorksElsewhereToo,
)
from tantam.accounts.models import Invitation, Member, Practitioner
from tantam.accounts.operations.invitations import invite
from tantam.accounts.operations.joining import accept_invitation, make_setup_token
from tantam.accounts.operations.members import correct_member, deactivate, reactivate
from tantam.accounts.operations.roles import change_roles, take_on_site
from tantam.accounts.operations.sessions import end_sessions
from tantam.accounts.permissions import Permission, Role
from tests.factories.accounts import PASSWORD, MemberFactory


@pytest.fixture
def admin(site):
    return MemberFactory(username="quantri", full_name="Bùi Văn Quản", roles=[(Role.ADMINISTRATOR, site)])


def _newcomer(username="moi"):
    return Member(username=username, full_name="Ngô Thị Mới", email="")


def test_roles_are_held_per_site(mai, site, other_site):
    assert mai.may(Permission.CARE_CALL, site.pk)
    assert not mai.may(Permission.CARE_CALL, other_site.pk)
    assert mai.sites_where(Permission.CARE_CALL) == [site.pk]


def test_an_invited_doctor_joins_once_and_is_a_practitioner(admin, site):
    _invitation, token = invite(full_name="ngô thị mới", email="", grants=[(Role.DOCTOR, site)], actor=admin)

    member = accept_invitation(token, member=_newcomer(), password=PASSWORD, actor=None)

    assert member.check_password(PASSWORD)
    assert Member.objects.get(pk=member.pk).may(Permission.RECORD_NOTES, site.pk)
    assert Practitioner.objects.get(member=member).full_name == "Ngô Thị Mới"
    with pytest.raises(InvitationNotOpen):
        accept_invitation(token, member=_newcomer("moi2"), password=PASSWORD, actor=None)


def test_the_link_is_not_kept(admin, site):
    invitation, token = invite(full_name="A", email="", grants=[(Role.CASHIER, site)], actor=admin)
    assert token.encode() not in bytes(invitation.token_hash)


def test_an_old_invitation_does_not_open(admin, site):
    invitation, token = invite(full_name="A", email="", grants=[(Role.CASHIER, site)], actor=admin)
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now() - timedelta(minutes=1))

    with pytest.raises(InvitationNotOpen):
        accept_invitation(token, member=_newcomer(), password=PASSWORD, actor=None)


def test_a_taken_user_name_is_refused_whatever_its_case(admin, site, mai):
    _invitation, token = invite(full_name="A", email="", grants=[(Role.CASHIER, site)], actor=admin)

    with pytest.raises(UsernameTaken):
        accept_invitation(token, member=_newcomer("MAI"), password=PASSWORD, actor=None)

    assert Invitation.objects.get(full_name="A").is_open


def test_nobody_gives_roles_at_a_site_they_do_not_manage(admin, other_site, mai):
    with pytest.raises(MayNotGrant):
        change_roles(mai, grants=[(Role.MANAGER, other_site)], actor=admin)


def test_changing_roles_leaves_other_sites_alone(admin, site, other_site):
    both = MemberFactory(roles=[(Role.CARE_AGENT, site), (Role.CARE_AGENT, other_site)])

    change_roles(both, grants=[(Role.RECEPTIONIST, site)], actor=admin)

    fresh = Member.objects.get(pk=both.pk)
    assert fresh.roles_by_site == {site.pk: {"receptionist"}, other_site.pk: {"care_agent"}}


def test_an_administrator_stays(admin, site):
    with pytest.raises(NotOneself):
        deactivate(admin, actor=admin)
    second = MemberFactory(roles=[(Role.ADMINISTRATOR, site)])
    deactivate(second, actor=admin)
    with pytest.raises(LastAdministrator):
        deactivate(admin, actor=second)


def test_ended_access_ends_the_open_session(client, admin, mai):
    client.force_login(mai)
    assert client.get(reverse("accounts:profile")).status_code == 200

    deactivate(mai, actor=admin)

    assert client.get(reverse("accounts:profile")).status_code == 302


def test_the_set_up_link_makes_everything_once(client, db):
    token = make_setup_token()
    page = reverse("accounts:set-up", args=[token])
    typed = {
        "organisation_name": "Bệnh viện Thử", "site_name": "Cơ sở 1", "site_kind": "hospital",
        "time_zone": "Asia/Ho_Chi_Minh", "full_name": "Bùi Văn Quản", "username": "quantri", "email": "",
        "password": PASSWORD, "password_again": PASSWORD,
    }  # fmt: skip
    assert client.post(page, {**typed, "password_again": "khac-di-mot-chut"}).status_code == 422
    assert not Member.objects.exists()

    response = client.post(page, typed)

    assert response.status_code == 302
    administrator = Member.objects.get(username="quantri")
    assert administrator.may(Permission.MEMBERS_MANAGE)
    assert client.post(page, typed).status_code == 410
    with pytest.raises(AlreadySetUp):
        make_setup_token()


@pytest.mark.parametrize(
    ("role", "asked"), [(Role.ADMINISTRATOR, True), (Role.PRIVACY_OFFICER, True), (Role.CARE_AGENT, False)]
)
def test_who_must_have_a_second_step(client, site, role, asked):
    client.force_login(MemberFactory(roles=[(role, site)]))

    response = client.get(reverse("accounts:profile"))

    assert (response.status_code == 302 and "totp" in response.headers.get("Location", "")) == asked


@pytest.mark.parametrize("typed", ["mai", "MAI", "mai@benhvien.example"])
def test_sign_in_by_user_name_or_email(client, mai, typed):
    mai.email = "mai@benhvien.example"
    mai.set_password(PASSWORD)
    mai.save(update_fields=["email", "password"])

    client.post(reverse("account_login"), {"login": typed, "password": PASSWORD})

    assert client.get(reverse("accounts:profile")).status_code == 200


def test_guessing_passwords_is_slowed_down(client, mai):
    mai.set_password(PASSWORD)
    mai.save(update_fields=["password"])
    for _ in range(6):
        client.post(reverse("account_login"), {"login": "mai", "password": "sai"})

    client.post(reverse("account_login"), {"login": "mai", "password": PASSWORD})

    assert client.get(reverse("accounts:profile")).status_code == 302


def test_an_htmx_request_after_the_session_ended_keeps_the_page(client, site):
    response = client.get(reverse("accounts:profile"), headers={"HX-Request": "true"})

    assert response.status_code == 401
    assert response.headers["HX-Trigger"] == "signed-out"


def test_preferences_do_not_lead_away(client, mai, site):
    client.force_login(mai)

    response = client.post(
        reverse("accounts:preferences"), {"language": "en", "next": "https://evil.example/"}
    )

    assert response.headers["Location"] == "/"
    mai.refresh_from_db()
    assert mai.language == "en"


@pytest.mark.parametrize(
    ("who", "status"),
    [
        pytest.param("admin", 200, id="may"),
        pytest.param("mai", 403, id="may-not"),
        pytest.param("oscar", 403, id="nobody"),
    ],
)
def test_who_sees_the_members(request, client, who, status, monkeypatch):
    monkeypatch.setattr("tantam.accounts.door._has_second_factor", lambda *args: True)
    client.force_login(request.getfixturevalue(who))

    assert client.get(reverse("accounts:members")).status_code == status


@pytest.mark.parametrize("act", [deactivate, reactivate, end_sessions])
def test_whoever_works_at_another_site_too_is_not_ended_from_here(admin, other_site, site, act):
    """D9: an administrator of one branch has no say over what a colleague holds at another."""
    colleague = MemberFactory(roles=[(Role.DOCTOR, site), (Role.ADMINISTRATOR, other_site)])

    with pytest.raises(WorksElsewhereToo):
        act(colleague, actor=admin)


def test_the_address_of_a_colleague_elsewhere_is_not_changed_from_here(admin, hoa):
    """D9: with the address comes a new password, and with that the account."""
    with pytest.raises(WorksElsewhereToo):
        correct_member(hoa, changes={"email": "toi@example.org"}, actor=admin)
    hoa.refresh_from_db()
    assert hoa.email == ""


def test_a_colleague_without_roles_is_anyones_to_manage(admin, oscar):
    assert not deactivate(oscar, actor=admin).is_active


def test_whoever_opens_a_site_manages_it(admin, other_site):
    take_on_site(other_site, actor=admin)

    assert Member.objects.get(pk=admin.pk).may(Permission.MEMBERS_MANAGE, other_site.pk)


def test_a_site_a_manager_opens_has_administrators_too(admin, manager, other_site):
    take_on_site(other_site, actor=manager)

    assert Member.objects.get(pk=manager.pk).roles_by_site[other_site.pk] == {Role.MANAGER}
    assert Member.objects.get(pk=admin.pk).roles_by_site[other_site.pk] == {Role.ADMINISTRATOR}


def test_the_last_second_step_of_an_administrator_stays(admin, mai):
    from allauth.mfa.adapter import get_adapter
    from allauth.mfa.models import Authenticator

    adapter = get_adapter()
    only = Authenticator.objects.create(user=admin, type=Authenticator.Type.TOTP, data={})
    of_mai = Authenticator.objects.create(user=mai, type=Authenticator.Type.TOTP, data={})

    assert not adapter.can_delete_authenticator(only)
    assert adapter.can_delete_authenticator(of_mai)
    Authenticator.objects.create(user=admin, type=Authenticator.Type.WEBAUTHN, data={})
    assert adapter.can_delete_authenticator(only)
