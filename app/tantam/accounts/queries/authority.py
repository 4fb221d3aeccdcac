"""Who has a say over whom, and who may give which role."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Protocol

from tantam.accounts.errors import LastAdministrator, MayNotGrant, NoLongerAllowed, WorksElsewhereToo
from tantam.accounts.models import AnyRole, Grant, Invitation, Member, OwnRole
from tantam.accounts.models.roles import OWN
from tantam.accounts.permissions import GUARDED, Permission, Role
from tantam.facility.models import Organisation, Site
from tantam.facility.queries import sites_by_id
from tantam.lib.numbers import whole_number


def holding_the_house(actor: Member) -> Member:
    """Lock what all sites share until the transaction ends, and answer the actor as they are now.

    Whoever waited for the lock may have lost their rights, or their access, meanwhile: what is decided next has to
    be decided on what they may do now. Refuses with NoLongerAllowed.
    """
    Organisation.objects.held()
    now: Member | None = Member.objects.with_grants().active().filter(pk=actor.pk).first()
    if now is None:
        raise NoLongerAllowed
    return now


def manages(actor: Member, member: Member) -> bool:
    """Whether the actor manages members at every site where this colleague has a role.

    What holds at every site (the address for a new password, being let in at all) takes every site's consent; and
    it takes being allowed to give every role the colleague holds, for with the address comes the account.
    """
    return all(may_grant(actor, held, held.site_id) for held in Member.objects.get(pk=member.pk).held)


def check_manages(actor: Member, member: Member) -> None:
    """Refuses with WorksElsewhereToo."""
    if member.pk != actor.pk and not manages(actor, member):
        raise WorksElsewhereToo(member=member.full_name)


class _HasPermissions(Protocol):
    @property
    def permissions(self) -> Collection[str]: ...


def may_grant(actor: Member, role: _HasPermissions, site_id: int) -> bool:
    """Whether the actor may give or take this role at the site.

    It takes managing members there; and for a role that needs a second step, being trusted with what it may do, or
    with composing roles: whoever only invites colleagues makes no administrators.
    """
    held = actor.permissions_at(site_id)
    if Permission.MEMBERS_MANAGE not in held:
        return False
    return Permission.ROLES_COMPOSE in held or held.issuperset(GUARDED.intersection(role.permissions))


def check_may_grant(actor: Member, grants: Collection[Grant]) -> None:
    """Refuses with MayNotGrant, also for a role that has been retired."""
    for role, site in grants:
        if not may_grant(actor, role, site.pk) or (isinstance(role, OwnRole) and not role.is_in_use):
            raise MayNotGrant


def grantable_permissions(actor: Member, sites: Collection[Site]) -> frozenset[str]:
    """What the actor may give to others at every one of these sites: the most a role they compose may hold."""
    return frozenset().union(
        *(
            role.permissions
            for role in Role
            if sites and all(may_grant(actor, role, site.pk) for site in sites)
        )
    )


def grantable_everywhere(actor: Member) -> frozenset[str]:
    """What a role of the organisation's own may hold at most when this member composes it."""
    return grantable_permissions(actor, list(Site.objects.filter(is_active=True)))


def offered_roles(actor: Member) -> list[tuple[Site, list[AnyRole]]]:
    """The sites whose members the actor manages, with the roles they may give there."""
    known, roles = sites_by_id(), roles_in_use()
    return [
        (known[site_id], [role for role in roles if may_grant(actor, role, site_id)])
        for site_id in actor.sites_where(Permission.MEMBERS_MANAGE)
        if site_id in known
    ]


def check_an_administrator_stays(leaving: Member) -> None:
    """Refuses with LastAdministrator. True only under `holding_the_house`."""
    if not Member.objects.administrators().exclude(pk=leaving.pk).exists():
        raise LastAdministrator


def roles_in_use() -> list[AnyRole]:
    """Every role that can be given: the shipped ones, then the organisation's own by name."""
    return [*Role, *OwnRole.objects.in_use()]


def roles_by_key(keys: Iterable[str]) -> dict[str, AnyRole]:
    """Roles by the keys that grants and invitations keep; unknown keys are left out, retired roles are not."""
    wanted = set(keys)
    numbers = [whole_number(key.removeprefix(OWN)) for key in wanted if key.startswith(OWN)]
    own = OwnRole.objects.filter(pk__in=[number for number in numbers if number is not None])
    return {role.key: role for role in (*Role, *own) if role.key in wanted}


def grants_of(invitation: Invitation) -> list[Grant]:
    """What an invitation promises; roles and sites that are gone are left out."""
    roles = roles_by_key(key for key, _site_id in invitation.grants)
    sites = Site.objects.in_bulk([site_id for _key, site_id in invitation.grants])
    return [
        (roles[key], sites[site_id])
        for key, site_id in invitation.grants
        if key in roles and site_id in sites
    ]


def still_stands(invitation: Invitation) -> bool:
    """Whether whoever made the invitation is still here and may still give all that it promises."""
    inviter = Member.objects.with_grants().active().filter(pk=invitation.invited_by_id).first()
    grants = grants_of(invitation)
    if inviter is None or len(grants) != len(invitation.grants):
        return False
    return all(
        may_grant(inviter, role, site.pk) and not (isinstance(role, OwnRole) and not role.is_in_use)
        for role, site in grants
    )
