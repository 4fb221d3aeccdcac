from __future__ import annotations

from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now


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

    class Meta:
        indexes = (
            models.Index(
                fields=["patient_id", "-id"],
                name="entry_by_patient",
                condition=models.Q(patient_id__isnull=False),
            ),
            models.Index(fields=["subject_type", "subject_id", "-id"], name="entry_by_subject"),
            models.Index(fields=["actor", "-id"], name="entry_by_actor"),
            models.Index(fields=["event", "-id"], name="entry_by_event"),
            BrinIndex(fields=["at"], name="entry_by_time"),
        )
        triggers = (
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="never_emptied",
                operation=pgtrigger.Truncate,
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                func="RAISE EXCEPTION 'the journal cannot be emptied';",
            ),
        )

    def __str__(self) -> str:
        return f"{self.event} {self.subject_type}#{self.subject_id}"

    @property
    def facts(self) -> list[tuple[str, Any]]:
        """Every detail by name, for templates: one of them may be called “items”."""
        return list(self.details.items())

    def detail(self, name: str) -> Any:
        """The recorded code or id called `name`, or None."""
        return self.details.get(name)


class BellItem(models.Model):
    """A line in a colleague's bell: something happened that they should know (B7).

    The words live in the owning room's template, chosen by `kind`; `details` holds its codes and ids.
    """

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="bell_items")
    kind = models.CharField(max_length=80)
    patient_id = models.BigIntegerField(null=True)
    url = models.CharField(max_length=200, blank=True)
    details = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["member", "-id"], name="bell_by_member"),
            models.Index(fields=["member"], name="bell_unread", condition=models.Q(read_at__isnull=True)),
        )

    def __str__(self) -> str:
        return f"{self.kind} → {self.member_id}"
