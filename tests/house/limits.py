"""What there may be only so much of, and what there may be none of."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

from tests.house.tree import House

MOST_LINES = 400
VAGUE = frozenset({"utils", "helpers", "services", "managers", "common", "misc"})
# Files that stay in clear on a disk when a process dies.
_TEMPORARY = frozenset({
    "NamedTemporaryFile", "TemporaryFile", "SpooledTemporaryFile", "TemporaryDirectory", "mkstemp",
    "mkdtemp", "mktemp", "TemporaryFileUploadHandler", "TemporaryUploadedFile",
})  # fmt: skip


def long_modules(house: House) -> dict[str, int]:
    """A module that needs scrolling twice is two modules."""
    return {
        house.name_of(path): lines
        for path in house.modules(tests=True)
        if (lines := len(path.read_text().splitlines())) > MOST_LINES
    }


def vague_modules(house: House) -> list[str]:
    return [house.name_of(path) for path in house.modules(tests=True) if path.stem in VAGUE]


def temporary_files(house: House, besides: tuple[Path, ...] = ()) -> list[str]:
    """Every use of a file that the system keeps in clear: uploads and exports hold people's data."""
    found = []
    for path in (*house.modules(), *besides):
        for node in ast.walk(house.tree(path)):
            names: set[str] = set()
            if isinstance(node, ast.ImportFrom):
                names = {alias.name for alias in node.names}
            elif isinstance(node, ast.Attribute):
                names = {node.attr}
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                names = (
                    {node.value.rpartition(".")[2]} if "." in node.value and " " not in node.value else set()
                )
            for name in sorted(names & _TEMPORARY):
                where = house.name_of(path) if path.is_relative_to(house.root) else path.name
                found.append(f"{where}:{getattr(node, 'lineno', 1)} {name}")
    return found


def prepared_questions(house: House) -> dict[str, int]:
    """How many questions each room asks by `lib.prepared`."""
    used: Counter[str] = Counter()
    for path in house.modules():
        if house.room_of(path) == "lib":
            continue
        for node in ast.walk(house.tree(path)):
            if isinstance(node, ast.Call):
                called = node.func.value if isinstance(node.func, ast.Subscript) else node.func
                name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
                if name in {"Prepared", "read_prepared"}:
                    used[house.room_of(path)] += 1
    return dict(sorted(used.items()))


def anythings(house: House) -> dict[str, int]:
    """How often each room writes `Any`, where a type would say what is meant."""
    used: Counter[str] = Counter()
    for path in house.modules():
        for node in ast.walk(house.tree(path)):
            if (isinstance(node, ast.Name) and node.id == "Any") or (
                isinstance(node, ast.Attribute) and node.attr == "Any"
            ):
                used[house.room_of(path)] += 1
    return dict(sorted(used.items()))


def above(found: dict[str, int], written: dict[str, int]) -> dict[str, str]:
    """Where a number rose above the one written down; a room that is not written down may have none."""
    return {
        room: f"{number}, written down {written.get(room, 0)}"
        for room, number in found.items()
        if number > written.get(room, 0)
    }
