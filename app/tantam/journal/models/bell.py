from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


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
