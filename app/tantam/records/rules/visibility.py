"""Whose visits a member may see: those at the sites where they hold `record.see`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tantam.accounts.permissions import Permission

if TYPE_CHECKING:
    from tantam.accounts.models import Member


def record_sites(member: Member) -> list[int]:
    """Ids of the sites whose visits the member may see."""
    return member.sites_where(Permission.RECORD_SEE)
