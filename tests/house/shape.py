"""How a room looks from outside: what stands at its top, and what other rooms may take from it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import FREE, STAIRS, House

MOST_AT_THE_TOP = 22
ONE_MEANING = frozenset({
    "apps", "errors", "events", "policy", "access", "reactions", "jobs", "notices", "privacy", "menu",
    "urls", "models", "operations", "rules", "queries", "forms", "views",
})  # fmt: skip
FOLDERS = frozenset({
    "extends", "registries", "migrations", "tests", "management", "templates", "static", "locale",
    "templatetags",
})  # fmt: skip
# What a room has besides, because other rooms or Django ask for it by this name.
BESIDES: dict[str, frozenset[str]] = {
    "accounts": frozenset({"door", "permissions"}),
    "journal": frozenset({"live"}),
    "records": frozenset({"data"}),
}
# Machines of a room's own, one each; desk keeps the pages of the organisation's settings together.
ENGINES: dict[str, frozenset[str]] = {
    "accounts": frozenset({"authentication"}),
    "care": frozenset({"planner"}),
    "desk": frozenset({"settings"}),
    "exchange": frozenset({"engine"}),
    "journal": frozenset({"serving"}),
    "privacy": frozenset({"rotation"}),
}
PUBLIC = frozenset(
    ["operations", "access", "queries", "models", "rules", "events", "errors", "policy", "registries"]
)
PUBLIC_BESIDES: dict[str, frozenset[str]] = {
    "accounts": frozenset({"door", "permissions"}),
    "journal": frozenset({"live", "reactions"}),
}
_COUNTED_OUT = frozenset(
    {"migrations", "tests", "management", "templates", "static", "locale", "templatetags"}
)


def _top(folder: Path) -> list[str]:
    """Modules and folders at a room's top, by name."""
    return sorted(
        path.stem if path.suffix == ".py" else path.name
        for path in folder.iterdir()
        if path.name not in {"__init__.py", "__pycache__"} and (path.suffix == ".py" or path.is_dir())
    )


def names_at_the_top(house: House) -> list[str]:
    """Every module at a room's top has a name that means the same in every room."""
    wrong = []
    for room in house.rooms():
        allowed = ONE_MEANING | FOLDERS | BESIDES.get(room, frozenset()) | ENGINES.get(room, frozenset())
        wrong += [f"{room}/{name}" for name in _top(house.root / room) if name not in allowed]
    return wrong


def rooms_too_wide(house: House) -> list[str]:
    """At most 22 modules at a room's top, so that one look takes it in."""
    wide = []
    for room in house.rooms():
        here = [name for name in _top(house.root / room) if name not in _COUNTED_OUT]
        if len(here) > MOST_AT_THE_TOP:
            wide.append(f"{room}: {len(here)}")
    return wide


def suffixes(house: House) -> list[str]:
    """A file or a package, never a suffix: `forms/calls.py`, not `forms_calls.py` beside `forms.py`."""
    found = []
    for step in (*house.rooms(), *FREE):
        for folder in {path.parent for path in house.modules() if house.room_of(path) == step}:
            here = {path.stem if path.suffix == ".py" else path.name for path in folder.iterdir()} | {
                folder.name
            }
            here |= ONE_MEANING if folder == house.root / step else set()
            for path in folder.glob("*.py"):
                head = path.stem
                while "_" in head:
                    head = head.rpartition("_")[0]
                    if head in here and head != step:
                        found.append(f"{house.name_of(path)} stands beside {head}")
                        break
    return sorted(found)


def private_imports(house: House) -> list[str]:
    """Another room takes only what a room shows: acts, rows by id, questions, tables, rules, words, registries."""
    found = []
    for path in house.modules():
        own = house.room_of(path)
        for node, room, module in _taken(house.tree(path)):
            if room == own or room in FREE or room not in STAIRS:
                continue
            # A room below privacy cannot register what it gives out and destroys, so privacy takes it.
            if own == module == "privacy":
                continue
            if module not in PUBLIC | PUBLIC_BESIDES.get(room, frozenset()):
                found.append(f"{house.at(path, node)} takes {room}.{module}")
    return found


def _taken(tree: ast.Module) -> Iterator[tuple[ast.AST, str, str]]:
    """Each (room, module) an import names: `from tantam.care.models import X` is ("care", "models")."""
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            whole = node.module.split(".")
            names = (
                [node.module] if len(whole) > 2 else [f"{node.module}.{alias.name}" for alias in node.names]
            )
        for name in names:
            parts = name.split(".")
            if parts[0] == "tantam" and len(parts) > 2:
                yield node, parts[1], parts[2]
