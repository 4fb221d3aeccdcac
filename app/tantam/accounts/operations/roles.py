from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from tantam.accounts.authentication.ending import forget_sessions
from tantam.accounts.errors import MayNotCompose, NotOneself, RoleNameTaken, RoleRetired
from tantam.accounts.events import AccountEvent
from tantam.accounts.models import AnyRole, Grant, Member, OwnRole, RoleGrant
from tantam.accounts.operations.invitations import withdraw_what_no_longer_stands
from tantam.accounts.permissions import GUARDED, Permission, Role
from tantam.accounts.queries.authority import (
    check_an_administrator_stays,
    check_may_grant,
    grantable_everywhere,
    holding_the_house,
    may_grant,
)
from tantam.accounts.rules.idling import longest_idle
from tantam.facility.models import Organisation, Site
from tantam.facility.queries import forget_cached
from tantam.journal.operations import nothing_changed, operation, record


@operation
def change_roles(member: Member, *, grants: Collection[Grant], actor: Member) -> Member:
    """Make `grants` the roles the member holds at the sites the actor manages; other sites stay as they are.

    Roles the actor may not give (those that need a second step, for whoever may not compose roles) stay as they
    are too. Whoever gains a role that needs a second step is signed out everywhere, and invitations the member made
    and could no longer make are withdrawn.

    Refuses with MayNotGrant, NotOneself, LastAdministrator and NoLongerAllowed.
    """
    actor = holding_the_house(actor)
    member = Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
    needed_before = member.needs_second_factor
    managed = set(actor.sites_where(Permission.MEMBERS_MANAGE))
    rows = member.grants.filter(site_id__in=managed).select_related("own_role")
    now_held = {
        (row.key, row.site_id): row
        for row in rows
        if may_grant(actor, row.own_role or Role(row.role), row.site_id)
    }
    wanted = {(role.key, site.pk): (role, site) for role, site in grants}
    gone = [now_held[key] for key in now_held.keys() - wanted.keys()]
    kept = {(row.key, row.site_id) for row in rows}
    new = [wanted[key] for key in wanted.keys() - kept]
    check_may_grant(actor, new)
    if not gone and not new:
        nothing_changed()
        return member
    if any(row.role == Role.ADMINISTRATOR for row in gone):
        if member.pk == actor.pk:
            raise NotOneself
        check_an_administrator_stays(member)
    RoleGrant.objects.filter(pk__in=[row.pk for row in gone]).delete()
    RoleGrant.objects.give(member, new)
    _record_change(member, given=new, taken=gone, actor=actor)
    member = Member.objects.get(pk=member.pk)
    if member.needs_second_factor and not needed_before:
        forget_sessions(member)
    if gone:
        withdraw_what_no_longer_stands(member, actor=actor)
    return member


def _record_change(
    member: Member, *, given: Collection[Grant], taken: Collection[RoleGrant], actor: Member
) -> None:
    record(
        AccountEvent.ROLES_CHANGED,
        member,
        actor=actor,
        given=[f"{role.key}@{site.pk}" for role, site in given],
        taken=[f"{row.key}@{row.site_id}" for row in taken],
    )


@operation
def take_on_site(site: Site, *, actor: Member) -> None:
    """Give a site that was just opened its first managers, so that somebody can invite its members.

    Whoever opened it holds there the managing roles they hold elsewhere; when that leaves nobody to manage
    members, every administrator of the organisation does. Refuses with NoLongerAllowed.
    """
    actor = holding_the_house(actor)
    mine: dict[str, AnyRole] = {}
    for row in actor.grants.select_related("own_role").order_by("pk"):
        role = row.own_role or Role(row.role)
        if Permission.FACILITY_MANAGE in role.permissions:
            mine[row.key] = role
    given: list[tuple[Member, AnyRole]] = [(actor, mine[key]) for key in sorted(mine)]
    if not any(Permission.MEMBERS_MANAGE in role.permissions for _member, role in given):
        given += [(member, Role.ADMINISTRATOR) for member in Member.objects.administrators()]
    there = {(row.member_id, row.key) for row in RoleGrant.objects.filter(site=site)}
    given = [(member, role) for member, role in given if (member.pk, role.key) not in there]
    RoleGrant.objects.bulk_create([RoleGrant.of(member, role, site) for member, role in given])
    for member in dict.fromkeys(member for member, _role in given):
        roles: list[Grant] = [(role, site) for each, role in given if each == member]
        _record_change(member, given=roles, taken=(), actor=actor)
    if not given:
        nothing_changed()


@operation
def compose_role(
    *,
    name: str,
    permissions: Collection[str],
    idle_minutes: int,
    submission: UUID | None = None,
    actor: Member,
) -> OwnRole:
    """Put a role of the organisation's own together from permissions. The same form sent twice makes one role.

    An unused session of a role that needs a second step ends after at most half an hour, whatever is asked.
    Refuses with MayNotCompose, RoleNameTaken and NoLongerAllowed.
    """
    actor = holding_the_house(actor)
    _check_may_compose(actor, permissions)
    if submission is not None:
        sent = OwnRole.objects.filter(submission=submission).first()
        if sent is not None:
            nothing_changed()
            return sent
    _check_name(name)
    role = OwnRole(name=name, permissions=sorted(permissions), submission=submission)
    role.idle_minutes = min(idle_minutes, longest_idle(role))
    role.save(force_insert=True)
    record(AccountEvent.ROLE_COMPOSED, role, actor=actor, permissions=role.permissions)
    return role


@operation
def change_own_role(
    role: OwnRole, *, name: str, permissions: Collection[str], idle_minutes: int, actor: Member
) -> OwnRole:
    """Change what an own role is called and may do, for everyone who holds it, from now on.

    When it comes to need a second step, whoever holds it and had none to give is signed out everywhere.
    Refuses with MayNotCompose, RoleNameTaken, RoleRetired and NoLongerAllowed.
    """
    actor = holding_the_house(actor)
    role = _held(role)
    _check_may_compose(actor, set(permissions) | set(role.permissions))
    _check_name(name, but=role)
    before, needed_before = frozenset(role.permissions), role.needs_second_factor
    holders = list(Member.objects.with_grants().filter(grants__own_role=role).distinct().order_by("pk"))
    needing_before = {member.pk for member in holders if member.needs_second_factor}
    wanted = {"name": name, "permissions": sorted(permissions)}
    changed = [field for field, value in wanted.items() if getattr(role, field) != value]
    role.name, role.permissions = name, sorted(permissions)
    idle = min(idle_minutes, longest_idle(role))
    if idle != role.idle_minutes:
        role.idle_minutes = idle
        changed.append("idle_minutes")
    if not changed:
        nothing_changed()
        return role
    role.save(update_fields=changed)
    after = frozenset(role.permissions)
    record(
        AccountEvent.ROLE_CHANGED,
        role,
        actor=actor,
        fields=sorted(changed),
        given=sorted(after - before),
        taken=sorted(before - after),
    )
    if role.needs_second_factor and not needed_before:
        for member in holders:
            if member.pk not in needing_before:
                forget_sessions(member)
    if before & GUARDED - after or Permission.MEMBERS_MANAGE in before - after:
        for member in holders:
            withdraw_what_no_longer_stands(member, actor=actor)
    return role


@operation
def retire_role(role: OwnRole, *, actor: Member) -> OwnRole:
    """Take an own role away from all who hold it; it can no longer be given. What was done with it stays theirs.

    Refuses with MayNotCompose, RoleRetired and NoLongerAllowed.
    """
    actor = holding_the_house(actor)
    role = _held(role)
    _check_may_compose(actor, role.permissions)
    rows = list(role.grants.select_related("member").order_by("member_id", "pk"))
    role.grants.all().delete()
    role.retire()
    record(AccountEvent.ROLE_RETIRED, role, actor=actor, members=len({row.member_id for row in rows}))
    for member in dict.fromkeys(row.member for row in rows):
        _record_change(
            member, given=(), taken=[row for row in rows if row.member_id == member.pk], actor=actor
        )
        withdraw_what_no_longer_stands(member, actor=actor)
    return role


@operation
def set_idle_minutes(minutes: Mapping[Role, int], *, actor: Member) -> None:
    """Choose after how many unused minutes the sessions of shipped roles end (10 to 720; at most 30 where a second
    step is needed). For a member with several roles the shortest counts. Refuses with MayNotCompose, NoLongerAllowed.
    """
    actor = holding_the_house(actor)
    if not actor.may_everywhere(Permission.ROLES_COMPOSE):
        raise MayNotCompose
    company = Organisation.objects.get()
    before = {role.key: company.idle_minutes.get(role.key, role.idle_minutes) for role in Role}
    after = before | {role.key: max(10, min(wanted, longest_idle(role))) for role, wanted in minutes.items()}
    changed = [f"{key}:{after[key]}" for key in sorted(after) if after[key] != before[key]]
    if not changed:
        nothing_changed()
        return
    company.idle_minutes = after
    company.save(update_fields=["idle_minutes"])
    forget_cached()
    record(AccountEvent.IDLING_SET, company, actor=actor, minutes=changed)


def _held(role: OwnRole) -> OwnRole:
    role = OwnRole.objects.select_for_update(of=("self",)).get(pk=role.pk)
    if not role.is_in_use:
        raise RoleRetired
    return role


def _check_name(name: str, *, but: OwnRole | None = None) -> None:
    same = OwnRole.objects.in_use().filter(name__iexact=name)
    if (but is not None and same.exclude(pk=but.pk).exists()) or (but is None and same.exists()):
        raise RoleNameTaken(field="name")


def _check_may_compose(actor: Member, permissions: Collection[str]) -> None:
    if not actor.may_everywhere(Permission.ROLES_COMPOSE):
        raise MayNotCompose
    if not grantable_everywhere(actor).issuperset(permissions):
        raise MayNotCompose
