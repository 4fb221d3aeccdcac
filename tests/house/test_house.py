"""The house rules a machine can hold."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver

import tantam
from tantam.accounts.door import door_of

CODE = Path(tantam.__file__).parent
STAIRS = (
    "desk", "exchange", "care", "knowledge", "records", "privacy", "patients",
    "accounts", "facility", "journal", "ui", "lib",
)  # fmt: skip
FACES = ("desk",)


def _modules() -> list[Path]:
    return [path for path in CODE.rglob("*.py") if "migrations" not in path.parts]


def _rooms() -> list[str]:
    return [room for room in STAIRS if (CODE / room).is_dir()]


def test_every_room_stands_on_the_staircase():
    folders = {path.name for path in CODE.iterdir() if path.is_dir() and (path / "__init__.py").exists()}
    assert folders - {"launch", "demo"} == set(STAIRS)


@pytest.mark.parametrize("face", FACES)
def test_faces_own_no_tables(face):
    assert list(apps.get_app_config(face).get_models()) == []


def test_foreign_keys_point_down_the_stairs():
    upward = []
    for model in apps.get_models():
        room = model._meta.app_label
        if room not in STAIRS or model._meta.model_name.endswith("event"):
            continue
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey):
                other = field.related_model._meta.app_label
                is_actor = other == "accounts" and room == "journal"
                if other in STAIRS and STAIRS.index(other) < STAIRS.index(room) and not is_actor:
                    upward.append(f"{model.__name__}.{field.name} → {other}")
    assert upward == []


def test_no_module_needs_scrolling_twice():
    long = {
        str(path.relative_to(CODE)): lines
        for path in _modules()
        if (lines := len(path.read_text().splitlines())) > 400
    }
    assert long == {}


def test_no_module_is_called_nothing():
    vague = [
        str(path)
        for path in _modules()
        if path.stem in {"utils", "helpers", "services", "managers", "common", "misc"}
    ]
    assert vague == []


def _operation_modules() -> Iterator[str]:
    for room in _rooms():
        if (CODE / room / "operations.py").exists():
            yield f"tantam.{room}.operations"
        elif (CODE / room / "operations").is_dir():
            package = importlib.import_module(f"tantam.{room}.operations")
            for module in pkgutil.iter_modules(package.__path__):
                yield f"tantam.{room}.operations.{module.name}"


def test_every_act_is_wrapped():
    bare = []
    for name in _operation_modules():
        module = importlib.import_module(name)
        for function_name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ != name or function_name.startswith("_"):
                continue
            takes_actor = "actor" in inspect.signature(inspect.unwrap(function)).parameters
            if (
                takes_actor
                and not getattr(function, "is_operation", False)
                and name != "tantam.journal.operations"
            ):
                bare.append(f"{name}.{function_name}")
    assert bare == []


def _views(patterns: list[URLPattern | URLResolver], namespace: str = "") -> Iterator[tuple[str, object]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = ":".join(part for part in (namespace, pattern.namespace) if part)
            yield from _views(pattern.url_patterns, inner)
        else:
            name = f"{namespace}:{pattern.name}" if namespace else str(pattern.name)
            yield name, pattern.callback


def test_every_view_has_a_door():
    open_to_nobody_knows = [
        name for name, view in _views(get_resolver().url_patterns) if door_of(view, name) is None
    ]
    assert open_to_nobody_knows == []


def test_every_room_with_personal_data_can_export_and_shred():
    """A10: what a room keeps about a patient can be given out and destroyed."""
    from tantam.patients.models import Patient
    from tantam.privacy.registries.personal_data import registered_rooms

    holding = set()
    for model in apps.get_models():
        room = model._meta.app_label
        if room not in STAIRS or model._meta.model_name.endswith("event"):
            continue
        if model is Patient or any(
            isinstance(field, models.ForeignKey) and field.related_model is Patient
            for field in model._meta.get_fields()
        ):
            holding.add(room)
    assert holding <= set(registered_rooms())


def _tree(path: Path) -> ast.Module:
    try:
        return ast.parse(path.read_text())
    except SystemError:
        # Python 3.11 miscounts its depth when another thread parses at the same moment.
        return ast.parse(path.read_text())


def test_a_save_names_its_fields():
    """`save()` without `update_fields` overwrites what another tab has just changed."""
    bare = []
    for path in _modules():
        if "tests" in path.parts or path.parts[-2] == "commands":
            continue
        for node in ast.walk(_tree(path)):
            if not (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "save"
            ):
                continue
            names = {keyword.arg for keyword in node.keywords}
            is_form = "commit" in names or (
                isinstance(node.func.value, ast.Name) and "form" in node.func.value.id
            )
            if not is_form and not names & {"update_fields", "force_insert"} and not node.args:
                bare.append(f"{path.relative_to(CODE)}:{node.lineno}")
    assert bare == []


def test_business_flow_uses_no_signals():
    users = [
        str(path.relative_to(CODE))
        for path in _modules()
        if any(word in path.read_text() for word in ("django.dispatch", "db.models.signals"))
    ]
    assert users == []


@pytest.mark.parametrize("room", _rooms())
def test_a_room_says_what_it_is_for(room):
    assert importlib.import_module(f"tantam.{room}").__doc__
