"""Thousands of rows at once: found by one array, inserted by COPY, updated from arrays. The one home of both.

Django writes every value of `IN (…)`, `bulk_create` and `bulk_update` into the statement itself, and spends
more time on that than PostgreSQL on the work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from operator import itemgetter
from typing import Any, NamedTuple

import orjson
from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.utils import timezone
from psycopg.errors import NumericValueOutOfRange

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
        if not self.rhs:
            raise EmptyResultSet
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY({_array_of(self.rhs)})", [*params, _one_text(self.rhs)]


_APART = "\x1f"


def _array_of(values: Iterable[Any]) -> str:
    numbers = all(isinstance(value, int) for value in values)
    return f"string_to_array(%s, '{_APART}'){'::bigint[]' if numbers else ''}"


def _one_text(values: Iterable[Any]) -> str:
    """All values as one text: psycopg would write a list value by value. No value of ours has the separator."""
    texts = [str(value) for value in values]
    joined = _APART.join(texts)
    if joined.count(_APART) < len(texts):
        return joined
    return _APART.join(text.replace(_APART, "") for text in texts)


# What COPY is given for each kind of column. Its binary form takes half the time of its text on both sides.
_BINARY = {
    "bigint": "int8",
    "integer": "int4",
    "smallint": "int2",
    "boolean": "bool",
    "varchar": "varchar",
    "text": "text",
    "bytea": "bytea",
    "jsonb": "bytea",  # as written by `as_jsonb`
    "numeric": "numeric",
    "uuid": "uuid",
    "date": "date",
    "time": "time",
    "timestamp with time zone": "timestamptz",
}


def copy_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """COPY rows into a model's table, each its values in the order of `columns` (names of database columns), as
    their columns keep them: JSON as `as_jsonb` gives it, sealed values sealed. Answers how many there were.

    Rows may be made while they are copied, so that PostgreSQL stores one while Python makes the next. Whatever
    makes them must not ask the database: the connection is taken meanwhile.
    """
    types = _binary_types(model)
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    table = connection.ops.quote_name(model._meta.db_table)
    written = 0
    # COPY is psycopg's own: without this its refusals would not be Django's.
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT BINARY)") as copy,
    ):
        copy.set_types([types[column] for column in columns])
        for row in rows:
            copy.write_row(row)
            written += 1
    return written


@cache
def _binary_types(model: type[models.Model]) -> dict[str, str]:
    """What binary COPY is given for each column of a model."""
    return {
        str(field.column): _binary_type(str(field.rel_db_type(connection)))
        if field.primary_key
        else _binary_type(str(field.db_type(connection)))
        for field in model._meta.concrete_fields
    }


class _Plan(NamedTuple):
    """How rows of a model are copied in. `pick` takes the values of a whole row out of a dictionary."""

    columns: list[str]
    sequence: str
    defaults: dict[str, Callable[[], Any]]
    prepare: dict[str, Prepare]
    pick: Callable[[dict[str, Any]], tuple[Any, ...]]


@cache
def _plan(model: type[models.Model]) -> _Plan:
    columns = ["id"]
    defaults: dict[str, Callable[[], Any]] = {}
    prepare: dict[str, Prepare] = {}
    types = _binary_types(model)
    for field in model._meta.concrete_fields:
        if field.primary_key:
            continue
        column = str(field.column)
        columns.append(column)
        defaults[field.attname] = _default(field)
        preparation = as_jsonb if isinstance(field, models.JSONField) else _preparation(field)
        preparation = _LIMITED.get(types[column], preparation)
        if preparation is not None:
            prepare[field.attname] = preparation
    return _Plan(columns, f"{model._meta.db_table}_id_seq", defaults, prepare, itemgetter("id", *defaults))


def _binary_type(column: str) -> str:
    return _BINARY[column.partition("(")[0].removesuffix("[]")] + "[]" * column.endswith("[]")


def as_jsonb(value: Any) -> bytes:
    """The binary form of jsonb: its version, and the text."""
    return b"\x01" + orjson.dumps(value)


def _within(limit: int) -> Prepare:
    """Binary COPY would cut off what is too large for its column; as text PostgreSQL refuses it."""

    def checked(value: int) -> int:
        if not -limit <= value < limit:
            raise NumericValueOutOfRange
        return value

    return checked


_LIMITED = {"int2": _within(2**15), "int4": _within(2**31)}


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


def insert_rows(
    model: type[models.Model], rows: Iterable[dict[str, Any]], *, at_most: int | None = None
) -> list[int]:
    """Insert rows given as {attribute name: value}; what is not given has its default. Answers their ids.

    Rows may be made while they are copied (an iterator of `at_most` so many), so that PostgreSQL stores one while
    Python makes the next. Whatever makes them must not ask the database: the connection is taken meanwhile.
    """
    count = len(rows) if isinstance(rows, Sequence) else at_most or 0
    if not count:
        return []
    plan = _plan(model)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [plan.sequence, count])
        ids: list[int] = [pk for (pk,) in cursor.fetchall()]
    defaults = {name: _prepared(plan, name, default()) for name, default in plan.defaults.items()}
    prepare = list(plan.prepare.items())

    def whole_rows() -> Iterator[tuple[Any, ...]]:
        for pk, row in zip(ids, rows, strict=False):
            whole = {**defaults, **row, "id": pk}
            for name, prepared in prepare:
                if name in row and row[name] is not None:
                    whole[name] = prepared(row[name])
            yield plan.pick(whole)

    return ids[: copy_rows(model, plan.columns, whole_rows())]


def all_at_once(rows: models.QuerySet[Any, tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The rows of a `values_list` of plain columns, in one go: Django fetches them by the hundred."""
    try:
        statement, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _prepared(plan: _Plan, name: str, value: Any) -> Any:
    prepare = plan.prepare.get(name)
    return prepare(value) if prepare is not None and value is not None else value


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
