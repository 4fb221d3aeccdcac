from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from tantam.accounts.models import Member
from tantam.exchange.drafts import Kind
from tantam.exchange.problems import Problem
from tantam.exchange.reasons import PATIENT_NOT_NAMED, PATIENT_REFUSED, PATIENT_UNKNOWN, WITHDRAWN
from tantam.facility.models import Site
from tantam.lib.fields import EncryptedJSONField

PAYLOAD_CONTEXT = b"exchange.staged"


class SourceKind(models.TextChoices):
    FHIR = "fhir", _("FHIR")
    SHEET = "sheet", _("Sheets (CSV, Excel)")


class Source(models.Model):
    """A system or an office that data comes from (B5). Its name is what "came from" says.

    What one source calls a patient, a visit or a doctor is remembered per source, so the same files under
    another name are another source and would be taken in a second time.

    `columns` remembers how the headers of this source's sheets were matched: {signature of the headers:
    {header: field}}; it belongs to the sheets reader.
    """

    name = models.CharField(
        _("Name of the source"),
        max_length=60,
        unique=True,
        error_messages={"unique": _("There is already a source of this name.")},
    )
    kind = models.CharField(_("Kind"), max_length=10, choices=SourceKind.choices, default=SourceKind.FHIR)
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, related_name="+", verbose_name=_("Visits belong to the site")
    )
    columns = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    created_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class RunState(models.TextChoices):
    """A run is read and checked (the dry run), then applied when somebody says so."""

    RECEIVED = "received", _("Files received")
    READING = "reading", _("Reading and checking")
    CHECKED = "checked", _("Checked, waiting to be taken in")
    APPLYING = "applying", _("Being taken in")
    DONE = "done", _("Taken in")
    STOPPED = "stopped", _("Stopped")
    FAILED = "failed", _("Failed")
    DISCARDED = "discarded", _("Discarded")

    @property
    def is_working(self) -> bool:
        return self in (RunState.READING, RunState.APPLYING)

    @property
    def is_over(self) -> bool:
        return self in (RunState.DONE, RunState.DISCARDED)


def no_counts() -> dict[str, Any]:
    return {"resources": {}, "verdicts": {}, "applied": {}, "kept": 0, "warnings": 0}


class ImportRun(models.Model):
    """One taking in of files from a source (B5): read, check, apply.

    `counts` holds, by name: `resources` (how many of each type the files hold, taken or not), `verdicts`
    ({kind: {verdict: n}}, the result of the dry run), `applied` ({kind: {created|updated|refused: n}}),
    `kept` (fields left as somebody here changed them), `warnings`.

    The cursor (`applied_rank`, `applied_seq`) moves in the transaction that writes the rows before it, so a
    run killed at any moment goes on exactly behind the last row it wrote.
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="runs")
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Started by")
    )
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.RECEIVED)
    apply_when_checked = models.BooleanField(default=False)
    stop_requested = models.BooleanField(default=False)
    counts = models.JSONField(default=no_counts)
    bytes_total = models.BigIntegerField(default=0)
    bytes_read = models.BigIntegerField(default=0)
    items_total = models.BigIntegerField(default=0)
    items_done = models.BigIntegerField(default=0)
    applied_rank = models.SmallIntegerField(default=-1)
    applied_seq = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    checked_at = models.DateTimeField(null=True)
    applying_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(
                fields=["state"],
                name="import_run_working",
                condition=models.Q(state__in=["reading", "applying"]),
            ),
        )

    def __str__(self) -> str:
        return f"{self.source} #{self.pk}"

    @property
    def phase(self) -> RunState:
        return RunState(self.state)

    @property
    def may_be_applied(self) -> bool:
        return self.state == RunState.CHECKED

    @property
    def may_be_resumed(self) -> bool:
        return self.state in (RunState.STOPPED, RunState.FAILED)

    @property
    def progress(self) -> int:
        """Whole percent of the phase that is under way: of bytes while reading, of items while applying."""
        done, total = (
            (self.bytes_read, self.bytes_total)
            if self.checked_at is None
            else (self.items_done, self.items_total)
        )
        return min(100, done * 100 // total) if total else 0

    def verdict_count(self, verdict: str) -> int:
        """How many items of all kinds got this verdict."""
        return sum(by_verdict.get(verdict, 0) for by_verdict in self.counts["verdicts"].values())


class FileState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    READ = "read", _("Read")
    REFUSED = "refused", _("Refused")


class ImportFile(models.Model):
    """One file of a run, as given: a FHIR file, a sheet or an archive.

    `path` is where the bytes are: an upload sealed in our own folder (`is_sealed`, removed when the run is
    over), or a path the operator named on the command line (never changed, never removed).
    """

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=255)
    path = models.CharField(max_length=1000)
    is_sealed = models.BooleanField(default=False)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    state = models.CharField(max_length=10, choices=FileState.choices, default=FileState.WAITING)
    problem = models.JSONField(null=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name

    @property
    def reason(self) -> str:
        """Why the file was refused, in the active language; "" when it was not."""
        return Problem.from_json(self.problem).sentence if self.problem else ""


class Verdict(models.TextChoices):
    NEW = "new", _("New")
    CHANGED = "changed", _("Changed")
    UNCHANGED = "unchanged", _("Unchanged")
    REFUSED = "refused", _("Refused")
    REPEATED = "repeated", _("Repeated in these files")


# Reasons found for many items at once, kept as a code alone.
REASONS = {
    "withdrawn": WITHDRAWN,
    "patient_unknown": PATIENT_UNKNOWN,
    "patient_refused": PATIENT_REFUSED,
    "patient_not_named": PATIENT_NOT_NAMED,
}


class StagedItemQuerySet(models.QuerySet["StagedItem"]):
    def worth_saying(self) -> Self:
        """What was refused, and what was taken with a remark: the download of a run."""
        return self.filter(models.Q(verdict="refused") | models.Q(problems__isnull=False))


class StagedItem(models.Model):
    """One draft read from a file, waiting for its verdict and then to be written.

    `rank` is the place of its kind in the order of writing. The payload and the problems hold what a
    patient's record holds, so both are sealed; all but refusals is deleted when the run is over, and the
    refusals keep their reasons only.

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
    payload = EncryptedJSONField(null=True, context=PAYLOAD_CONTEXT.decode())
    file = models.CharField(max_length=255)
    row = models.BigIntegerField(null=True)
    verdict = models.CharField(max_length=10, choices=Verdict.choices, default="", blank=True)
    reason_code = models.CharField(max_length=40, default="", blank=True)
    problems = EncryptedJSONField(null=True, context=PAYLOAD_CONTEXT.decode())

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
