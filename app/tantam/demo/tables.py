"""Rows collected in memory, numbered in the order of time, written by COPY."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models.fields import NOT_PROVIDED

from tantam.lib.bulk import as_jsonb, copy_rows
from tantam.lib.fields import EncryptedTextField


class Row(dict[str, Any]):
    """The columns of one row by field name; another Row stands for its number, known once all are numbered."""

    __slots__ = ("id", "label")

    def __init__(self, label: str, values: dict[str, Any]) -> None:
        super().__init__(values)
        self.id = 0
        self.label = label

    def __hash__(self) -> int:  # type: ignore[override]
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other


class Table:
    """The rows of one model. `order` says in which order they are numbered: as they came about."""

    def __init__(self, model: type[models.Model], order: Callable[[Row], Any] | None = None) -> None:
        self.model = model
        self.order = order
        self.rows: list[Row] = []

    def add(self, **values: Any) -> Row:
        row = Row(self.model._meta.label_lower, values)
        self.rows.append(row)
        return row

    @property
    def name(self) -> str:
        return self.model._meta.db_table

    def number(self) -> None:
        """Give every row its number, after those already in the database."""
        if self.order is not None:
            self.rows.sort(key=self.order)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COALESCE(max(id), 0) FROM {self.name}")
            start = cursor.fetchone()[0]
        for number, row in enumerate(self.rows, start + 1):
            row.id = number

    def write(self) -> None:
        """COPY the rows. A column no row names takes the database's default."""
        if not self.rows:
            return
        fields = [field for field in self.model._meta.concrete_fields if self._is_written(field)]
        readers = [_reader(field) for field in fields]
        columns = [str(field.column) for field in fields]
        copy_rows(self.model, columns, ([read(row) for read in readers] for row in self.rows))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), (SELECT max(id) FROM " + self.name + "))",
                [self.name],
            )

    def _is_written(self, field: models.Field[Any, Any]) -> bool:
        by_database = getattr(field, "db_default", NOT_PROVIDED) is not NOT_PROVIDED
        return not by_database or any(field.name in row for row in self.rows)


def digest_of(tables: Iterable[Table]) -> str:
    """The same for the same rows in the same order; sealed columns count by what they hold."""
    tables = list(tables)
    for table in tables:
        table.number()
    total = hashlib.sha256()
    for table in tables:
        total.update(table.name.encode())
        for row in table.rows:
            plain = {name: _with_numbers(value) for name, value in row.items() if name not in UNREPEATABLE}
            total.update(f"{row.id}{sorted(plain.items())}".encode())
    return total.hexdigest()


# Salted, or made with keys of the installation.
UNREPEATABLE = frozenset({"password", "identity_index", "insurance_index", "value_index", "tail_index"})


def _reader(field: models.Field[Any, Any]) -> Callable[[Row], Any]:
    if field.primary_key:
        return lambda row: row.id
    name = field.name
    default = _default(field)
    if isinstance(field, models.ForeignKey):
        return lambda row: _number_of(row.get(name))
    if isinstance(field, EncryptedTextField):
        seal = field.seal
        return lambda row: seal(row.get(name, default))
    if isinstance(field, models.JSONField):
        return lambda row: as_jsonb(_with_numbers(row[name] if name in row else default()))
    if isinstance(field, ArrayField):
        return lambda row: list(row.get(name, ()))
    if isinstance(field, models.BigIntegerField):
        return lambda row: _number_of(row.get(name, default))
    return lambda row: row.get(name, default)


def _default(field: models.Field[Any, Any]) -> Any:
    if isinstance(field, models.JSONField):
        return field.get_default
    if field.has_default():
        return field.get_default()
    return None if field.null else ""


def _number_of(value: Any) -> Any:
    return value.id if isinstance(value, Row) else getattr(value, "pk", value)


def _with_numbers(value: Any) -> Any:
    """The value with numbers in the places of rows, at any depth."""
    if isinstance(value, Row):
        return value.id
    if isinstance(value, dict):
        return {name: _with_numbers(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_with_numbers(item) for item in value]
    return value
