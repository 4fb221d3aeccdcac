"""Who has a say over whom."""

from __future__ import annotations

from collections.abc import Collection

from tantam.accounts.errors import (
    LastAdministrator,
    MayNotGrant,
    WorksElsewhereToo,
)
from tantam.accounts.models import Grant, Member
from tantam.accounts.permissions import Permission, Role


def manages(actor: Member, member: Member) -> bool:
    """Whether the actor manages members at every site where this colleague has a role.

    What holds at every site (the address for a new password, being let in at all) takes every site's consent.
    """
    return not member.grants.exclude(site_id__in=actor.sites_where(Permission.MEMBERS_MANAGE)).exists()


def check_manages(actor: Member, member: Member) -> None:
    if member.pk != actor.pk and not manages(actor, member):
        raise WorksElsewhereToo(member=member.full_name)


def check_may_grant(actor: Member, grants: Collection[Grant]) -> None:
    if not all(actor.may(Permission.MEMBERS_MANAGE, site.pk) for _role, site in grants):
        raise MayNotGrant


def check_an_administrator_stays(leaving: Member) -> None:
    others = Member.objects.active().filter(grants__role=Role.ADMINISTRATOR).exclude(pk=leaving.pk)
    if not others.exists():
        raise LastAdministrator
