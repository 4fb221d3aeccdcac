from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from django.db.models.functions import Now

from tantam.journal.events import JournalEvent
from tantam.journal.models.entries import Entry

if TYPE_CHECKING:
    from tantam.accounts.models import Member

MOST_NAMED: Final = 200
"""So many patients one entry names. How many there were it says in any case: exactly up to this number, above it
whoever is not among the named counts each time they are shown."""
QUIET_FOR: Final = timedelta(seconds=5)
LONGEST: Final = timedelta(seconds=60)

_ADD: Final = f"""
    INSERT INTO journal_listing AS known (member_id, kind, patients, people, times, began_at, changed_at)
    VALUES (%s, %s, %s, %s, 1, now(), now())
    ON CONFLICT (member_id, kind) DO UPDATE SET
        patients = ARRAY(SELECT DISTINCT unnest(known.patients || excluded.patients) LIMIT {MOST_NAMED}),
        people = known.people + excluded.people
            - cardinality(ARRAY(SELECT unnest(known.patients) INTERSECT SELECT unnest(excluded.patients))),
        times = known.times + 1, changed_at = now()"""
_TAKE: Final = """
    DELETE FROM journal_listing WHERE id IN (
        SELECT id FROM journal_listing WHERE changed_at < now() - %s::interval OR began_at < now() - %s::interval
        ORDER BY id LIMIT 500 FOR UPDATE SKIP LOCKED)
    RETURNING member_id, kind, patients, people, times, began_at"""


class ListingQuerySet(models.QuerySet["Listing"]):
    def add(self, member: Member, kind: str, patient_ids: Sequence[int]) -> None:
        """Note that the member was shown these patients in a list of this kind. One statement; nothing for nobody."""
        if patient_ids:
            with connection.cursor() as cursor:
                shown = list(dict.fromkeys(patient_ids))
                cursor.execute(_ADD, [member.pk, kind, shown[:MOST_NAMED], len(shown)])

    def write_down(self, *, quiet_for: timedelta = QUIET_FOR) -> int:
        """Make entries of the lists nobody has added to for a while; answers how many."""
        with transaction.atomic(), connection.cursor() as cursor:
            spans = [f"{span.total_seconds()} seconds" for span in (quiet_for, LONGEST)]
            cursor.execute(_TAKE, spans)
            entries = [
                Entry(
                    at=began,
                    event=JournalEvent.LISTED,
                    actor_id=member_id,
                    subject_type="accounts.member",
                    subject_id=member_id,
                    details={
                        "kind": kind,
                        "patients": sorted(patients),
                        "count": people,
                        "times": times,
                    },
                )
                for member_id, kind, patients, people, times, began in cursor.fetchall()
            ]
            Entry.objects.bulk_create(entries)
        return len(entries)


class Listing(models.Model):
    """Whom a member was shown in lists of one kind in the last moments; soon an entry, then gone.

    What is typed while searching shows list after list: it becomes one entry, a moment after the last letter.
    """

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    patients = ArrayField(models.BigIntegerField(), default=list)
    people = models.IntegerField(default=0)
    times = models.IntegerField(default=1)
    began_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now())

    objects = ListingQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["member", "kind"], name="one_listing_of_a_kind"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.member_id}"
