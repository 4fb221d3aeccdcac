from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex, GinIndex, OpClass
from django.db import connection, models
from django.db.models.functions import Now

from tantam.lib.append_only import append_only

_ALIKE: Final = """
    INSERT INTO journal_entry (event, actor_id, subject_type, details, subject_id, patient_id, site_id)
    SELECT %s, %s::bigint, %s, %s::jsonb, given.* FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS given
    RETURNING id"""


class About(NamedTuple):
    """The numbers an entry keeps of its subject."""

    subject_id: int
    patient_id: int | None
    site_id: int | None


def about_what(subject: models.Model) -> About:
    """What an entry about this row points at; a patient and a site are their own."""
    label = subject._meta.label_lower
    return About(
        subject.pk,
        subject.pk if label == "patients.patient" else getattr(subject, "patient_id", None),
        subject.pk if label == "facility.site" else getattr(subject, "site_id", None),
    )


def _array(numbers: Iterable[int | None]) -> str:
    return "{" + ",".join("NULL" if number is None else str(number) for number in numbers) + "}"


class EntryQuerySet(models.QuerySet["Entry"]):
    def add_alike(self, entry: Entry, subjects: Sequence[models.Model]) -> list[int]:
        """Write this entry once for each of these subjects of one kind, in one statement; answers their ids.

        Django takes five times as long to spell out a hundred rows as PostgreSQL to store them.
        """
        arrays = [_array(column) for column in zip(*map(about_what, subjects), strict=True)]
        same = [entry.event, entry.actor_id, entry.subject_type, json.dumps(entry.details)]
        with connection.cursor() as cursor:
            cursor.execute(_ALIKE, [*same, *arrays])
            return [pk for (pk,) in cursor.fetchall()]


class Entry(models.Model):
    """One thing that happened. Written once, never changed (D9; a database trigger holds it).

    `details` holds codes and ids, never prose about a patient. `patient_id` and `site_id` are plain
    numbers because the journal stands below the rooms that own those tables.
    """

    at = models.DateTimeField(db_default=Now(), editable=False)
    event = models.CharField(max_length=80)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField(null=True)
    patient_id = models.BigIntegerField(null=True)
    site_id = models.BigIntegerField(null=True)
    details = models.JSONField(default=dict)

    objects = EntryQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(
                fields=["patient_id", "-id"],
                name="entry_by_patient",
                condition=models.Q(patient_id__isnull=False),
            ),
            # What is about a patient is found by the patient: most entries need no place here.
            models.Index(
                fields=["subject_type", "subject_id", "-id"],
                name="entry_by_subject",
                condition=models.Q(patient_id__isnull=True),
            ),
            models.Index(fields=["actor", "-id"], name="entry_by_actor"),
            models.Index(fields=["event", "-id"], name="entry_by_event"),
            BrinIndex(fields=["at"], name="entry_by_time"),
            GinIndex(
                OpClass("details", name="jsonb_path_ops"),
                name="entry_by_listed",
                condition=models.Q(event="journal.list:shown"),
            ),
        )
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.event} {self.subject_type}#{self.subject_id}"

    @property
    def facts(self) -> list[tuple[str, Any]]:
        """Every detail by name, for templates: one of them may be called “items”."""
        return list(self.details.items())

    def detail(self, name: str) -> Any:
        """The recorded code or id called `name`, or None."""
        return self.details.get(name)
