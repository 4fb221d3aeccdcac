"""Thousands of rows at once: found by one array, inserted by COPY, updated from arrays.

Django writes every value of `IN (…)`, `bulk_create` and `bulk_update` into the statement itself, and spends
more time on that than PostgreSQL on the work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

import orjson
from django.db import connection, models
from django.utils import timezone

_PLAIN = (
    models.CharField,
    models.TextField,
    models.IntegerField,
    models.BooleanField,
    models.ForeignKey,
    models.DateTimeField,
    models.DateField,
    models.TimeField,
    models.DecimalField,
)
Prepare = Callable[[Any], Any]


@models.ForeignObject.register_lookup
@models.Field.register_lookup
class Among(models.Lookup[Any]):
    """`column__among=[…]`: like `__in`, with all values in one parameter."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY({_array_of(self.rhs)})", [*params, _one_text(self.rhs)]


_APART = "\x1f"


def _array_of(values: Iterable[Any]) -> str:
    numbers = all(isinstance(value, int) for value in values)
    return f"string_to_array(%s, '{_APART}'){'::bigint[]' if numbers else ''}"


def _one_text(values: Iterable[Any]) -> str:
    """All values as one text: psycopg would write a list value by value. No value of ours has the separator."""
    return _APART.join(str(value).replace(_APART, "") for value in values)


@cache
def _plan(model: type[models.Model]) -> tuple[str, str, list[tuple[str, Prepare | None, Callable[[], Any]]]]:
    """COPY statement, name of the id sequence, and for each column its name, preparation and default."""
    columns: list[tuple[str, Prepare | None, Callable[[], Any]]] = []
    names = ["id"]
    for field in model._meta.concrete_fields:
        if field.primary_key:
            continue
        names.append(connection.ops.quote_name(str(field.column)))
        columns.append((field.attname, _preparation(field), _default(field)))
    table = model._meta.db_table
    return f"COPY {table} ({', '.join(names)}) FROM STDIN", f"{table}_id_seq", columns


def _preparation(field: Any) -> Prepare | None:
    if type(field) in _PLAIN or type(field).__module__ == "django.db.models.fields":
        return None
    if isinstance(field, models.JSONField):
        return lambda value: orjson.dumps(value).decode()
    return lambda value: field.get_db_prep_save(value, connection)


def _default(field: Any) -> Callable[[], Any]:
    if field.has_default():
        default: Callable[[], Any] = field.get_default
        return default
    if isinstance(field, models.DateTimeField) and field.has_db_default():
        return timezone.now
    if field.null or not field.empty_strings_allowed:
        return lambda: None
    return lambda: ""


def insert_rows(model: type[models.Model], rows: Sequence[dict[str, Any]]) -> list[int]:
    """Insert rows given as {attribute name: value}; what is not given has its default. Answers their ids."""
    if not rows:
        return []
    statement, sequence, columns = _plan(model)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [sequence, len(rows)])
        ids: list[int] = [pk for (pk,) in cursor.fetchall()]
        defaults = {attname: default() for attname, _prepare, default in columns}
        with cursor.copy(statement) as copy:
            for pk, row in zip(ids, rows, strict=True):
                values: list[Any] = [pk]
                for attname, prepare, _default_of in columns:
                    value = row.get(attname, defaults[attname])
                    values.append(prepare(value) if prepare is not None and value is not None else value)
                copy.write_row(values)
    return ids


def update_rows(model: type[models.Model], rows: Iterable[models.Model], columns: Iterable[str]) -> None:
    """Write these columns of these rows as they are now, in one statement. Triggers see each row."""
    changed = list(rows)
    if not changed:
        return
    names, values, types = [], [], []
    by_name: dict[str, Any] = {}
    for one in model._meta.concrete_fields:
        by_name[one.name] = by_name[one.attname] = one
    for column in columns:
        field = by_name[column]
        prepare = _preparation(field)
        found = [getattr(row, field.attname) for row in changed]
        values.append([prepare(value) if prepare and value is not None else value for value in found])
        names.append(connection.ops.quote_name(field.column))
        types.append("jsonb" if isinstance(field, models.JSONField) else field.rel_db_type(connection))
    given = ", ".join(
        f"%s::text[]::{kind}[]" if kind == "jsonb" else f"%s::{kind}[]" for kind in ("bigint", *types)
    )
    settings = ", ".join(f"{name} = given.{name}" for name in names)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} kept SET {settings} FROM unnest({given}) AS given(id, {', '.join(names)})"
            " WHERE kept.id = given.id",
            [[row.pk for row in changed], *values],
        )
