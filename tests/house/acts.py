"""Acts: where they stand, and what a change to a row looks like."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.house.tree import House, decorator_name, functions

_HOME_OF_THE_DECORATOR = "journal"


def _is_operations(house: House, path: Path) -> bool:
    inside = house.inside(path)
    return inside[0] in {"operations.py", "operations"}


def acts_elsewhere(house: House) -> list[str]:
    """Every `@operation` stands in `operations`."""
    return [
        f"{house.at(path, function)} {function.name}"
        for path in house.modules()
        if not _is_operations(house, path)
        for function in functions(house.tree(path))
        if any(decorator_name(decorator) == "operation" for decorator in function.decorator_list)
    ]


def others_among_acts(house: House) -> list[str]:
    """Everything public in `operations` is an act: a function with `@operation`."""
    found = []
    for path in house.modules():
        if not _is_operations(house, path) or house.room_of(path) == _HOME_OF_THE_DECORATOR:
            continue
        for node in house.tree(path).body:
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                continue
            is_act = any(decorator_name(decorator) == "operation" for decorator in node.decorator_list)
            if not node.name.startswith("_") and not is_act:
                found.append(f"{house.at(path, node)} {node.name}")
    return found


def saves_of_everything(house: House) -> list[str]:
    """`save()` without `update_fields` overwrites what another tab has just changed."""
    bare = []
    for path in house.modules():
        if path.parts[-2] == "commands":
            continue
        for node in ast.walk(house.tree(path)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if node.func.attr != "save":
                continue
            names = {keyword.arg for keyword in node.keywords}
            is_form = "commit" in names or (
                isinstance(node.func.value, ast.Name) and "form" in node.func.value.id
            )
            if not is_form and not names & {"update_fields", "force_insert"} and not node.args:
                bare.append(house.at(path, node))
    return bare


def signals(house: House) -> list[str]:
    """Business flow goes by events of the journal, never by Django's signals."""
    return [
        house.name_of(path)
        for path in house.modules()
        if any(word in path.read_text() for word in ("django.dispatch", "db.models.signals"))
    ]


def reactions_without_a_name(house: House) -> list[str]:
    """A job waiting in the queue finds its reaction by name, so the name stays when the function moves."""
    found: list[str] = []
    seen: dict[str, str] = {}
    for path in house.modules():
        if house.room_of(path) == _HOME_OF_THE_DECORATOR:
            continue
        for function in functions(house.tree(path)):
            for decorator in function.decorator_list:
                if decorator_name(decorator) != "on" or not isinstance(decorator, ast.Call):
                    continue
                here = f"{house.at(path, function)} {function.name}"
                name = next((word.value for word in decorator.keywords if word.arg == "name"), None)
                if not isinstance(name, ast.Constant) or not isinstance(name.value, str) or not name.value:
                    found.append(f"{here} has no name")
                elif name.value in seen:
                    found.append(f"{here} has the name of {seen[name.value]}")
                else:
                    seen[name.value] = here
    return found
