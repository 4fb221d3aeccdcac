from __future__ import annotations

from tantam.accounts.models import Member
from tantam.accounts.permissions import Permission
from tantam.knowledge.models import Guide
from tantam.lib.errors import NotVisible


def guide_for_reading(member: Member, guide_id: int) -> Guide:
    """A guide for those who make calls or write guides; guides are the organisation's, whatever the site."""
    if not (member.may(Permission.CARE_CALL) or member.may(Permission.GUIDE_EDIT)):
        raise NotVisible
    return _guide(guide_id)


def guide_for_editing(member: Member, guide_id: int) -> Guide:
    if not member.may(Permission.GUIDE_EDIT):
        raise NotVisible
    return _guide(guide_id)


def _guide(guide_id: int) -> Guide:
    guide = Guide.objects.select_related("speciality").filter(pk=guide_id).first()
    if guide is None:
        raise NotVisible
    return guide
