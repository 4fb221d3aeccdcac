"""Roles an organisation composes of its own (D9: access only where the work needs it)."""

from __future__ import annotations

import uuid

import pytest
from allauth.usersessions.models import UserSession
from django.urls import reverse

from tantam.accounts.errors import MayNotCompose, MayNotGrant, RoleNameTaken, WorksElsewhereToo
from tantam.accounts.events import AccountEvent
from tantam.accounts.models import Invitation, Member, OwnRole
from tantam.accounts.operations.invitations import invite
from tantam.accounts.operations.members import correct_member, deactivate
from tantam.accounts.operations.roles import change_own_role, change_roles, compose_role, retire_role
from tantam.accounts.permissions import GUARDED, Permission, Role
from tantam.accounts.queries.roles import effects_of
from tantam.journal.models import Entry
from tests.factories.accounts import MemberFactory
from tests.proof import sign_in

P = Permission
CALLS = [P.PATIENT_FIND, P.CARE_SEE, P.CARE_CALL]


@pytest.fixture
def admin(site):
    return MemberFactory(username="quantri", full_name="Bùi Văn Quản", roles=[(Role.ADMINISTRATOR, site)])


@pytest.fixture
def caller(admin):
    return compose_role(name="Gọi cuối tuần", permissions=CALLS, idle_minutes=60, actor=admin)


@pytest.fixture
def clerk(site):
    """Invites colleagues by a role of the organisation's own, and is no administrator."""
    role = OwnRole.objects.create(name="Nhân sự", permissions=[P.MEMBERS_SEE, P.MEMBERS_MANAGE])
    return MemberFactory(username="nhansu", roles=[(role, site)])


def test_an_own_role_counts_like_a_shipped_one_at_its_site(caller, site, other_site):
    lan = MemberFactory(roles=[(caller, site)])

    for member in (Member.objects.get(pk=lan.pk), Member.objects.with_grants().get(pk=lan.pk)):
        assert member.may(P.CARE_CALL, site.pk)
        assert not member.may(P.CARE_CALL, other_site.pk)
        assert member.idle_minutes == 60
    assert list(Member.objects.allowed(P.CARE_CALL, site.pk)) == [lan]
    assert not Member.objects.allowed(P.CARE_CALL, other_site.pk).exists()


def test_what_it_may_do_changes_for_whoever_holds_it(caller, admin, site):
    lan = MemberFactory(roles=[(caller, site)])

    change_own_role(caller, name=caller.name, permissions=[P.PATIENT_FIND], idle_minutes=60, actor=admin)

    assert not Member.objects.get(pk=lan.pk).may(P.CARE_CALL)
    entry = Entry.objects.get(event=AccountEvent.ROLE_CHANGED)
    assert entry.details["taken"] == sorted([P.CARE_SEE, P.CARE_CALL])


def test_what_changes_is_told_by_whom_it_concerns(caller, site):
    """What a colleague may do by another role anyway is no change."""
    MemberFactory(full_name="An", roles=[(caller, site), (Role.CARE_AGENT, site)])
    for name in ("Bình", "Chi", "Dũng"):
        MemberFactory(full_name=name, roles=[(caller, site)])

    effects = effects_of(caller, [P.PATIENT_FIND, P.CARE_SEE, P.CARE_RULES])

    assert [(each.who, each.others, each.gains, each.permissions) for each in effects] == [
        ("An", 3, True, [str(P.CARE_RULES.label)]),
        ("Bình", 2, False, [str(P.CARE_CALL.label)]),
    ]


def test_a_change_is_shown_before_it_is_done(client, caller, admin, site):
    MemberFactory(full_name="Lan", roles=[(caller, site)])
    sign_in(client, admin)
    sent = {"name": caller.name, "idle_minutes": "60", "permissions": [P.PATIENT_FIND]}
    page = reverse("accounts:role", args=[caller.pk])

    shown = client.post(page, sent)
    caller.refresh_from_db()
    assert shown.status_code == 200
    assert "Lan" in shown.content.decode()
    assert sorted(caller.permissions) == sorted(CALLS)

    assert client.post(page, {**sent, "agreed": "yes"}).status_code == 302
    caller.refresh_from_db()
    assert caller.permissions == [P.PATIENT_FIND]


def test_the_same_form_sent_twice_makes_one_role(client, admin):
    sign_in(client, admin)
    sent = {"name": "Trực", "idle_minutes": "60", "permissions": CALLS, "submission": str(uuid.uuid4())}

    answers = [client.post(reverse("accounts:role-new"), sent) for _each in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert OwnRole.objects.filter(name="Trực").count() == 1


def test_a_name_stands_once_among_the_roles_in_use(caller, admin):
    with pytest.raises(RoleNameTaken):
        compose_role(name="GỌI CUỐI TUẦN", permissions=CALLS, idle_minutes=60, actor=admin)
    retire_role(caller, actor=admin)
    compose_role(name="Gọi cuối tuần", permissions=CALLS, idle_minutes=60, actor=admin)


def test_only_who_administers_every_site_composes(site, other_site):
    """Roles count everywhere: the administrator of one branch does not make them for the other."""
    of_one = MemberFactory(roles=[(Role.ADMINISTRATOR, site)])
    of_both = MemberFactory(roles=[(Role.ADMINISTRATOR, site), (Role.ADMINISTRATOR, other_site)])

    with pytest.raises(MayNotCompose):
        compose_role(name="A", permissions=CALLS, idle_minutes=60, actor=of_one)
    compose_role(name="A", permissions=CALLS, idle_minutes=60, actor=of_both)


def test_nobody_composes_more_than_they_may_give(site):
    """A composer who manages no members may give nothing, so their roles could hold nothing."""
    role = OwnRole.objects.create(name="Soạn", permissions=[P.ROLES_COMPOSE])
    composer = MemberFactory(roles=[(role, site)])

    with pytest.raises(MayNotCompose):
        compose_role(name="B", permissions=[P.PATIENT_FIND], idle_minutes=60, actor=composer)


def test_a_role_that_may_what_administrators_may_needs_a_second_step(caller, admin, site):
    assert P.MEMBERS_MANAGE in GUARDED
    lan = MemberFactory(roles=[(caller, site)])
    UserSession.objects.create(user=lan, session_key="a", ip="10.0.0.7", user_agent="x")
    assert not Member.objects.get(pk=lan.pk).needs_second_factor

    change_own_role(caller, name="Gọi", permissions=[*CALLS, P.MEMBERS_MANAGE], idle_minutes=60, actor=admin)

    caller.refresh_from_db()
    assert Member.objects.with_grants().get(pk=lan.pk).needs_second_factor
    assert caller.idle_minutes == 30
    # The session had been let in without one.
    assert not UserSession.objects.filter(user=lan).exists()


def test_who_only_invites_makes_no_administrators(clerk, site, mai):
    with pytest.raises(MayNotGrant):
        change_roles(mai, grants=[(Role.ADMINISTRATOR, site)], actor=clerk)
    with pytest.raises(MayNotGrant):
        invite(full_name="A", email="", grants=[(Role.PRIVACY_OFFICER, site)], actor=clerk)
    change_roles(mai, grants=[(Role.DOCTOR, site)], actor=clerk)


def test_who_only_invites_takes_no_administrator_over(clerk, admin):
    """With the address comes a new password, and with that the account."""
    for act in (
        lambda: correct_member(admin, changes={"email": "toi@example.org"}, actor=clerk),
        lambda: deactivate(admin, actor=clerk),
    ):
        with pytest.raises(WorksElsewhereToo):
            act()


def test_roles_one_may_not_give_stay_when_others_are_changed(clerk, site):
    both = MemberFactory(roles=[(Role.PRIVACY_OFFICER, site), (Role.CASHIER, site)])

    change_roles(both, grants=[(Role.DOCTOR, site)], actor=clerk)

    assert Member.objects.get(pk=both.pk).roles_by_site == {site.pk: {"privacy_officer", "doctor"}}


def test_a_retired_role_is_gone_for_all_and_given_no_more(client, caller, admin, site):
    lan = MemberFactory(full_name="Lan", roles=[(caller, site)])
    sign_in(client, admin)
    page = reverse("accounts:role-retirement", args=[caller.pk])
    assert "Lan" in client.get(page).content.decode()

    client.post(page)

    assert Member.objects.get(pk=lan.pk).roles_by_site == {}
    taken = Entry.objects.get(event=AccountEvent.ROLES_CHANGED, subject_id=lan.pk)
    assert taken.details["taken"] == [f"own-{caller.pk}@{site.pk}"]
    with pytest.raises(MayNotGrant):
        change_roles(lan, grants=[(OwnRole.objects.get(pk=caller.pk), site)], actor=admin)


def test_an_own_role_is_given_on_the_page_of_a_colleague(client, caller, admin, site, mai):
    sign_in(client, admin)
    sent = {"full_name": mai.full_name, f"site-{site.pk}": ["care_agent", caller.key]}

    assert client.post(reverse("accounts:member", args=[mai.pk]), sent).status_code == 302

    assert Member.objects.get(pk=mai.pk).roles_by_site[site.pk] == {"care_agent", caller.key}
    assert "Gọi cuối tuần" in client.get(reverse("accounts:members"), {"role": caller.key}).content.decode()


def test_gaining_a_role_that_needs_a_second_step_ends_the_sessions(admin, mai, site):
    UserSession.objects.create(user=mai, session_key="a", ip="10.0.0.7", user_agent="x")

    change_roles(mai, grants=[(Role.PRIVACY_OFFICER, site)], actor=admin)

    assert not UserSession.objects.filter(user=mai).exists()


def test_an_administrator_sees_no_patients(site):
    """The care list was open to administrators once."""
    may = Role.ADMINISTRATOR.permissions
    assert not {
        each for each in may if each.split(".")[0] in {"patient", "record", "care", "encounter", "allergy"}
    }


def test_invitations_go_with_the_rights_of_who_made_them(admin, site):
    other = MemberFactory(roles=[(Role.ADMINISTRATOR, site)])
    invite(full_name="A", email="", grants=[(Role.DOCTOR, site)], actor=other)
    invite(full_name="B", email="", grants=[(Role.DOCTOR, site)], actor=admin)

    change_roles(other, grants=[(Role.CASHIER, site)], actor=admin)

    assert [each.full_name for each in Invitation.objects.open()] == ["B"]
    assert Entry.objects.filter(event=AccountEvent.INVITATION_WITHDRAWN).count() == 1
