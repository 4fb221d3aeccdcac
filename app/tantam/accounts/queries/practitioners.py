"""Who receives patients, and where."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from tantam.accounts.models import Member, Practitioner


def doctors_at(site_id: int) -> QuerySet[Practitioner]:
    """Who may be named responsible at the site: those who work there, and those of no particular site, by name."""
    here = Q(site=site_id) | Q(site__isnull=True)
    return Practitioner.objects.filter(here, is_active=True).select_related("speciality")


def doctors_receiving() -> QuerySet[Practitioner]:
    """Everyone who may be named responsible anywhere, by name."""
    return Practitioner.objects.filter(is_active=True).select_related("speciality")


def practitioner_of(member: Member) -> Practitioner | None:
    """The member as the records name them, with speciality; None for who receives no patients."""
    return Practitioner.objects.filter(member=member, is_active=True).select_related("speciality").first()
