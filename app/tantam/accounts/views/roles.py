from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.models import Invitation, Member
from tantam.accounts.permissions import Permission, Role
from tantam.facility.models import Site
from tantam.facility.queries import sites_by_id


@requires(Permission.MEMBERS_SEE, anywhere=True)
def roles(request: StaffRequest) -> HttpResponse:
    """What each role may do: the documented matrix, from the same list the door reads."""
    matrix = [
        (permission.label, [permission in role.permissions for role in Role]) for permission in Permission
    ]
    return render(request, "accounts/roles.html", {"roles": [role.label for role in Role], "matrix": matrix})


def roles_of(member: Member) -> list[tuple[Site, list[str]]]:
    known = sites_by_id()
    return [
        (known[site_id], sorted(str(Role(role).label) for role in roles))
        for site_id, roles in member.roles_by_site.items()
        if site_id in known
    ]


def described(invitation: Invitation) -> list[tuple[str, str]]:
    sites = sites_by_id()
    return [(str(Role(role).label), str(sites.get(site_id, ""))) for role, site_id in invitation.grants]


def managed_sites(member: Member) -> list[Site]:
    known = sites_by_id()
    return [known[site_id] for site_id in member.sites_where(Permission.MEMBERS_MANAGE) if site_id in known]
