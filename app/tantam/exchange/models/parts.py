from __future__ import annotations

from django.contrib.postgres.functions import TransactionNow
from django.db import models

from tantam.exchange.models.runs import ImportRun
from tantam.lib.fields import EncryptedJSONField


class RunPart(models.Model):
    """What one transaction of a run wrote, kept so that the run can be undone (B5).

    `made` names the rows it made: {"patients.patient": [17, …], …}. `changed`, sealed, is what it changed:
    [["patients.patient", 17, {column: before}, {column: after}], …]. `stays` counts what an undo left, because
    something was built on it. `written_at` is the time of the transaction, as histories say it too.
    """

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="parts")
    kind = models.CharField(max_length=20)
    made = models.JSONField(default=dict)
    changed = EncryptedJSONField(null=True, context="exchange.part")
    written_at = models.DateTimeField(db_default=TransactionNow(), editable=False)
    undone_at = models.DateTimeField(null=True)
    stays = models.JSONField(default=dict)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.run_id} {self.kind} #{self.pk}"
