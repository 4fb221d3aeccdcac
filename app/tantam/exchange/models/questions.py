from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tantam.accounts.models import Member
from tantam.exchange.models.runs import ImportRun
from tantam.lib.fields import EncryptedJSONField
from tantam.patients.models import Patient


class Answer(models.TextChoices):
    """What people say of a question. The values also stand in the file of answers."""

    SAME = "same", _("The same person: take over what the file says")
    ANOTHER = "another", _("Another person: make a new patient")
    LEAVE_OUT = "leave_out", _("Leave this row out")


class QuestionQuerySet(models.QuerySet["Question"]):
    def unanswered(self) -> Self:
        return self.filter(answer="")


class Question(models.Model):
    """ "Row 14: A becomes B?" Something ties a row to somebody, and something contradicts (B5).

    `patient` is whom we know, or `other_id` somebody else of the same files. `tie` says what ties them (a Fact, or
    "id": the source calls both the same), `differs` what contradicts or is missing, as Facts with commas. `sides`,
    sealed, is what both say, {"ours": {field: value}, "theirs": …}; it goes when the run is over. `remembered`:
    answered so before.
    """

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="questions")
    item_id = models.BigIntegerField()
    seq = models.BigIntegerField()
    external_id = models.CharField(max_length=200)
    file = models.CharField(max_length=255)
    row = models.BigIntegerField(null=True)
    patient = models.ForeignKey(
        Patient, on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )
    other_id = models.CharField(max_length=200, default="", blank=True)
    tie = models.CharField(max_length=20)
    differs = models.CharField(max_length=120)
    sides = EncryptedJSONField(null=True, context="exchange.question")
    answer = models.CharField(max_length=10, choices=Answer.choices, default="", blank=True)
    remembered = models.BooleanField(default=False)
    answered_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    answered_at = models.DateTimeField(null=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ("seq",)
        constraints = (models.UniqueConstraint(fields=["run", "seq"], name="asked_once"),)

    def __str__(self) -> str:
        return f"{self.file}:{self.row} {self.tie} {self.differs}"

    @property
    def alike(self) -> str:
        """The same for questions that may be answered together: tied and contradicting in the same things."""
        return f"{self.tie}:{self.differs}"

    def side(self, name: str) -> dict[str, Any]:
        sides: dict[str, dict[str, Any]] = self.sides or {}
        return sides.get(name, {})


class LikelyDuplicate(models.Model):
    """Somebody a run made who looks like somebody known: for people to look at afterwards. Nothing was merged."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="likely_duplicates")
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="+")
    known = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=["patient", "known"], name="likely_once"),)

    def __str__(self) -> str:
        return f"{self.patient_id} ~ {self.known_id}"
