"""Views, templates and addresses."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver

from tests.house.tree import House, is_above

MOST_OF_A_LINE = 159

# What only a table's manager, a queryset or a row has. Words that dicts, lists and forms have too (`get`, `count`,
# `delete`, `first`, `save`) count only as a queryset or a row takes them.
_OF_TABLES = frozenset({"objects", "_default_manager", "_base_manager", "everyone", "raw_objects"})
_OF_QUERYSETS = frozenset({
    "filter", "exclude", "annotate", "aggregate", "alias", "select_related", "prefetch_related",
    "select_for_update", "values_list", "order_by", "distinct", "defer", "iterator", "in_bulk",
    "bulk_create", "bulk_update", "get_or_create", "update_or_create", "refresh_from_db", "aiterator",
    "aget", "all", "only", "dates", "datetimes",
})  # fmt: skip
_WITHOUT_ARGUMENTS = frozenset({"exists", "count", "first", "last", "earliest", "latest", "delete"})
_SHORTCUTS = frozenset({"get_object_or_404", "get_list_or_404"})
_OF_DATABASES = frozenset({"connection", "connections"})


def _is_view(house: House, path: Path) -> bool:
    return "views" in {part.removesuffix(".py") for part in house.inside(path)}


def tables_in_views(house: House) -> list[str]:
    """A view asks `access` and `queries`; it builds no query of its own."""
    found = []
    for path in house.modules():
        if not _is_view(house, path) or house.room_of(path) in {"ui", "lib"}:
            continue
        asked = {
            (getattr(node, "lineno", 0), word) for node in ast.walk(house.tree(path)) if (word := _asks(node))
        }
        found += [f"{house.name_of(path)}:{line} {word}" for line, word in sorted(asked)]
    return found


def _asks(node: ast.AST) -> str:
    if isinstance(node, ast.ImportFrom):
        module = node.module or ""
        names = {alias.name for alias in node.names}
        if module.startswith("django.db.models") and names - {"QuerySet", "Model"}:
            return f"imports {module}"
        if module == "django.db" and names & _OF_DATABASES:
            return "imports django.db"
        return next((f"imports {name}" for name in sorted(names & _SHORTCUTS)), "")
    if isinstance(node, ast.Attribute) and node.attr in _OF_TABLES:
        return f".{node.attr}"
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return ""
    called, owner = node.func.attr, node.func.value
    if called in _OF_QUERYSETS:
        return f".{called}()"
    if called in _WITHOUT_ARGUMENTS and not node.args and not node.keywords:
        return f".{called}()"
    if called == "get" and node.keywords:
        return ".get(…=…)"
    is_form = isinstance(owner, ast.Name) and "form" in owner.id
    if called == "save" and not is_form and any(word.arg == "update_fields" for word in node.keywords):
        return ".save()"
    return ""


# Addresses

_ADDRESS = re.compile(r"^([a-z][a-z_]*):([a-z][\w-]*)$")
_IN_TEMPLATE = re.compile(r"""["']([a-z][a-z_]*):([a-z][\w-]*)["']""")


def namespaces(house: House) -> dict[str, str]:
    """Who owns a URL namespace: the room with `app_name = "…"` in a file of its own."""
    owners = {}
    for path in house.modules():
        if path.stem != "urls" and "urls" not in house.inside(path):
            continue
        for node in house.tree(path).body:
            if (
                isinstance(node, ast.Assign)
                and any(isinstance(target, ast.Name) and target.id == "app_name" for target in node.targets)
                and isinstance(node.value, ast.Constant)
            ):
                owners[str(node.value.value)] = house.room_of(path)
    return owners


def addresses_above(house: House) -> list[str]:
    """A room names its own pages and those below; pages above it are asked of `tantam.ui.links`."""
    owners = namespaces(house)
    found = []
    for path in house.modules():
        room = house.room_of(path)
        for node in ast.walk(house.tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                match = _ADDRESS.match(node.value)
                if match and match[1] in owners and is_above(owners[match[1]], room):
                    found.append(f"{house.at(path, node)} {node.value}")
    for path in house.templates():
        room = house.room_of(path)
        found += [
            f"{house.name_of(path)}:{number} {match[1]}:{match[2]}"
            for number, line in enumerate(path.read_text().splitlines(), 1)
            for match in _IN_TEMPLATE.finditer(line)
            if match[1] in owners and is_above(owners[match[1]], room)
        ]
    return found


_LINK = re.compile(r"""{%\s*link\s+["']([\w-]+)["']""")


def links_asked(house: House) -> dict[str, str]:
    """Every name asked of `tantam.ui.links` in words, with one place that asks."""
    asked: dict[str, str] = {}
    for path in house.modules():
        for node in ast.walk(house.tree(path)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "url"
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "links"
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                asked[str(node.args[0].value)] = house.at(path, node)
    for path in house.templates():
        for name in _LINK.findall(path.read_text()):
            asked[name] = house.name_of(path)
    return asked


def long_lines(house: House) -> list[str]:
    """A template line stays under 160 characters."""
    return [
        f"{house.name_of(path)}:{number}"
        for path in house.templates()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > MOST_OF_A_LINE
    ]


# Views as Django knows them

Patterns = list[URLPattern | URLResolver]


def views(patterns: Patterns, namespace: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every (URL name, view) of a URLconf."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = ":".join(part for part in (namespace, pattern.namespace) if part)
            yield from views(pattern.url_patterns, inner)
        else:
            name = f"{namespace}:{pattern.name}" if namespace else str(pattern.name)
            yield name, pattern.callback


@cache
def methods_of(view: Callable[..., Any]) -> frozenset[str] | None:
    """The HTTP methods a view declares by `require_GET`, `require_POST`, `require_http_methods`; None for none."""
    layer: Any = view
    while layer is not None:
        if inspect.isfunction(layer) and "request_method_list" in layer.__code__.co_freevars:
            declared = inspect.getclosurevars(layer).nonlocals["request_method_list"]
            return frozenset(declared)
        layer = getattr(layer, "__wrapped__", None)
    return None


def views_for_any_method(patterns: Patterns) -> list[str]:
    """Our views say which methods they answer: a page that changes something is never opened by a link."""
    return sorted(
        name
        for name, view in views(patterns)
        if str(getattr(view, "__module__", "")).startswith("tantam.") and methods_of(view) is None
    )
