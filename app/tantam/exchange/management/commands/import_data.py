from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import override

from tantam.accounts.models import Member
from tantam.exchange.engine import running
from tantam.exchange.engine.drafts import Kind
from tantam.exchange.engine.vault import files_under
from tantam.exchange.errors import NothingReceived
from tantam.exchange.models import ImportRun, RunState, Source, Verdict
from tantam.exchange.operations.runs import name_files, resume_run, start_applying, start_reading
from tantam.exchange.operations.sources import add_source
from tantam.exchange.queries.remarks import remark_rows, rows_of
from tantam.exchange.queries.runs import refused_items
from tantam.facility.models import Site
from tantam.lib.sheets_out import csv_lines

# The same files under another source's name would be taken in twice, so the name must not vary by itself.
DEFAULT_SOURCE = "Dữ liệu bệnh viện"
REFUSALS_SHOWN = 20
VERDICTS = (Verdict.NEW, Verdict.CHANGED, Verdict.UNCHANGED, Verdict.REPEATED, Verdict.REFUSED)
ALL_TAKEN, SOME_REFUSED, NOT_DONE = 0, 3, 2


class Command(BaseCommand):
    help = (
        "Take in what the hospital already has: FHIR R4 (JSON, NDJSON), CSV, Excel, ZIP; files and folders (B5). "
        "First everything is read and checked, then what is new or changed is written. The same files again "
        "change nothing. An interrupted import goes on when the same command is given again. "
        f"Ends with 0 when everything was taken, {SOME_REFUSED} when something was refused, {NOT_DONE} when it "
        "could not be done."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument(
            "--source", default=DEFAULT_SOURCE, help=f"what the data comes from (“{DEFAULT_SOURCE}”)"
        )
        parser.add_argument(
            "--site", default="", help="code of the site its visits belong to; needed when there are several"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="stop after checking; nothing is written to any record"
        )
        parser.add_argument("--as", dest="username", default="", help="user name of whoever imports")
        parser.add_argument(
            "--refusals", type=Path, help="write everything refused or remarked to this CSV file"
        )
        parser.add_argument("--language", default="en", help="language of what is printed (en, vi, zh-hans)")

    def handle(self, *args: Any, **options: Any) -> None:
        with override(options["language"]):
            code = self._import(options)
        if code:
            sys.exit(code)

    def _import(self, options: dict[str, Any]) -> int:
        missing = [str(path) for path in options["paths"] if not path.exists()]
        if missing:
            raise CommandError(_("Not found: %(paths)s") % {"paths": ", ".join(missing)}, returncode=NOT_DONE)
        actor = _member(options["username"])
        source = self._source(options["source"], options["site"], actor)
        started = time.monotonic()
        try:
            run = self._checked(source, options["paths"], actor)
            self._print_check(run)
            if not options["dry_run"] and run.state != RunState.DONE:
                run = self._applied(run, actor)
                self._print_applied(run, time.monotonic() - started)
        except NothingReceived:
            raise CommandError(_("There is no file to read."), returncode=NOT_DONE) from None
        except KeyboardInterrupt:
            self.stderr.write(_("Interrupted. Give the same command again to go on."))
            return NOT_DONE
        if options["refusals"]:
            _write_refusals(run, options["refusals"])
        refused = bool(refused_items(run, limit=1))
        if run.state in (RunState.FAILED, RunState.STOPPED):
            return NOT_DONE
        return SOME_REFUSED if refused else ALL_TAKEN

    def _source(self, name: str, site_code: str, actor: Member | None) -> Source:
        source = Source.objects.select_related("site").filter(name=" ".join(name.split())).first()
        if source is not None:
            if site_code and source.site.code != site_code:
                raise CommandError(
                    _("The source “%(source)s” belongs to the site “%(site)s”. Choose another --source name.")
                    % {"source": source.name, "site": source.site.code},
                    returncode=NOT_DONE,
                )
            return source
        sites = list(Site.objects.filter(is_active=True).order_by("code"))
        chosen = [site for site in sites if site.code == site_code] if site_code else sites
        if len(chosen) != 1:
            codes = ", ".join(site.code for site in sites)
            if not sites:
                raise CommandError(
                    _("There is no site yet. Set the hospital up first: ./tantam up"), returncode=NOT_DONE
                )
            raise CommandError(
                _("Say which site the visits belong to: --site CODE, one of %(codes)s") % {"codes": codes},
                returncode=NOT_DONE,
            )
        return add_source(name=name, site=chosen[0], actor=actor)

    def _checked(self, source: Source, paths: list[Path], actor: Member | None) -> ImportRun:
        """A checked run of these files: the interrupted one when there is one, else a new one."""
        run = _interrupted(source, paths)
        if run is None:
            run = name_files(source, paths=paths, actor=actor)
            run = start_reading(run, in_background=False, actor=actor)
        else:
            self.stdout.write(_("Going on with import %(number)s.") % {"number": run.pk})
            if run.state in (RunState.STOPPED, RunState.FAILED):
                run = resume_run(run, in_background=False, actor=actor)
        if run.state == RunState.READING:
            run = self._work(run, running.read_and_check)
        return run

    def _applied(self, run: ImportRun, actor: Member | None) -> ImportRun:
        if run.state == RunState.CHECKED:
            run = start_applying(run, in_background=False, actor=actor)
        return self._work(run, running.apply)

    def _work(self, run: ImportRun, step: Any) -> ImportRun:
        """Do the step here; when a worker has taken the run up already, watch it instead."""
        try:
            finished: ImportRun = step(run.pk, progress=self._progress)
        except running.SomebodyElse:
            finished = run
            while finished.phase.is_working:
                time.sleep(0.5)
                finished = ImportRun.objects.select_related("source__site", "member").get(pk=run.pk)
                self._progress(finished)
        if self.stderr.isatty():
            self.stderr.write("")
        return finished

    def _progress(self, run: ImportRun) -> None:
        if self.stderr.isatty():
            doing = _("reading and checking") if run.checked_at is None else _("writing")
            self.stderr.write(f"\r{doing} … {run.progress} %   ", ending="")

    def _print_check(self, run: ImportRun) -> None:
        types = Counter(run.counts["resources"])
        if types:
            self.stdout.write(_("In the files:"))
            for name, count in types.most_common():
                self.stdout.write(f"  {count:>10,}  {name}")
        labels = [str(verdict.label) for verdict in VERDICTS]
        width = max([len(kind.label) for kind in Kind] + [4])
        self.stdout.write("\n" + " " * width + "".join(f"  {label:>22}" for label in labels))
        for kind in Kind:
            found = run.counts["verdicts"].get(kind)
            if found:
                cells = "".join(f"  {found.get(verdict, 0):>22,}" for verdict in VERDICTS)
                self.stdout.write(f"{Kind(kind).label:<{width}}{cells}")
        self._print_refusals(run)

    def _print_refusals(self, run: ImportRun) -> None:
        shown = refused_items(run, limit=REFUSALS_SHOWN + 1)
        if not shown:
            return
        self.stdout.write("\n" + _("Refused:"))
        for item in shown[:REFUSALS_SHOWN]:
            for line in rows_of(item):
                self.stdout.write("  " + " · ".join(str(part) for part in line if part not in ("", None)))
        if len(shown) > REFUSALS_SHOWN:
            self.stdout.write(_("  … and more. --refusals FILE.csv writes them all."))

    def _print_applied(self, run: ImportRun, seconds: float) -> None:
        self.stdout.write("\n" + _("Written:"))
        for kind in Kind:
            tally = run.counts["applied"].get(kind)
            if tally:
                said = ", ".join(f"{count:,} {_SAID[outcome]()}" for outcome, count in sorted(tally.items()))
                self.stdout.write(f"  {Kind(kind).label}: {said}")
        if run.counts["kept"]:
            self.stdout.write(
                _("  %(count)s fields were changed here since the last import and were kept.")
                % {"count": run.counts["kept"]}
            )
        resources = sum(run.counts["resources"].values())
        self.stdout.write(
            _("%(count)s entries in %(seconds).1f s (%(rate).0f a second). State: %(state)s.")
            % {
                "count": f"{resources:,}",
                "seconds": seconds,
                "rate": resources / seconds if seconds else 0,
                "state": run.get_state_display(),
            }
        )


_SAID = {
    "created": lambda: _("created"),
    "updated": lambda: _("updated"),
    "unchanged": lambda: _("unchanged"),
    "refused": lambda: _("refused"),
}


def _member(username: str) -> Member | None:
    if not username:
        return None
    member: Member | None = Member.objects.active().filter(username__iexact=username).first()
    if member is None:
        raise CommandError(_("There is no member “%(name)s”.") % {"name": username}, returncode=NOT_DONE)
    return member


def _interrupted(source: Source, paths: list[Path]) -> ImportRun | None:
    """The source's newest run when it is of just these files and was neither finished nor given up."""
    unfinished = [RunState.READING, RunState.APPLYING, RunState.STOPPED, RunState.FAILED]
    run = ImportRun.objects.select_related("source__site", "member").filter(source=source).first()
    if run is None or run.state not in unfinished:
        return None
    given = {(str(path), path.stat().st_size) for _name, path in files_under(paths)}
    return run if given == set(run.files.values_list("path", "size")) else None


def _write_refusals(run: ImportRun, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(csv_lines(remark_rows(run)))
