"""What all sites share has one lock: people who act at the same moment decide one after the other."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from tantam.accounts.errors import NoLongerAllowed
from tantam.accounts.models import Member, RoleGrant
from tantam.accounts.operations.members import deactivate
from tantam.accounts.operations.roles import change_roles
from tantam.accounts.permissions import Role
from tantam.facility.errors import NotEverywhere
from tantam.facility.models import HolidayOverride, Organisation
from tantam.facility.operations import remove_holiday, save_place
from tantam.lib.errors import Refusal
from tests.factories.accounts import MemberFactory
from tests.threads import at_once


def _end(actor, other):
    return lambda: deactivate(other, actor=actor)


def _take_away(actor, other):
    return lambda: change_roles(other, grants=[], actor=actor)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", [_end, _take_away])
def test_two_administrators_who_end_each_other_leave_one(site, act):
    one = MemberFactory(username="mot", roles=[(Role.ADMINISTRATOR, site)])
    two = MemberFactory(username="hai", roles=[(Role.ADMINISTRATOR, site)])

    answers = at_once(act(one, two), act(two, one))

    assert all(isinstance(answer, Refusal | Member) for answer in answers)
    assert Member.objects.administrators().count() == 1


@pytest.mark.django_db(transaction=True)
def test_whoever_waited_acts_by_what_they_may_do_now(site):
    """Their rights were taken while they stood in the queue for the lock."""
    one = MemberFactory(username="mot", roles=[(Role.ADMINISTRATOR, site)])
    two = MemberFactory(username="hai", roles=[(Role.ADMINISTRATOR, site)])
    lan = MemberFactory(username="lan")
    assert two.may("members.manage")
    answers: list[object] = []

    def give() -> None:
        try:
            change_roles(lan, grants=[(Role.DOCTOR, site)], actor=two)
        except Refusal as refusal:
            answers.append(refusal)
        finally:
            connection.close()

    with transaction.atomic():
        Organisation.objects.held()
        waiting = threading.Thread(target=give)
        waiting.start()
        deactivate(two, actor=one)
    waiting.join(timeout=20)

    assert [type(answer) for answer in answers] == [NoLongerAllowed]
    assert not RoleGrant.objects.filter(member=lan).exists()


def test_a_manager_of_one_site_leaves_what_all_share_alone(client, site, other_site, manager):
    organisation = Organisation.objects.get()
    organisation.name = "Của tôi"
    with pytest.raises(NotEverywhere):
        save_place(organisation, fields=["name"], actor=manager)
    shared = HolidayOverride(day="2027-01-05", name="Nghỉ")
    with pytest.raises(NotEverywhere):
        save_place(shared, fields=["day"], actor=manager)
    shared.save(force_insert=True)
    with pytest.raises(NotEverywhere):
        remove_holiday(shared, actor=manager)

    own = HolidayOverride(day="2027-01-05", name="Nghỉ", site=site)
    assert save_place(own, fields=["day"], actor=manager).pk
    both = MemberFactory(roles=[(Role.MANAGER, site), (Role.MANAGER, other_site)])
    remove_holiday(shared, actor=both)


def test_a_site_no_longer_in_use_takes_nobody_rights_away(site, other_site, manager):
    assert not manager.may_everywhere("facility.manage")
    other_site.is_active = False
    save_place(other_site, fields=["is_active"], actor=MemberFactory())

    assert manager.may_everywhere("facility.manage")
