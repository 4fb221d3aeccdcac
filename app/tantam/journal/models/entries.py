from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex, GinIndex, OpClass
from django.db import models
from django.db.models.functions import Now

from tantam.lib.append_only import append_only


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
