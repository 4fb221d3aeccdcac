"""Roles as people compare them: what each may do, and what a change to one would mean for whom."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from tantam.accounts.models import Member, OwnRole
from tantam.accounts.permissions import Permission
from tantam.accounts.queries.authority import roles_in_use


@dataclass(frozen=True, slots=True)
class Effect:
    """What some colleagues may do from now on (`gains`) or no longer, in the same words for all of them."""

    who: str
    others: int
    gains: bool
    permissions: list[str]


def matrix() -> tuple[list[str], list[tuple[str, list[bool]]]]:
    """The names of all roles, and for each permission whether each role has it."""
    roles = roles_in_use()
    rows = [
        (str(permission.label), [permission in role.permissions for role in roles])
        for permission in Permission
    ]
    return [str(role.label) for role in roles], rows


def own_roles() -> list[tuple[OwnRole, int]]:
    """The organisation's own roles in use, and how many members hold each."""
    return [
        (role, len(set(role.grants.values_list("member_id", flat=True)))) for role in OwnRole.objects.in_use()
    ]


def effects_of(role: OwnRole, permissions: Collection[str]) -> list[Effect]:
    """Who of the role's holders may do what, or no longer, once the role had `permissions` (none: it is retired).

    What a colleague may do by another role at the same site does not change, and is not listed.
    """
    changed: dict[tuple[bool, str], set[int]] = {}
    names: dict[int, str] = {}
    new = frozenset(permissions)
    old = frozenset(role.permissions)
    holders = (
        Member.objects.with_grants()
        .active()
        .filter(pk__in=role.grants.values("member_id"))
        .order_by("name_key", "pk")
    )
    for member in holders:
        names[member.pk] = member.full_name
        for site_id in {held.site_id for held in member.held if held.key == role.key}:
            others = frozenset().union(
                *(
                    held.permissions
                    for held in member.held
                    if held.site_id == site_id and held.key != role.key
                )
            )
            for permission in new - old - others:
                changed.setdefault((True, permission), set()).add(member.pk)
            for permission in old - new - others:
                changed.setdefault((False, permission), set()).add(member.pk)
    groups: dict[tuple[bool, tuple[int, ...]], list[str]] = {}
    for permission in Permission:
        for gains in (True, False):
            affected = changed.get((gains, str(permission)))
            if affected:
                who = tuple(number for number in names if number in affected)
                groups.setdefault((gains, who), []).append(str(permission.label))
    return [
        Effect(names[who[0]], len(who) - 1, gains, labels)
        for (gains, who), labels in sorted(
            groups.items(), key=lambda group: (not group[0][0], -len(group[0][1]))
        )
    ]
