"""Who hears of what care learns."""

from __future__ import annotations

from tantam.accounts.models import Member, Practitioner
from tantam.accounts.permissions import Permission, Role
from tantam.facility.models import Site


def who_is_told(doctor: Practitioner | None, *, site: Site, speciality_id: int | None) -> list[Member]:
    """Whose bell tells of a finding, never nobody where anyone could act (B7).

    The responsible doctor, when they sign in. Else the doctors of the same speciality at the site. Else the
    managers of the site, who see to it that a doctor learns of it.
    """
    if doctor is not None and doctor.member_id is not None:
        own = Member.objects.active().filter(pk=doctor.member_id).first()
        if own is not None:
            return [own]
    wanted = speciality_id or (doctor.speciality_id if doctor is not None else None)
    if wanted is not None:
        colleagues = Member.objects.allowed(Permission.BEFORE_ENCOUNTER, site.pk).filter(
            practitioner__speciality_id=wanted, practitioner__is_active=True
        )
        if told := list(colleagues):
            return told
    return managers_of(site)


def managers_of(site: Site) -> list[Member]:
    """Who answers for the care of a site: they hear of a patient who is worse and of a need we cannot meet (B8)."""
    return list(Member.objects.active().filter(grants__role=Role.MANAGER, grants__site_id=site.pk).distinct())
