"""Who works here, as lists people can read."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Q

from tantam.accounts.models import Invitation, Member, OwnRole, RoleGrant
from tantam.accounts.models.roles import OWN
from tantam.accounts.permissions import Permission
from tantam.accounts.queries.authority import roles_by_key
from tantam.facility.models import Site
from tantam.facility.queries import sites_by_id
from tantam.lib.names import fold
from tantam.lib.numbers import whole_number

MEMBERS_PER_PAGE = 50
MOST_INVITATIONS = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list of members is narrowed to: words of a name, a role by its key, a site by its id."""

    text: str = ""
    role: str = ""
    site_id: int | None = None


def members_page(wanted: Wanted, *, number: str | None) -> Page[Member]:
    """Everyone who works here, the active first, fifty a page."""
    found = Member.objects.with_grants().order_by("deactivated_at", "name_key", "pk")
    if wanted.text:
        found = found.filter(
            Q(name_key__contains=fold(wanted.text))
            | Q(username__icontains=wanted.text)
            | Q(email__icontains=wanted.text)
        )
    if wanted.role:
        own = whole_number(wanted.role.removeprefix(OWN)) if wanted.role.startswith(OWN) else None
        holding = Q(own_role_id=own) if own is not None else Q(role=wanted.role)
        found = found.filter(pk__in=RoleGrant.objects.filter(holding).values("member_id"))
    if wanted.site_id is not None:
        found = found.filter(pk__in=RoleGrant.objects.filter(site_id=wanted.site_id).values("member_id"))
    return Paginator(found, MEMBERS_PER_PAGE).get_page(number)


def roles_of(member: Member) -> list[tuple[Site, list[str]]]:
    """The names of the roles a member holds, site by site."""
    known, names = sites_by_id(), dict[int, list[str]]()
    for held in member.held:
        names.setdefault(held.site_id, []).append(held.label)
    return [(known[site_id], sorted(labels)) for site_id, labels in names.items() if site_id in known]


def open_invitations(member: Member) -> list[Invitation]:
    """The invitations still open at the sites whose members this one manages, the newest first."""
    managed = set(member.sites_where(Permission.MEMBERS_MANAGE))
    recent = Invitation.objects.open().filter(is_first_administrator=False)[:MOST_INVITATIONS]
    return [
        invitation for invitation in recent if any(site_id in managed for _key, site_id in invitation.grants)
    ]


def described(invitation: Invitation) -> list[tuple[str, str]]:
    """What an invitation promises: the name of the role and the name of the site."""
    roles, sites = roles_by_key(key for key, _site_id in invitation.grants), sites_by_id()
    return [
        (str(roles[key].label), str(sites.get(site_id, "")))
        for key, site_id in invitation.grants
        if key in roles
    ]


def managed_sites(member: Member) -> list[Site]:
    """The sites whose members this one manages."""
    known = sites_by_id()
    return [known[site_id] for site_id in member.sites_where(Permission.MEMBERS_MANAGE) if site_id in known]


def holders_of(role: OwnRole) -> list[tuple[Member, list[str]]]:
    """Who holds a role, by name, and at which sites."""
    sites: dict[Member, list[str]] = {}
    for grant in role.grants.select_related("member", "site").order_by(
        "member__name_key", "member_id", "site__name"
    ):
        sites.setdefault(grant.member, []).append(str(grant.site))
    return list(sites.items())
