"""A hospital of any size in a database of its own, loaded by COPY; kept and used again while nothing changed.

    python bench/dataset.py --size 1000000        (with DATABASE_URL naming any database of the server)

The load drops what slows COPY down (foreign keys, unique constraints, secondary indexes), fills the tables from
two processes, makes everything again with checks, and analyses. It needs a role that may create databases,
no more.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

CHECKOUT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(CHECKOUT))

from bench.rows import SHEETS, Hospital, constants, local_today  # noqa: E402

PROCESSES = 2
CHUNK = 25_000
KEPT_DAYS = 5
"""Due dates lie around the day of the load; an older database would no longer be the same hospital."""

Say = Callable[[str], object]


def url_of(server: str, name: str) -> str:
    """The address of the database `name` on the server that `server` names."""
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


def database_of(prefix: str, size: int) -> str:
    return f"{prefix}_{size}"


def ensure(
    server: str, size: int, *, prefix: str = "tantam_bench", say: Say = print
) -> tuple[str, dict[str, Any]]:
    """Have the hospital of `size`: its address, and how long the load took (0 when it was there)."""
    name = database_of(prefix, size)
    url, wanted = url_of(server, name), stamp(size)
    kept = stamp_in(server, name)
    if kept is not None and kept[0] == wanted and local_today() - kept[1] <= timedelta(days=KEPT_DAYS):
        _give_back_calls(url)
        say(f"  {name}: kept from {kept[1]}")
        return url, {"seconds": 0.0, "kept_from": kept[1].isoformat()}
    began = time.monotonic()
    environment = os.environ | {"DATABASE_URL": url}
    if create(server, name):
        django = [sys.executable, "-P", "-m", "django"]
        subprocess.run([*django, "migrate", "--noinput", "--verbosity=0"], env=environment, check=True)
    migrated = time.monotonic()
    loader = [sys.executable, str(Path(__file__)), "--size", str(size), "--fill", url]
    subprocess.run(loader, env=environment, check=True)
    seconds = time.monotonic() - migrated
    with psycopg.connect(server, autocommit=True) as connection:
        comment = sql.SQL("COMMENT ON DATABASE {} IS {}")
        connection.execute(comment.format(sql.Identifier(name), sql.Literal(f"{wanted} {local_today()}")))
    say(f"  {name}: loaded in {seconds:.1f} s (tables made in {migrated - began:.1f} s)")
    return url, {"seconds": round(seconds, 1), "kept_from": ""}


def _give_back_calls(url: str) -> None:
    """Nobody holds a hundred calls at once: those that an earlier run opened are free again.

    The generator's own holders took theirs at a full hour.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "UPDATE care_caretask SET claimed_by_id = NULL, claimed_at = NULL"
            " WHERE claimed_at <> date_trunc('hour', claimed_at)"
        )
        connection.execute("VACUUM (ANALYZE) care_caretask")


def stamp(size: int) -> str:
    """What the database depends on: schema, generator, keys, size."""
    total = hashlib.sha256(str(size).encode())
    app = CHECKOUT / "app" / "tantam"
    sources = [*sorted(app.glob("*/migrations/0*.py")), Path(__file__), Path(__file__).with_name("rows.py")]
    for path in [*sources, app / "demo" / "names.py", *sorted((app / "demo" / "illnesses").glob("*.toml"))]:
        total.update(path.read_bytes())
    keys = Path(os.environ["TANTAM_DATA"]) / "keys"
    total.update((keys / "index_key").read_bytes())
    return total.hexdigest()[:24]


def stamp_in(server: str, name: str) -> tuple[str, date] | None:
    query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    with psycopg.connect(server, autocommit=True) as connection:
        row = connection.execute(query, [name]).fetchone()
    if row is None or not row[0]:
        return None
    wanted, _, day = str(row[0]).partition(" ")
    return wanted, date.fromisoformat(day)


def create(server: str, name: str) -> bool:
    """An empty database; False when a bare one with all tables stands there already."""
    with psycopg.connect(server, autocommit=True) as connection:
        identifier = sql.Identifier(name)
        there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if there and _is_bare(url_of(server, name)):
            return False
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(identifier))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(identifier))
    with psycopg.connect(url_of(server, name), autocommit=True) as connection:
        for extension in ("pg_trgm", "unaccent", "btree_gist", "btree_gin"):
            connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
    return True


def _is_bare(url: str) -> bool:
    """Whether the tables are there and nobody works in them: what a template leaves."""
    with psycopg.connect(url, autocommit=True) as connection:
        made = connection.execute("SELECT to_regclass('accounts_member')").fetchone()
        if made is None or made[0] is None:
            return False
        return connection.execute("SELECT 1 FROM accounts_member LIMIT 1").fetchone() is None


# --- filling, in a process with Django set up ----------------------------------------------------------


def fill(url: str, size: int, say: Say = print) -> None:
    import django

    django.setup()
    from bench.people import make_few

    hospital = Hospital(size, local_today())
    make_few(hospital)
    tables = [sheet.table for sheet in SHEETS]
    steps = Steps(say if size > 10_000 else lambda _words: None)
    with psycopg.connect(url, autocommit=True) as connection:
        later = take_away(connection, tables)
        steps.done("indexes and keys taken away")
        _copy_all(url, hospital)
        steps.done("rows")
        give_back(url, later)
        steps.done("indexes and keys made")
        for table in tables:
            connection.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.Identifier(table)))
            _set_sequence(connection, table)
        connection.execute("ANALYZE")
        connection.execute("SELECT setval('patients_code', %s)", [size])
        steps.done("analysed")


class Steps:
    """Says how long each step took."""

    def __init__(self, say: Say) -> None:
        self.say, self.since = say, time.monotonic()

    def done(self, name: str) -> None:
        now = time.monotonic()
        self.say(f"    {name}: {now - self.since:.1f} s")
        self.since = now


def _copy_all(url: str, hospital: Any) -> None:
    jobs = [
        (url, hospital, position, first, min(first + CHUNK, sheet.count(hospital)))
        for position, sheet in enumerate(SHEETS)
        for first in range(0, sheet.count(hospital), CHUNK)
    ]
    # The tables grow together, as they would have; and no process waits for the other's table.
    jobs.sort(key=lambda job: job[3] / SHEETS[job[2]].count(hospital))
    if len(jobs) <= 2 * len(SHEETS):
        for job in jobs:
            _copy(job)
        return
    with get_context("spawn").Pool(PROCESSES, initializer=_begin) as pool:
        for _done in pool.imap_unordered(_copy, jobs):
            pass


def _begin() -> None:
    sys.path.insert(0, str(CHECKOUT))
    import django

    django.setup()


_connections: dict[str, psycopg.Connection[Any]] = {}


def _copy(job: tuple[str, Any, int, int, int]) -> None:
    from django.apps import apps

    url, hospital, position, first, last = job
    sheet = SHEETS[position]
    if url not in _connections:
        _connections[url] = psycopg.connect(url, autocommit=True)
        _connections[url].execute("SET synchronous_commit = off")
    model = next(model for model in apps.get_models() if model._meta.db_table == sheet.table)
    fixed = constants(model, sheet.columns)
    columns = sql.SQL(", ").join(map(sql.Identifier, (*sheet.columns, *fixed)))
    tail = "".join(f"\t{value}" for value in fixed.values()) + "\n"
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(sheet.table), columns)
    with _connections[url].cursor().copy(statement) as copy:
        block: list[str] = []
        for line in sheet.lines(hospital, first, last):
            block.append("\t".join(line) + tail)
            if len(block) == 2_000:
                copy.write("".join(block).encode())
                block.clear()
        copy.write("".join(block).encode())


# --- what slows COPY down ------------------------------------------------------------------------------


def take_away(connection: psycopg.Connection[Any], tables: Iterable[str]) -> list[str]:
    """Drop foreign keys, unique constraints and secondary indexes; answers the statements that make them again."""
    names = list(tables)
    later: list[str] = []
    constraints = connection.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid::regclass::text = ANY(%s) AND contype IN ('f', 'u') ORDER BY contype DESC, conname",
        [names],
    ).fetchall()
    for table, name, definition in constraints:
        connection.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        later.append(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
    indexes = connection.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid::regclass::text = ANY(%s) AND NOT indisprimary ORDER BY 1",
        [names],
    ).fetchall()
    for name, definition in indexes:
        connection.execute(f"DROP INDEX {name}")
        later.insert(0, definition)
    return later


def give_back(url: str, statements: list[str]) -> None:
    """Run the statements, one table at a time in each of two connections: no two of them lock the same table."""
    by_table: dict[str, list[str]] = {}
    keys = [statement for statement in statements if "FOREIGN KEY" in statement]
    for statement in statements:
        if statement not in keys:
            table = (
                statement.split(" ON ", 1)[1].split()[0] if " INDEX " in statement else statement.split()[2]
            )
            by_table.setdefault(table.removeprefix("public."), []).append(statement)
    for batch in (list(by_table.values()), [keys]):
        with get_context("spawn").Pool(min(PROCESSES, len(batch))) as pool:
            pool.starmap(_make, [(url, one) for one in batch], chunksize=1)


def _make(url: str, statements: list[str]) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET maintenance_work_mem = '256MB'")
        connection.execute("SET max_parallel_maintenance_workers = 0")
        for statement in statements:
            connection.execute(statement)


def _set_sequence(connection: psycopg.Connection[Any], table: str) -> None:
    query = sql.SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), (SELECT max(id) FROM {}))")
    connection.execute(query.format(sql.Literal(table), sql.Identifier(table)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=10_000)
    parser.add_argument("--prefix", default="tantam_bench")
    parser.add_argument("--fill", metavar="URL", help="fill the bare database at URL (used by itself)")
    options = parser.parse_args()
    if options.fill:
        fill(options.fill, options.size)
    else:
        ensure(os.environ["DATABASE_URL"], options.size, prefix=options.prefix)


if __name__ == "__main__":
    main()
