"""Migrations that a running hospital can take: reversible, without waiting locks, without code that will move."""

from __future__ import annotations

import ast
import importlib.util
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db.migrations import Migration, RunPython, RunSQL, SeparateDatabaseAndState, operations
from django.db.migrations.operations.base import Operation

from tests.house.tree import FREE, STAIRS, House

_INDEX = re.compile(
    r"\b(?:CREATE\s+(?:UNIQUE\s+)?|DROP\s+)INDEX\s+(?!CONCURRENTLY)[^;]*?(?:\bON\s+(?:ONLY\s+)?(\w+)|;|$)",
    re.IGNORECASE,
)
_TABLE = re.compile(r"\bCREATE\s+(?:UNLOGGED\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(\w+)", re.IGNORECASE)
_ALTERS = re.compile(
    r"\bALTER\s+TABLE\b|\bDROP\s+TABLE\b|\bCREATE\s+(?:OR\s+REPLACE\s+)?TRIGGER\b", re.IGNORECASE
)
_ALTERING = (
    operations.AddField, operations.AlterField, operations.RemoveField, operations.RenameField,
    operations.AddConstraint, operations.RemoveConstraint, operations.DeleteModel, operations.RenameModel,
    operations.AlterModelTable, operations.AlterUniqueTogether,
)  # fmt: skip


def files(house: House) -> Iterator[Path]:
    for step in STAIRS:
        yield from sorted((house.root / step / "migrations").glob("[0-9]*.py"))


def load(path: Path) -> type[Migration]:
    """The `Migration` of a file, read by itself: without a database or an installed app."""
    spec = importlib.util.spec_from_file_location(f"migration_of_{path.parts[-3]}_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: type[Migration] = module.Migration
    return found


def imports_of_rooms(house: House) -> list[str]:
    """A migration is read for years; a room's functions and classes move. Only `tantam.lib` stays."""
    found = []
    for path in files(house):
        for node in ast.walk(house.tree(path)):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            for name in names:
                parts = name.split(".")
                if parts[0] == "tantam" and (len(parts) == 1 or parts[1] not in FREE):
                    found.append(f"{house.at(path, node)} {name}")
    return found


def one_way(house: House) -> list[str]:
    """Every step can be taken back."""
    return [
        f"{house.name_of(path)} {_say(step)}"
        for path in files(house)
        for step in _steps(load(path).operations)
        if not step.reversible
    ]


def waiting_locks(house: House) -> list[str]:
    """After its first migrations a room holds rows and people work with them.

    An index on a table that is there is made concurrently. What alters such a table begins with
    `tantam.lib.migrations.wait_briefly()`, so that a busy hospital makes the migration fail and not the
    hospital wait behind it.
    """
    found = []
    for path in files(house):
        migration = load(path)
        if migration.initial or (migration.initial is None and path.stem.startswith("0001")):
            continue
        steps = list(_steps(migration.operations))
        new = {step.name.lower() for step in steps if isinstance(step, operations.CreateModel)}
        made = {table.lower() for step in steps for table in _TABLE.findall(_sql(step))}
        found += [
            f"{house.name_of(path)} {_say(step)} is not concurrent"
            for step in steps
            if _makes_an_index_waiting(step, new, made)
        ]
        if any(_alters(step, new) for step in steps) and not _waits_briefly(steps):
            found.append(f"{house.name_of(path)} alters a table without wait_briefly()")
    return found


def _steps(of: Iterable[Operation]) -> Iterator[Operation]:
    for step in of:
        if isinstance(step, SeparateDatabaseAndState):
            yield from _steps(step.database_operations)
        else:
            yield step


def _sql(step: Operation) -> str:
    if not isinstance(step, RunSQL):
        return ""
    parts = [step.sql] if isinstance(step.sql, str) else list(step.sql)
    return "\n".join(part if isinstance(part, str) else str(part[0]) for part in parts)


def _makes_an_index_waiting(step: Operation, new: set[str], made: set[str]) -> bool:
    if isinstance(step, AddIndexConcurrently | RemoveIndexConcurrently):
        return False
    if isinstance(step, operations.AddIndex | operations.RemoveIndex):
        return step.model_name.lower() not in new
    return any(table.lower() not in made for table in _INDEX.findall(_sql(step)))


def _alters(step: Operation, new: set[str]) -> bool:
    if isinstance(step, _ALTERING):
        named = getattr(step, "model_name", "") or getattr(step, "name", "") or getattr(step, "old_name", "")
        return str(named).lower() not in new
    return bool(_ALTERS.search(_sql(step)))


def _waits_briefly(steps: list[Operation]) -> bool:
    return bool(steps) and "lock_timeout" in _sql(steps[0])


def _say(step: Operation) -> str:
    if isinstance(step, RunSQL):
        return f"RunSQL {_sql(step).strip().splitlines()[0][:40]!r}"
    if isinstance(step, RunPython):
        return f"RunPython {getattr(step.code, '__name__', '')}"
    return step.describe()
