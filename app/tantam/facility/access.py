from __future__ import annotations

from typing import TYPE_CHECKING

from tantam.facility.models import Department, HolidayOverride, Organisation, Room, Site
from tantam.lib.errors import NotVisible

if TYPE_CHECKING:
    from tantam.accounts.models import Member

MANAGE = "facility.manage"


def organisation_for(member: Member) -> Organisation:
    """The organisation, for someone who manages every site."""
    found = Organisation.objects.first()
    if found is None or not member.may_everywhere(MANAGE):
        raise NotVisible
    return found


def site_for(member: Member, site_id: int) -> Site:
    """A site the member manages."""
    if not member.may(MANAGE, site_id):
        raise NotVisible
    site = Site.objects.filter(pk=site_id).first()
    if site is None:
        raise NotVisible
    return site


def department_for(member: Member, department_id: int) -> Department:
    found = Department.objects.select_related("site").filter(pk=department_id).first()
    if found is None or not member.may(MANAGE, found.site_id):
        raise NotVisible
    return found


def room_for(member: Member, room_id: int) -> Room:
    found = Room.objects.select_related("site").filter(pk=room_id).first()
    if found is None or not member.may(MANAGE, found.site_id):
        raise NotVisible
    return found


def holiday_for(member: Member, holiday_id: int) -> HolidayOverride:
    found = HolidayOverride.objects.filter(pk=holiday_id).first()
    if found is None or not (
        member.may_everywhere(MANAGE) if found.site_id is None else member.may(MANAGE, found.site_id)
    ):
        raise NotVisible
    return found
