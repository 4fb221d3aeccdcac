from __future__ import annotations

from collections.abc import Collection

from tantam.accounts.errors import (
    NotOneself,
)
from tantam.accounts.events import AccountEvent
from tantam.accounts.models import Grant, Member, RoleGrant
from tantam.accounts.permissions import Permission, Role
from tantam.accounts.queries.authority import check_an_administrator_stays, check_may_grant
from tantam.facility.models import Site
from tantam.journal.operations import nothing_changed, operation, record


@operation
def change_roles(member: Member, *, grants: Collection[Grant], actor: Member) -> Member:
    """Make `grants` the roles the member holds at the sites the actor manages; other sites stay as they are.

    Refuses with MayNotGrant, NotOneself and LastAdministrator.
    """
    member = Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
    check_may_grant(actor, grants)
    managed = set(actor.sites_where(Permission.MEMBERS_MANAGE))
    now_held = {(grant.role, grant.site_id): grant for grant in member.grants.filter(site_id__in=managed)}
    wanted = {(str(role), site.pk): (role, site) for role, site in grants}
    gone = [now_held[key] for key in now_held.keys() - wanted.keys()]
    new = [wanted[key] for key in wanted.keys() - now_held.keys()]
    if not gone and not new:
        nothing_changed()
        return member
    if any(grant.role == Role.ADMINISTRATOR for grant in gone):
        if member.pk == actor.pk:
            raise NotOneself
        check_an_administrator_stays(member)
    RoleGrant.objects.filter(pk__in=[grant.pk for grant in gone]).delete()
    RoleGrant.objects.give(member, new)
    record(
        AccountEvent.ROLES_CHANGED,
        member,
        actor=actor,
        given=[f"{role}@{site.pk}" for role, site in new],
        taken=[f"{grant.role}@{grant.site_id}" for grant in gone],
    )
    return member


@operation
def take_on_site(site: Site, *, actor: Member) -> None:
    """Give a site that was just opened its first managers, so that somebody can invite its members.

    Whoever opened it holds there the managing roles they hold elsewhere; when that leaves nobody to manage
    members, every administrator of the organisation does.
    """
    held = frozenset().union(*actor.roles_by_site.values())
    grants = [
        (actor, Role(role)) for role in sorted(held) if Permission.FACILITY_MANAGE in Role(role).permissions
    ]
    if not any(Permission.MEMBERS_MANAGE in role.permissions for _member, role in grants):
        administrators = Member.objects.active().filter(grants__role=Role.ADMINISTRATOR).distinct()
        grants += [(member, Role.ADMINISTRATOR) for member in administrators.order_by("pk")]
    RoleGrant.objects.bulk_create(
        [RoleGrant(member=member, role=role, site=site) for member, role in grants], ignore_conflicts=True
    )
    for member in dict.fromkeys(member for member, _role in grants):
        given = [f"{role}@{site.pk}" for each, role in grants if each == member]
        record(AccountEvent.ROLES_CHANGED, member, actor=actor, given=given, taken=[])
    if not grants:
        nothing_changed()
