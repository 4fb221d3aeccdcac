"""`check`: is this installation fit to run? One line a subject."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from tantam.launch import database, grants, keys, volume
from tantam.launch.places import CHECKOUT, Installation, django_command, environment
from tantam.launch.voice import Trouble, say

GIGABYTE = 1 << 30
DISK_NEEDED = 2 * GIGABYTE
LONGEST_SKEW = 5.0
"""Seconds between this machine's clock and the database server's."""


class Wrong(Exception):
    """What is wrong with a subject."""


class Noted(Exception):
    """What stops nothing, and should be otherwise."""


def check(installation: Installation, *, journal: bool = False) -> int:
    """Look at configuration, database, keys, disk and clock; 0 when all are well, 1 when one is not.

    With `journal` the chain over every entry is walked too, which reads the whole journal.
    """
    well = [
        _look("keys", lambda: look_at_keys(installation)),
        _look("disk", lambda: look_at_disk(installation)),
        _look("volume", lambda: look_at_volume(installation)),
    ]
    try:
        with database.available(installation) as found:
            url = found.url
            values = environment(installation, database_url=url)
            well += [
                _look("configuration", lambda: look_at_configuration(values)),
                _look("database", lambda: look_at_database(found)),
                _look("tables", lambda: look_at_tables(values | {"DATABASE_URL": found.owner_url})),
                _look("rights", lambda: look_at_rights(found)),
                _look("clock", lambda: look_at_clock(url)),
            ]
            if journal:
                well.append(_look("journal", lambda: look_at_journal(values)))
    except (Trouble, psycopg.Error) as error:
        well.append(False)
        _print("WRONG", "database", str(error).strip())
    return 0 if all(well) else 1


def _look(subject: str, look: Callable[[], str]) -> bool:
    try:
        _print("ok", subject, look())
    except Noted as note:
        _print("NOTE", subject, str(note))
    except (Wrong, Trouble, psycopg.Error, OSError) as error:
        _print("WRONG", subject, str(error).strip())
        return False
    return True


def _print(verdict: str, subject: str, sentence: str) -> None:
    say(f"{verdict:<5} {subject:<14} {sentence}")


def look_at_keys(installation: Installation) -> str:
    if found := keys.problems(installation.keys):
        raise Wrong("; ".join(found))
    return f"{len(keys.KEYS)} keys in {installation.keys}, readable by their owner alone"


def look_at_disk(installation: Installation) -> str:
    usage = shutil.disk_usage(installation.data)
    if not os.access(installation.data, os.W_OK):
        raise Wrong(f"{installation.data} cannot be written to")
    if usage.free < DISK_NEEDED:
        raise Wrong(f"{usage.free >> 20} MB free at {installation.data}; {DISK_NEEDED >> 20} MB are wanted")
    return f"{usage.free / GIGABYTE:.0f} GB free of {usage.total / GIGABYTE:.0f} at {installation.data}"


def look_at_configuration(values: dict[str, str]) -> str:
    done = _django(values, "check", "--fail-level=WARNING")
    if done.returncode:
        raise Wrong(_last_line(done))
    if values.get("TANTAM_DEBUG") == "1":
        raise Wrong("TANTAM_DEBUG=1 shows errors to everyone")
    return f"settings load; hosts {values['TANTAM_HOSTS']}"


def look_at_database(found: database.Database) -> str:
    database.prepare_real(found.owner_url)
    with psycopg.connect(found.url) as connection:
        row = connection.execute(
            "SELECT current_setting('server_version'), pg_size_pretty(pg_database_size(current_database()))"
        ).fetchone()
        assert row is not None
    kind = "the server in DATABASE_URL" if database.real_server() else "embedded"
    return f"PostgreSQL {row[0]} ({kind}), {row[1]}, with {', '.join(database.EXTENSIONS)}"


def look_at_tables(values: dict[str, str]) -> str:
    done = _django(values, "migrate", "--check")
    if done.returncode:
        raise Wrong("migrations are missing; `./tantam manage migrate` or a start makes them")
    return "every migration is applied"


def look_at_rights(found: database.Database) -> str:
    """Whether the product's role can do no more than its work. One role for everything still works."""
    excess = grants.problems(found.url)
    if not excess:
        return f"the role {found.user} reads and writes rows; it owns no table and changes no journal"
    if not found.has_two_roles:
        raise Noted(
            f"the role {found.user} {', '.join(excess)}. Give migrations a role of their own with"
            " DATABASE_OWNER_URL (docs/runbooks/database-roles.md)"
        )
    raise Wrong(f"the role {found.user} {', '.join(excess)}; a start gives it its rights again")


def look_at_volume(installation: Installation) -> str:
    """Whether what stays clear in the database lies on an encrypted volume (A10), as far as can be seen."""
    found = volume.of(installation.data)
    if found.is_encrypted:
        return f"{found.device} is encrypted ({found.how})"
    if found.is_encrypted is None:
        raise Noted(
            f"it cannot be seen whether {found.device or installation.data} is encrypted; names, diagnoses and"
            " medicines have to lie on an encrypted volume (docs/runbooks/encrypted-volume.md)"
        )
    raise Noted(
        f"{found.device} is not encrypted; names, diagnoses and medicines have to lie on an encrypted volume"
        " (docs/runbooks/encrypted-volume.md)"
    )


def look_at_journal(values: dict[str, str]) -> str:
    done = _django(values, "check_journal")
    if done.returncode:
        raise Wrong(_last_line(done).removeprefix("CommandError: "))
    return "; ".join(done.stdout.strip().splitlines())


def look_at_clock(url: str) -> str:
    now = time.time()
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT extract(epoch FROM clock_timestamp())::float8").fetchone()
        assert row is not None
        skew = abs(float(row[0]) - now)
    if skew > LONGEST_SKEW:
        raise Wrong(f"this machine and the database server are {skew:.0f} s apart; synchronise both (NTP)")
    newest = max(path.stat().st_mtime for path in (CHECKOUT / "requirements.txt", Path(__file__)))
    if now < newest - 86_400:
        raise Wrong(f"this machine believes it is {_day(now)}, which is before the product was installed")
    return (
        f"{datetime.fromtimestamp(now, UTC):%Y-%m-%d %H:%M:%S} UTC, {skew * 1000:.0f} ms from the database's"
    )


def _day(moment: float) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d}"


def _django(values: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(django_command(*arguments), env=values, capture_output=True, text=True, check=False)


def _last_line(done: subprocess.CompletedProcess[str]) -> str:
    """What a failed command said that tells most: the issue Django names, else its last words."""
    lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
    issues = [line for line in lines if re.search(r"\([a-z_]+\.[A-Z]\d+\)", line)]
    return (issues or lines[-1:] or [f"code {done.returncode}"])[0].strip()
