"""What a part of a run makes and changes, gathered while it is written, so that it can be undone (B5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import models

Change = tuple[str, int, dict[str, Any], dict[str, Any]]


class Trace:
    """The rows one batch made, by model, and the columns it changed, before and after."""

    def __init__(self) -> None:
        self.made: dict[str, list[int]] = defaultdict(list)
        self._before: dict[tuple[str, int], dict[str, Any]] = {}
        self._after: dict[tuple[str, int], dict[str, Any]] = {}

    def makes(self, model: type[models.Model], ids: Iterable[int]) -> None:
        self.made[model._meta.label_lower] += ids

    def changes(self, row: models.Model, column: str, before: Any, after: Any) -> None:
        self.changes_in(type(row), int(row.pk), column, before, after)

    def changes_in(self, model: type[models.Model], pk: int, column: str, before: Any, after: Any) -> None:
        key = model._meta.label_lower, pk
        self._before.setdefault(key, {}).setdefault(column, before)
        self._after.setdefault(key, {})[column] = after

    def add(self, other: Trace) -> None:
        for name, ids in other.made.items():
            self.made[name] += ids
        for key, columns in other._before.items():
            self._before.setdefault(key, {}).update(columns)
        for key, columns in other._after.items():
            self._after.setdefault(key, {}).update(columns)

    @property
    def changed(self) -> list[Change]:
        return [(name, pk, before, self._after[name, pk]) for (name, pk), before in self._before.items()]
