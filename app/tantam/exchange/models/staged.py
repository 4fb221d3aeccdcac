from __future__ import annotations

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from tantam.exchange.engine.drafts import Kind
from tantam.exchange.engine.problems import Problem
from tantam.exchange.engine.reasons import (
    LEFT_OUT,
    NOT_ANSWERED,
    PATIENT_NOT_NAMED,
    PATIENT_REFUSED,
    PATIENT_UNKNOWN,
    WITHDRAWN,
)
from tantam.exchange.models.runs import ImportRun
from tantam.lib.fields import EncryptedJSONField

PAYLOAD_CONTEXT = b"exchange.staged"
PROBLEMS_CONTEXT = b"exchange.staged-problems"


class Verdict(models.TextChoices):
    NEW = "new", _("New")
    CHANGED = "changed", _("Changed")
    UNCHANGED = "unchanged", _("Unchanged")
    REFUSED = "refused", _("Refused")
    REPEATED = "repeated", _("Repeated in these files")
    PASSED = "passed", _("Passed over")
    ASKED = "asked", _("Waiting for an answer")


# Reasons found for many items at once, kept as a code alone.
REASONS = {
    "withdrawn": WITHDRAWN,
    "patient_unknown": PATIENT_UNKNOWN,
    "patient_refused": PATIENT_REFUSED,
    "patient_not_named": PATIENT_NOT_NAMED,
    "left_out": LEFT_OUT,
    "not_answered": NOT_ANSWERED,
}


class StagedItemQuerySet(models.QuerySet["StagedItem"]):
    def worth_saying(self) -> Self:
        """What was refused, and what was taken with a remark: the download of a run."""
        return self.filter(models.Q(verdict="refused") | models.Q(problems__isnull=False))

    def remarked(self) -> Self:
        """What was taken or passed over with a remark. Merged sayings repeat what is said of the one that stays."""
        return self.filter(problems__isnull=False).exclude(verdict__in=["refused", "repeated"])


class StagedItem(models.Model):
    """One draft read from a file, waiting for its verdict and then to be written.

    `rank` is the place of its kind in the order of writing. The payload and the problems hold what a
    patient's record holds, so both are sealed; all but refusals is deleted when the run is over, and the
    refusals keep their reasons only.

    Of a patient, `likeness` holds keyed numbers of name, year of birth and each contact point, to find others of the
    run who may be the same, and `meant` what people answered: "patient:17", "id:…" (somebody else of the run), "new".
    Nothing that belongs to a patient who is *asked* about is written; its verdict until then waits in `reason_code`.

    Staged rows come and go with their run, by our hands alone, so the database does not look their run up for
    each of them (`db_constraint`): that took a tenth of the time of an import.
    """

    run = models.ForeignKey(
        ImportRun, on_delete=models.CASCADE, related_name="items", db_index=False, db_constraint=False
    )
    seq = models.BigIntegerField()
    rank = models.SmallIntegerField()
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in Kind])
    external_id = models.CharField(max_length=200)
    patient_ref = models.CharField(max_length=200, default="", blank=True)
    digest = models.BinaryField(max_length=16)
    identity_index = models.BigIntegerField(null=True)
    code = models.CharField(max_length=30, default="", blank=True)
    likeness = ArrayField(models.BigIntegerField(), null=True)
    meant = models.CharField(max_length=220, default="", blank=True)
    payload = EncryptedJSONField(null=True, context=PAYLOAD_CONTEXT.decode())
    file = models.CharField(max_length=255)
    row = models.BigIntegerField(null=True)
    verdict = models.CharField(max_length=10, choices=Verdict.choices, default="", blank=True)
    reason_code = models.CharField(max_length=40, default="", blank=True)
    problems = EncryptedJSONField(null=True, context=PROBLEMS_CONTEXT.decode())

    objects = StagedItemQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["run", "rank", "seq"], name="staged_once"),)
        indexes = (
            models.Index(fields=["run", "kind", "external_id"], name="staged_by_identity"),
            models.Index(
                fields=["run", "verdict", "rank", "seq"],
                name="staged_refused",
                condition=models.Q(verdict="refused"),
            ),
            models.Index(
                fields=["run", "identity_index"],
                name="staged_by_person",
                condition=models.Q(identity_index__isnull=False),
            ),
            models.Index(fields=["run", "code"], name="staged_by_code", condition=~models.Q(code="")),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.file}:{self.row}"

    @property
    def noted(self) -> list[Problem]:
        """What was wrong with it: refusals first, then what was left out or kept as it was here."""
        problems = [Problem.from_json(problem) for problem in self.problems or ()]
        if self.reason_code in REASONS and all(problem.code != self.reason_code for problem in problems):
            problems.append(Problem.of(self.reason_code, REASONS[self.reason_code], refuses=True))
        return sorted(problems, key=lambda problem: not problem.refuses)


class StagedAlias(models.Model):
    """A second name under which other items of the same run may refer to a staged one."""

    run = models.ForeignKey(
        ImportRun, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    kind = models.CharField(max_length=20)
    alias = models.CharField(max_length=200)
    external_id = models.CharField(max_length=200)

    class Meta:
        verbose_name_plural = "staged aliases"
        indexes = (models.Index(fields=["run", "kind", "alias"], name="staged_alias"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.alias} → {self.external_id}"
