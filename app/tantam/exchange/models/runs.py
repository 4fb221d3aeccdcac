from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tantam.accounts.models import Member
from tantam.exchange.engine.problems import Problem
from tantam.exchange.models.sources import Source
from tantam.journal.live import announce


class RunState(models.TextChoices):
    """A run is read and checked (the dry run), then applied when somebody says so."""

    RECEIVED = "received", _("Files received")
    READING = "reading", _("Reading and checking")
    CHECKED = "checked", _("Checked, waiting to be taken in")
    APPLYING = "applying", _("Being taken in")
    DONE = "done", _("Taken in")
    STOPPED = "stopped", pgettext_lazy("import", "Stopped")
    FAILED = "failed", _("Failed")
    DISCARDED = "discarded", _("Discarded")
    UNDOING = "undoing", _("Being taken back")
    UNDONE = "undone", _("Taken back")

    @property
    def is_working(self) -> bool:
        return self in (RunState.READING, RunState.APPLYING, RunState.UNDOING)

    @property
    def is_over(self) -> bool:
        return self in (RunState.DONE, RunState.DISCARDED, RunState.UNDONE)


def no_counts() -> dict[str, Any]:
    """What a run has counted before its first part."""
    return {"resources": {}, "verdicts": {}, "applied": {}, "kept": 0, "warnings": 0}


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def held(self) -> Self:
        """Rows to be changed, with what every act on a run needs."""
        return self.select_for_update(of=("self",)).select_related("source__site", "member")


class ImportRun(models.Model):
    """One taking in of files from a source (B5): read, check, apply.

    `counts` holds, by name: `resources` (how many of each type the files hold, taken or not), `verdicts`
    ({kind: {verdict: n}}, the result of the dry run), `applied` ({kind: {created|updated|refused: n}}),
    `kept` (fields left as somebody here changed them), `warnings`, `shifted` (how many known patients would get
    another name or number, when these are too many to be true), `likely` (how many it made who look like somebody).

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
    counts = models.JSONField(default=dict)
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
    shift_confirmed_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    submission = models.UUIDField(null=True, unique=True, editable=False)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(
                fields=["state"],
                name="import_run_working",
                condition=models.Q(state__in=["reading", "applying", "undoing"]),
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
    def looks_shifted(self) -> bool:
        """Whether so many known patients would get another name or number that a column must have slipped."""
        return bool(self.counts.get("shifted")) and self.shift_confirmed_by_id is None

    @property
    def may_be_undone(self) -> bool:
        return self.state == RunState.DONE or (self.may_be_resumed and self.applied_rank >= 0)

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

    @property
    def refused_count(self) -> int:
        """How many items were refused, by the check or when they were written."""
        written: dict[str, dict[str, int]] = self.counts["applied"]
        return self.verdict_count("refused") + sum(tally.get("refused", 0) for tally in written.values())

    @property
    def outcome(self) -> str:
        """How a run is to be shown: "good" when all was taken, "wait" when a part was refused or it waits for
        somebody, "danger" when it failed or everything was refused, "info" while it works, "neutral"."""
        if self.phase.is_working:
            return "info"
        if self.state == RunState.FAILED:
            return "danger"
        if self.state in (RunState.RECEIVED, RunState.DISCARDED, RunState.UNDONE):
            return "neutral"
        if self.refused_count and not self._holds_anything:
            return "danger"
        if self.state == RunState.DONE:
            return "wait" if self.refused_count else "good"
        return "wait"

    @property
    def _holds_anything(self) -> bool:
        """Whether anything in the files was fit to be taken, or is here already."""
        if self.state == RunState.DONE:
            written: dict[str, dict[str, int]] = self.counts["applied"]
            if any(count for tally in written.values() for name, count in tally.items() if name != "refused"):
                return True
            return bool(self.verdict_count("unchanged"))
        return any(self.verdict_count(verdict) for verdict in ("new", "changed", "unchanged"))

    def verdict_count(self, verdict: str) -> int:
        """How many items of all kinds got this verdict."""
        return sum(by_verdict.get(verdict, 0) for by_verdict in self.counts["verdicts"].values())

    def tell(self) -> None:
        """Tell the open pages of whoever started the run that there is something new to see."""
        if self.member_id is not None:
            announce(f"member:{self.member_id}:import", run=self.pk, state=self.state, progress=self.progress)


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
