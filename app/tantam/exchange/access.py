from __future__ import annotations

from tantam.accounts.models import Member
from tantam.accounts.permissions import Permission
from tantam.exchange.models import ImportRun, Source
from tantam.lib.errors import NotVisible


def run_for(member: Member, run_id: int) -> ImportRun:
    """An import into a site at which the member may take data in."""
    sites = member.sites_where(Permission.IMPORT_RUN)
    run = (
        ImportRun.objects.select_related("source__site", "member")
        .filter(pk=run_id, source__site__in=sites)
        .first()
    )
    if run is None:
        raise NotVisible
    return run


def sources_for(member: Member) -> list[Source]:
    """The sources whose site is one at which the member may take data in; at most two hundred."""
    sites = member.sites_where(Permission.IMPORT_RUN)
    return list(Source.objects.filter(site__in=sites).select_related("site")[:200])
