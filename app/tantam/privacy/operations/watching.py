"""Whoever looks at much more than work needs: the privacy officers are told, nobody is stopped."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import connection
from django.utils import timezone

from tantam.accounts.models import Member
from tantam.accounts.permissions import Permission
from tantam.journal.events import JournalEvent
from tantam.journal.models import Entry
from tantam.journal.operations import nothing_changed, notify, operation, record
from tantam.patients.events import PatientsEvent
from tantam.privacy.events import PrivacyEvent
from tantam.privacy.policy import LookPolicy

MANY_LOOKS: Final = "privacy.many_looks"
_AGAIN_AFTER: Final = timedelta(hours=12)
# Lists say how many times they were shown: what was typed letter by letter is one entry.
_COUNTS: Final = """
    SELECT actor_id, event = %s AS is_list,
           sum(coalesce((details->>'times')::int, 1)) FILTER (WHERE at > now() - interval '1 minute'),
           sum(coalesce((details->>'times')::int, 1))
    FROM journal_entry
    WHERE event IN (%s, %s) AND at > now() - interval '1 day' AND actor_id IS NOT NULL
    GROUP BY 1, 2"""


@operation
def tell_of_many_looks(policy: LookPolicy, *, actor: None = None) -> int:
    """Tell the privacy officers of members above the policy's numbers, twice a day at most for each; answers of
    how many."""
    listed, viewed = str(JournalEvent.LISTED), str(PatientsEvent.VIEWED)
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [listed, listed, viewed])
        rows = cursor.fetchall()
    above = {
        member_id: int(in_a_day)
        for member_id, is_list, in_a_minute, in_a_day in rows
        if (in_a_minute or 0) > (policy.lists_a_minute if is_list else policy.opens_a_minute)
        or in_a_day > (policy.lists_a_day if is_list else policy.opens_a_day)
    }
    told = Entry.objects.filter(
        event=PrivacyEvent.MANY_LOOKS, subject_id__in=list(above), at__gte=timezone.now() - _AGAIN_AFTER
    ).values_list("subject_id", flat=True)
    members = list(Member.objects.filter(pk__in=above.keys() - set(told)).order_by("pk"))
    officers = [
        member
        for member in (Member.objects.filter(deactivated_at__isnull=True).order_by("pk") if members else ())
        if member.may(Permission.PRIVACY_EXPORT)
    ]
    for member in members:
        record(PrivacyEvent.MANY_LOOKS, member, actor=actor, looks=above[member.pk])
        notify(
            officers,
            MANY_LOOKS,
            url=f"/settings/journal/?actor={member.pk}",
            member=member.pk,
            looks=above[member.pk],
        )
    if not members:
        nothing_changed()
    return len(members)
