"""The sources as the house tests read them: which room a file is of, and what it says.

Every rule is a function that takes a `House` and answers with its breaches, one sentence each, so that the same
rule is held against the real sources and against a small house planted with a breach.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import tantam

STAIRS = (
    "desk", "exchange", "care", "knowledge", "records", "privacy", "patients",
    "accounts", "facility", "journal", "ui", "lib",
)  # fmt: skip
FACES = ("desk",)
FREE = frozenset({"ui", "lib"})
"""Steps of the staircase that are no rooms: everything in them is for everyone."""


@cache
def _parsed(path: Path, changed: int) -> ast.Module:
    try:
        return ast.parse(path.read_text())
    except SystemError:
        # Python 3.11 miscounts its depth when another thread parses at the same moment.
        return ast.parse(path.read_text())


@dataclass(frozen=True, slots=True)
class House:
    """The folder that holds the rooms."""

    root: Path

    def rooms(self) -> list[str]:
        """The rooms that are there, top first; without `ui` and `lib`."""
        return [room for room in STAIRS if room not in FREE and (self.root / room).is_dir()]

    def modules(self, *, tests: bool = False, migrations: bool = False) -> Iterator[Path]:
        """Python files of the rooms, `ui` and `lib`."""
        for step in STAIRS:
            for path in sorted((self.root / step).rglob("*.py")):
                inside = path.relative_to(self.root / step).parts
                if ("tests" not in inside or tests) and ("migrations" not in inside or migrations):
                    yield path

    def templates(self) -> Iterator[Path]:
        for step in STAIRS:
            yield from sorted((self.root / step / "templates").rglob("*.html"))

    def room_of(self, path: Path) -> str:
        return path.relative_to(self.root).parts[0]

    def inside(self, path: Path) -> tuple[str, ...]:
        """The parts of a path below its room: `("views", "calls.py")`."""
        return path.relative_to(self.root).parts[1:]

    def name_of(self, path: Path) -> str:
        return str(path.relative_to(self.root))

    def tree(self, path: Path) -> ast.Module:
        return _parsed(path, path.stat().st_mtime_ns)

    def at(self, path: Path, node: ast.AST) -> str:
        return f"{self.name_of(path)}:{getattr(node, 'lineno', 1)}"


HOUSE = House(Path(tantam.__file__).parent)


def is_above(room: str, other: str) -> bool:
    """Whether `room` stands above `other` on the staircase."""
    return STAIRS.index(room) < STAIRS.index(other)


def parents_of(tree: ast.Module) -> dict[ast.AST, ast.AST]:
    return {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}


def decorator_name(decorator: ast.expr) -> str:
    """`operation` of `@operation`, `@operation(...)` and `@journal.operation`."""
    found = decorator.func if isinstance(decorator, ast.Call) else decorator
    if isinstance(found, ast.Attribute):
        return found.attr
    return found.id if isinstance(found, ast.Name) else ""


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
