"""When a claim on a call still stands. Python, querysets and hand-written SQL ask here, and nowhere else (B6).

A claim without any activity for as long as the policy says has run out: it hinders nobody, and the unique index on
the patient is given over to whoever claims next.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from tantam.accounts.models import Member
from tantam.care.models import CareTask
from tantam.care.policy import current_policy


def freed_before() -> datetime:
    """Claims last used at this moment or earlier have run out."""
    return timezone.now() - current_policy().claim_age


def is_claimed(task: CareTask, freed: datetime) -> bool:
    """Whether someone's claim on the contact stands."""
    return task.claimed_by_id is not None and task.claimed_at is not None and task.claimed_at > freed


def claimed(freed: datetime) -> Q:
    """`is_claimed` for a queryset of contacts."""
    return Q(claimed_by__isnull=False, claimed_at__gt=freed)


def claimed_sql(alias: str) -> str:
    """`is_claimed` for the contact `alias` of a statement, never NULL; its parameter is `freed`."""
    return f"({alias}.claimed_by_id IS NOT NULL AND {alias}.claimed_at > %(freed)s)"


def held_by_another(task: CareTask, member: Member, freed: datetime | None = None) -> Member | None:
    """Who else is making this call now; None when nobody is, or their claim has run out."""
    if not task.is_open or task.claimed_by_id == member.pk:
        return None
    return task.claimed_by if is_claimed(task, freed or freed_before()) else None
