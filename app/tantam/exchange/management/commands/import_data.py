from __future__ import annotations

import argparse
import logging
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _
from django.utils.translation import override

from tantam.accounts.models import Member
from tantam.accounts.permissions import Permission
from tantam.exchange.engine import running
from tantam.exchange.engine.drafts import Kind
from tantam.exchange.engine.vault import files_under
from tantam.exchange.errors import NothingReceived
from tantam.exchange.management.help import (
    ALL_TAKEN,
    DEFAULT_SOURCE,
    NOT_DONE,
    SOME_REFUSED,
    help_text,
    language_of,
    language_of_terminal,
)
from tantam.exchange.models import ImportRun, RunState, Source, StagedItem, Verdict
from tantam.exchange.operations.questions import answer_questions, confirm_shifted
from tantam.exchange.operations.runs import name_files, resume_run, start_applying, start_reading
from tantam.exchange.operations.sources import add_source
from tantam.exchange.operations.undoing import start_undoing
from tantam.exchange.queries.questions import (
    answers_in,
    likely_count,
    open_questions,
    question_rows,
    staying_patients,
)
from tantam.exchange.queries.remarks import remark_rows, rows_of
from tantam.exchange.queries.runs import refused_items, remark_count, remarked_items, resources_of
from tantam.facility.models import Site
from tantam.lib.errors import Refusal
from tantam.lib.sheets_out import csv_lines

REFUSALS_SHOWN: Final = 20
REMARKS_SHOWN: Final = 10
VERDICTS: Final = (
    Verdict.NEW,
    Verdict.CHANGED,
    Verdict.UNCHANGED,
    Verdict.REPEATED,
    Verdict.ASKED,
    Verdict.REFUSED,
)


class _Parser(CommandParser):
    """Speaks of the import, not of how the product is made."""

    def format_help(self) -> str:
        with override(language_of(sys.argv[2:])):
            return help_text()

    def error(self, message: str) -> NoReturn:
        with override(language_of(sys.argv[2:])):
            said = _("This could not be understood: %(what)s. See ./tantam import --help") % {"what": message}
        raise CommandError(said, returncode=NOT_DONE)


class Command(BaseCommand):
    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = _Parser(prog="./tantam import")
        # What Django's `execute` asks of every command.
        parser.set_defaults(verbosity=1, settings=None, pythonpath=None, traceback=False, no_color=False,
                            force_color=False, skip_checks=True)  # fmt: skip
        for name in ("--traceback", "--no-color", "--force-color"):
            parser.add_argument(name, action="store_true", help=argparse.SUPPRESS)
        parser.add_argument("--settings", help=argparse.SUPPRESS)
        self.add_arguments(parser)
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="*", type=Path, metavar="PATH")
        parser.add_argument("--same-codes", action="store_true")
        parser.add_argument("--questions", type=Path)
        parser.add_argument("--answers", type=Path)
        parser.add_argument("--confirm-shifted", action="store_true")
        parser.add_argument("--undo", type=int, metavar="RUN")
        parser.add_argument("--source", default=DEFAULT_SOURCE)
        parser.add_argument("--site", default="")
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--as", dest="username", default="")
        parser.add_argument("--refusals", type=Path)
        parser.add_argument("--language", default="", choices=["", *dict(settings.LANGUAGES)])

    def handle(self, *args: Any, **options: Any) -> None:
        # Whoever waits at the terminal is told in sentences; what goes to logs otherwise would bury them.
        logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)
        logging.getLogger("tantam.exchange").setLevel(logging.ERROR)
        actor = None
        language = options["language"] or language_of_terminal()
        with override(language):
            try:
                actor = _member(options["username"])
                if actor is not None and not options["language"]:
                    language = actor.language
                with override(language):
                    undone = options["undo"]
                    code = self._import(options, actor) if undone is None else self._undo(undone, actor)
            except Refusal as refusal:
                raise CommandError(str(refusal), returncode=NOT_DONE) from None
            except DatabaseError as error:
                raise CommandError(_said_of(error), returncode=NOT_DONE) from None
        if code:
            sys.exit(code)

    def _import(self, options: dict[str, Any], actor: Member | None) -> int:
        if not options["paths"]:
            raise CommandError(_("Say which files to take in: ./tantam import PATH …"), returncode=NOT_DONE)
        missing = [str(path) for path in options["paths"] if not path.exists()]
        if missing:
            raise CommandError(_("Not found: %(paths)s") % {"paths": ", ".join(missing)}, returncode=NOT_DONE)
        source = self._source(options, actor)
        if any(options[name] for name in ("questions", "answers", "confirm_shifted")):
            _must_be_allowed(actor, source)
        started = time.monotonic()
        try:
            run = self._checked(source, options["paths"], actor)
            self._print_check(run)
            asked = self._ask(run, options, actor)
            if not options["dry_run"] and not asked and run.state != RunState.DONE:
                run = self._applied(run, actor)
                self._print_applied(run, time.monotonic() - started)
        except NothingReceived:
            raise CommandError(_("There is no file to read."), returncode=NOT_DONE) from None
        except KeyboardInterrupt:
            self.stderr.write(_("Interrupted. Give the same command again to go on."))
            return NOT_DONE
        self._print_remarks(run)
        if options["refusals"]:
            with options["refusals"].open("w", encoding="utf-8", newline="") as file:
                file.writelines(csv_lines(remark_rows(run)))
        if run.state in (RunState.FAILED, RunState.STOPPED):
            return NOT_DONE
        return SOME_REFUSED if refused_items(run, limit=1) else ALL_TAKEN

    def _ask(self, run: ImportRun, options: dict[str, Any], actor: Member | None) -> bool:
        """Say what is asked, write it down, take answers; whether the import waits for them."""
        if run.state != RunState.CHECKED:
            return False
        if options["answers"]:
            answers = answers_in(options["answers"], run)
            changed = answer_questions(run, answers=answers, actor=actor)
            self.stdout.write("\n" + _("Answers taken over: %(count)s") % {"count": f"{changed:,}"})
        waiting = open_questions(run)
        if waiting:
            self.stdout.write(
                "\n"
                + _(
                    "%(count)s rows may mean somebody we know, and something contradicts. Without answers they are left"
                    " out. --questions FILE.csv writes them side by side."
                )
                % {"count": f"{waiting:,}"}
            )
        if options["questions"]:
            with options["questions"].open("w", encoding="utf-8", newline="") as file:
                file.writelines(csv_lines(question_rows(run, actor)))
            return waiting > 0
        if run.looks_shifted and options["confirm_shifted"]:
            if actor is None:
                raise CommandError(_("Say who confirms it: --as USERNAME"), returncode=NOT_DONE)
            confirm_shifted(run, actor=actor)
            run.refresh_from_db()
        return False

    def _undo(self, number: int, actor: Member | None) -> int:
        run = ImportRun.objects.select_related("source__site", "member").filter(pk=number).first()
        if run is None:
            raise CommandError(_("There is no import %(number)s.") % {"number": number}, returncode=NOT_DONE)
        _must_be_allowed(actor, run.source)
        run = self._work(start_undoing(run, in_background=False, actor=actor), running.undo)
        self.stdout.write(
            _("Taken back: %(removed)s entries removed, %(restored)s as they were before. %(stays)s stay.")
            % run.counts.get("undone", {"removed": 0, "restored": 0, "stays": 0})
        )
        for patient in staying_patients(run):
            self.stdout.write(f"  {patient.code} · {patient.full_name}")
        if run.state != RunState.UNDONE:
            return NOT_DONE
        return SOME_REFUSED if run.counts.get("undone", {}).get("stays") else ALL_TAKEN

    def _source(self, options: dict[str, Any], actor: Member | None) -> Source:
        name, site_code = options["source"], options["site"]
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
        return add_source(name=name, site=chosen[0], numbers_are_ours=options["same_codes"], actor=actor)

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

    def _work(self, run: ImportRun, step: Callable[..., ImportRun]) -> ImportRun:
        """Do the step here; when a worker has taken the run up already, watch it instead."""
        try:
            finished = step(run.pk, progress=self._progress)
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
        found_types = resources_of(run)
        if found_types:
            self.stdout.write(_("In the files:"))
            for name, count in found_types:
                self.stdout.write(f"  {count:>10,}  {name}")
        labels = [str(verdict.label) for verdict in VERDICTS]
        width = max([len(kind.label) for kind in Kind] + [4])
        self.stdout.write("\n" + " " * width + "".join(f"  {label:>22}" for label in labels))
        for kind in Kind:
            found = run.counts["verdicts"].get(kind)
            if found and any(found.get(verdict) for verdict in VERDICTS):
                cells = "".join(f"  {found.get(verdict, 0):>22,}" for verdict in VERDICTS)
                self.stdout.write(f"{kind.label:<{width}}{cells}")
        refused = refused_items(run, limit=REFUSALS_SHOWN + 1)
        if refused:
            self.stdout.write("\n" + _("Refused:"))
            self._print_items(refused, limit=REFUSALS_SHOWN)

    def _print_remarks(self, run: ImportRun) -> None:
        count = remark_count(run)
        if count:
            self.stdout.write("\n" + _("Remarks: %(count)s") % {"count": f"{count:,}"})
            self._print_items(remarked_items(run, limit=REMARKS_SHOWN + 1), limit=REMARKS_SHOWN)

    def _print_items(self, items: Sequence[StagedItem], *, limit: int) -> None:
        for item in items[:limit]:
            for file, row, what, _verdict, *about in rows_of(item):
                where = [file, _("row %(row)s") % {"row": row} if row else "", what]
                self.stdout.write("  " + " · ".join(str(part) for part in (*where, *about) if part))
        if len(items) > limit:
            self.stdout.write(_("  … and more. --refusals FILE.csv writes them all."))

    def _print_applied(self, run: ImportRun, seconds: float) -> None:
        self.stdout.write("\n" + _("Written:"))
        for kind in Kind:
            tally = run.counts["applied"].get(kind)
            if tally:
                said = ", ".join(f"{count:,} {_SAID[outcome]()}" for outcome, count in sorted(tally.items()))
                self.stdout.write(f"  {kind.label}: {said}")
        if run.counts["kept"]:
            self.stdout.write(
                _("  %(count)s fields stay as they are here; the remarks say why.")
                % {"count": run.counts["kept"]}
            )
        likely = likely_count(run)
        if likely:
            self.stdout.write(
                _("  %(count)s new patients look like somebody we know; import %(run)s lists them.")
                % {"count": f"{likely:,}", "run": run.pk}
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


_SAID: Final[dict[str, Callable[[], str]]] = {
    "created": lambda: _("created"),
    "updated": lambda: _("updated"),
    "unchanged": lambda: _("unchanged"),
    "refused": lambda: _("refused"),
}


def _said_of(error: DatabaseError) -> str:
    """One sentence for whoever waits at the terminal."""
    if running.is_lost(error):
        return _(
            "The connection to the database was lost. What was written before is whole. When the database runs"
            " again, give the same command again: it goes on from there."
        )
    return _("The database refused the work: %(reason)s") % {
        "reason": str(error).splitlines()[0] if str(error) else ""
    }


def _member(username: str) -> Member | None:
    if not username:
        return None
    member: Member | None = Member.objects.active().filter(username__iexact=username).first()
    if member is None:
        raise CommandError(_("There is no member “%(name)s”.") % {"name": username}, returncode=NOT_DONE)
    return member


def _must_be_allowed(actor: Member | None, source: Source) -> None:
    """Whoever is named must be allowed to; who is not named is whoever runs this machine."""
    if actor is not None and not actor.may(Permission.IMPORT_RUN, source.site_id):
        raise CommandError(
            _("“%(name)s” may not take data in at “%(site)s”.")
            % {"name": actor.username, "site": source.site.code},
            returncode=NOT_DONE,
        )


def _interrupted(source: Source, paths: list[Path]) -> ImportRun | None:
    """The source's newest run when it is of just these files and was neither finished nor given up."""
    unfinished = [RunState.READING, RunState.APPLYING, RunState.STOPPED, RunState.FAILED]
    run = ImportRun.objects.select_related("source__site", "member").filter(source=source).first()
    if run is None or run.state not in unfinished:
        return None
    given = {(str(path), path.stat().st_size) for _name, path in files_under(paths)}
    return run if given == set(run.files.values_list("path", "size")) else None
