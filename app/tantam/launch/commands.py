"""What stands after `./tantam`."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import psycopg

from tantam.launch import database, examination, keys, parts, preparation, serve, trial
from tantam.launch.places import CHECKOUT, CODE, Installation, django_command, environment
from tantam.launch.voice import Trouble, warn

HELP = """\
Tận Tâm

  ./tantam demo [options]        a hospital with invented patients, ready to try
  ./tantam up [options]          your own hospital; the first start prints a set-up link
  ./tantam check [options]       configuration, database, keys, disk, clock: one line each;
                                 with --journal also whether the journal is as it was written
  ./tantam import [options] PATH …
                                 take in files, folders or archives (FHIR, CSV, XLSX)
  ./tantam manage [options] COMMAND …
                                 any management command of the product
  ./tantam test [pytest arguments]
                                 the gate and every test, or only what pytest is told
  ./tantam bench [arguments]     measure; prints a table
  ./tantam help                  this

Options
  --port N      where the product answers (8000; 443 with --domain)
  --domain NAME the name it is reached by: HTTPS with a certificate it obtains and renews by itself
  --data DIR    where everything is kept (var/ in the checkout, or TANTAM_DATA)
  --host HOST   the address to listen at (127.0.0.1)
  --workers N   processes that serve pages (2)
  --threads N   pages each of them works on at once (2)
  --front off   no server in front, for a hospital with a proxy of its own (docs/runbooks/front.md)

DATABASE_URL=postgresql://… uses that server (PostgreSQL 15 or newer) instead of the embedded one.
"""


CHANGE_TABLES = ("migrate", "pgtrigger", "createcachetable", "flush", "demo_data", "rotate_keys")
"""Management commands that run as the tables' owner."""


class Options:
    """The options before a command's own arguments."""

    def __init__(self, arguments: list[str], *, default_data: Path) -> None:
        values = {
            "--port": "",
            "--data": "",
            "--host": "",
            "--workers": "2",
            "--threads": "2",
            "--domain": os.environ.get("TANTAM_DOMAIN", ""),
            "--front": os.environ.get("TANTAM_FRONT", "on"),
        }
        rest = list(arguments)
        while rest and rest[0].split("=", 1)[0] in values:
            name, given, value = rest.pop(0).partition("=")
            if not given:
                if not rest:
                    raise Trouble(f"{name} needs a value.")
                value = rest.pop(0)
            values[name] = value
        self.rest = rest
        data = values["--data"] or os.environ.get("TANTAM_DATA", "")
        domain = _domain(values["--domain"])
        values["--port"] = values["--port"] or ("443" if domain else "8000")
        values["--plain-port"] = os.environ.get("TANTAM_PLAIN_PORT", "80")
        if values["--front"] not in ("on", "off"):
            raise Trouble(f"--front is on or off, not `{values['--front']}`.")
        if domain and values["--front"] == "off":
            raise Trouble(
                "--domain needs the server in front; with --front off your own proxy answers for the name.",
                f"TANTAM_HOSTS={domain} TANTAM_HTTPS=1 TANTAM_PROXIES=1 ./tantam up --front off",
            )
        self.installation = Installation(
            data=Path(data).expanduser().resolve() if data else default_data,
            host=values["--host"] or ("" if domain else "127.0.0.1"),
            port=_number(values, "--port", highest=65_400),
            workers=_number(values, "--workers", highest=64),
            threads=_number(values, "--threads", highest=64),
            front=values["--front"] == "on",
            domain=domain,
            port_plain=_number(values, "--plain-port", highest=65_400),
        )

    def refuse_rest(self) -> None:
        if self.rest:
            raise Trouble(f"`{shlex.join(self.rest)}` is not understood.", "./tantam help")


def _domain(name: str) -> str:
    """The name as certificates hold it. Refuses with Trouble what is none."""
    clean = name.strip().lower().rstrip(".")
    if clean and not re.fullmatch(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]", clean):
        raise Trouble(f"--domain needs a name such as care.example.vn, not `{name}`.")
    return clean


def _number(values: dict[str, str], name: str, *, highest: int) -> int:
    if not values[name].isdecimal() or not 1 <= int(values[name]) <= highest:
        raise Trouble(f"{name} needs a number from 1 to {highest}, not `{values[name]}`.")
    return int(values[name])


def _options(arguments: list[str], *, folder: str = "var") -> Options:
    return Options(arguments, default_data=CHECKOUT / folder)


def demo(arguments: list[str]) -> int:
    options = _options(arguments)
    options.refuse_rest()
    return serve.serve(options.installation, demo=True)


def up(arguments: list[str]) -> int:
    options = _options(arguments)
    options.refuse_rest()
    return serve.serve(options.installation, demo=False)


def check(arguments: list[str]) -> int:
    options = _options([argument for argument in arguments if argument != "--journal"])
    options.refuse_rest()
    if not options.installation.data.is_dir():
        raise Trouble(f"Nothing was ever started in {options.installation.data}.", "./tantam up")
    return examination.check(options.installation, journal="--journal" in arguments)


def manage(arguments: list[str]) -> int:
    options = _options(arguments)
    command = options.rest or ["help"]
    owner = command[0] in CHANGE_TABLES
    return run_with_database(options.installation, django_command(*command), as_owner=owner)


def import_data(arguments: list[str]) -> int:
    options = _options(arguments)
    if not options.rest:
        raise Trouble("Nothing to import was named.", "./tantam import PATH …")
    if {"-h", "--help"} & set(options.rest):
        return help_of("import_data")
    paths = [str(Path(word).resolve()) if Path(word).exists() else word for word in options.rest]
    return run_with_database(options.installation, django_command("import_data", *paths), migrated=True)


def help_of(command: str) -> int:
    """Show a management command's help, which needs no database."""
    values = os.environ | {"PYTHONPATH": str(CODE), "PYTHONSAFEPATH": "1"}
    values |= {"DJANGO_SETTINGS_MODULE": "config.settings"}
    values.setdefault("TANTAM_SECRET_KEY", "signs-nothing")
    preparation.compile_catalogues(values)
    return subprocess.run(django_command(command, "--help"), env=values, check=False).returncode


def bench(arguments: list[str]) -> int:
    options = _options(arguments, folder="var/bench")
    command = [sys.executable, "-P", str(CHECKOUT / "bench" / "run.py"), *options.rest]
    return run_with_database(options.installation, command, served=True, may_create_databases=True)


def run_with_database(
    installation: Installation,
    command: list[str],
    *,
    migrated: bool = False,
    served: bool = False,
    may_create_databases: bool = False,
    as_owner: bool = False,
) -> int:
    """Run `command` in the foreground with a database; the embedded server stops after it if it had to start.

    `migrated` brings the tables up to date first, `served` everything a web process needs;
    `may_create_databases` lets the command make databases of its own, `as_owner` change tables.
    """
    installation.make_folders()
    keys.ensure(installation.keys)
    with database.available(installation, may_create_databases=may_create_databases) as found:
        values = environment(installation, database_url=found.owner_url if as_owner else found.url)
        preparation.compile_catalogues(values)
        if served:
            parts.ensure()
            preparation.collect_static(installation, values)
        if migrated:
            preparation.migrate(installation, values, found)
        with subprocess.Popen(command, env=values) as process:
            code = _wait_in_foreground(process)
        if as_owner:
            preparation.grant(found)
        return code


def _wait_in_foreground(process: subprocess.Popen[bytes]) -> int:
    """Wait for a command that has the terminal: Ctrl-C is its business, SIGTERM is passed on."""

    def pass_on(number: int, frame: FrameType | None) -> None:
        process.send_signal(number)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, pass_on)
    signal.signal(signal.SIGHUP, pass_on)
    code = process.wait()
    return code if code >= 0 else 128 - code


def show_help(arguments: list[str]) -> int:
    print(HELP)
    return 0


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "demo": demo,
    "up": up,
    "check": check,
    "import": import_data,
    "manage": manage,
    "test": trial.test,
    "bench": bench,
    "help": show_help,
    "--help": show_help,
    "-h": show_help,
}


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def main(arguments: list[str]) -> int:
    """Run one command; returns the exit code."""
    # Raised as exceptions, so that whatever was started is stopped on the way out.
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGHUP, _end)
    name, *rest = arguments or ["help"]
    command = COMMANDS.get(name)
    if command is None:
        warn(f"there is no command `{name}`.\n\n{HELP}")
        return 64
    try:
        return command(rest)
    except Trouble as trouble:
        warn(str(trouble))
        return 1
    except PermissionError as error:
        warn(f"{error.filename} may not be used by this user. Run this as the owner of the data folder.")
        return 1
    except psycopg.Error as error:
        warn(f"The database refused: {str(error).strip()}")
        return 1
    except KeyboardInterrupt:
        return 130
