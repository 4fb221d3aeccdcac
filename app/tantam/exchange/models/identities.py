from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from tantam.exchange.models.runs import ImportRun
from tantam.exchange.models.sources import Source


class ImportedIdentity(models.Model):
    """What a source calls one of our rows: the exact trace of everything imported (B5).

    An alias (`is_alias`) is a second name of the same thing: a business identifier, a full URL.
    `marks` holds a short digest of each field as the source last said it; a field that no longer matches
    its mark was changed by somebody here. `facts` holds what is needed again later and is nobody's data
    (a medicine's name, which diagnosis was the main one).

    Whoever writes these rows holds the row of their run locked, and a run keeps its source; so both are known to
    be there once for each part, and the database does not look them up again for every row (`db_constraint`).
    """

    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    kind = models.CharField(max_length=20)
    external_id = models.CharField(max_length=200)
    object_id = models.BigIntegerField(null=True)
    is_alias = models.BooleanField(default=False)
    digest = models.BinaryField(max_length=16, default=b"")
    marks = models.JSONField(default=dict)
    facts = models.JSONField(null=True)
    file = models.CharField(max_length=255, blank=True, default="")
    run = models.ForeignKey(
        ImportRun,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    taken_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "imported identities"
        constraints = (
            models.UniqueConstraint(fields=["source", "kind", "external_id"], name="imported_once"),
        )
        indexes = (models.Index(fields=["kind", "object_id"], name="imported_by_object"),)

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.external_id}"
