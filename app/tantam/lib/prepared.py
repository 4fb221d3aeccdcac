"""Questions asked on every page, whose SQL is worked out once, and planned by PostgreSQL once a connection.

Building a queryset and turning it into SQL costs a millisecond or more of processor time; on pages that people
live in, with a dozen questions each, that is most of the page. A `Prepared` does it once for each thread and
shape of its arguments, and then only sends the SQL with new values and makes the same model instances.
`read_prepared` is for SQL written by hand. Both bind values on the server, so that PostgreSQL parses and plans
a statement once for each connection instead of once for each page.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Generic, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.postgresql.base import DatabaseWrapper, ServerBindingCursor
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators

Row = TypeVar("Row", bound=Model)
Argument = int | date | Sequence[int]

_LARGE = 7_000_000_000_000_000_000
_EARLY = date(1700, 1, 1)


class _PreparingCursor(ServerBindingCursor):
    """Binds values on the server and has PostgreSQL keep the statement, for as long as the connection lives."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        return super().execute(query, params, **{"prepare": True, **options})  # type: ignore[misc]


def read_prepared(sql: str, values: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """All rows of a statement that pages ask again and again. Its text must come from a small, fixed set.

    PostgreSQL cannot guess the type of a value from `%s IS NULL` or from a bare `SELECT %s`: cast it there.
    """
    database = cast(DatabaseWrapper, connections[DEFAULT_DB_ALIAS])
    with _plain_cursor(database) if database.queries_logged else _preparing_cursor(database) as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _plain_cursor(database: DatabaseWrapper) -> Any:
    """For whoever reads the log of queries: psycopg does not keep the text of what it prepared."""
    return database.cursor()


def _preparing_cursor(database: DatabaseWrapper) -> Any:
    database.ensure_connection()
    factory = database.connection.cursor_factory
    database.connection.cursor_factory = _PreparingCursor
    try:
        return database.cursor()
    finally:
        database.connection.cursor_factory = factory


class NotPreparable(TypeError):
    """The queryset computes with its arguments, so their values cannot be put into ready SQL."""


class Prepared(Generic[Row]):
    """`Prepared(lambda patient_id, sites: Visit.objects.filter(patient=patient_id, site__in=sites))`.

    Called with ids, days or sequences of ids, answers a list of instances, with what `select_related` and
    `annotate` gave them. The arguments must reach the SQL as they are: `day - timedelta(days=3)` inside the
    queryset is refused with NotPreparable at the first call. `prefetch_related` is not followed. An empty
    sequence answers nothing without asking.
    """

    def __init__(self, build: Callable[..., QuerySet[Row]]) -> None:
        self.build = build
        self._kept = threading.local()

    def __call__(self, *arguments: Argument) -> list[Row]:
        if any(not isinstance(argument, int | date) and not argument for argument in arguments):
            return []
        shape = tuple(-1 if isinstance(argument, int | date) else len(argument) for argument in arguments)
        statements: dict[tuple[int, ...], _Statement] = self._kept.__dict__.setdefault("statements", {})
        statement = statements.get(shape)
        if statement is None:
            statement = statements[shape] = _Statement(self.build, arguments)
        return statement.rows(_flat(arguments))


class _Statement:
    """Ready SQL, where the arguments go in it, and how its rows become instances."""

    def __init__(self, build: Callable[..., QuerySet[Any]], arguments: Sequence[Argument]) -> None:
        first, second = _stand_ins(arguments, 0), _stand_ins(arguments, 1)
        query = build(*first).query
        self.compiler = query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, params = self.compiler.as_sql()
        _sql, other_params = build(*second).query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
        self.params = list(params)
        self.places = _places(params, other_params, _flat(first), _flat(second))
        columns = [column[0] for column in self.compiler.select[: self.compiler.col_count]]
        self.converters = self.compiler.get_converters(columns)
        info = self.compiler.klass_info
        self.model = info["model"]
        fields = info["select_fields"]
        self.start, self.end = fields[0], fields[-1] + 1
        self.names = [column[0].target.attname for column in self.compiler.select[self.start : self.end]]
        populators: Any = get_related_populators
        self.related = populators(info, self.compiler.select, DEFAULT_DB_ALIAS)
        self.annotations = list(self.compiler.annotation_col_map.items())

    def rows(self, values: Sequence[Any]) -> list[Any]:
        params = self.params.copy()
        for position, argument in self.places:
            params[position] = values[argument]
        found: Any = read_prepared(self.sql, params)
        if self.converters:
            found = self.compiler.apply_converters(found, self.converters)
        instances = []
        for row in found:
            instance = self.model.from_db(DEFAULT_DB_ALIAS, self.names, row[self.start : self.end])
            for populator in self.related:
                populator.populate(row, instance)
            for name, position in self.annotations:
                setattr(instance, name, row[position])
            instances.append(instance)
        return instances


def _flat(arguments: Sequence[Argument]) -> list[Any]:
    values: list[Any] = []
    for argument in arguments:
        values += [argument] if isinstance(argument, int | date) else list(argument)
    return values


def _stand_ins(arguments: Sequence[Argument], which: int) -> list[Any]:
    """Values that occur nowhere else, to be found again in the parameters."""
    number = 0
    stand_ins: list[Any] = []
    for argument in arguments:
        size = 1 if isinstance(argument, int | date) else len(argument)
        drawn = [2 * (number + offset) + which for offset in range(size)]
        number += size
        if isinstance(argument, date):
            stand_ins.append(_EARLY + timedelta(days=drawn[0]))
        elif isinstance(argument, int):
            stand_ins.append(_LARGE + drawn[0])
        else:
            stand_ins.append([_LARGE + one for one in drawn])
    return stand_ins


def _places(
    params: Sequence[Any], others: Sequence[Any], first: Sequence[Any], second: Sequence[Any]
) -> list[tuple[int, int]]:
    if len(params) != len(others):
        raise NotPreparable("the SQL depends on the values")
    places = []
    for position, (one, other) in enumerate(zip(params, others, strict=True)):
        if one == other:
            continue
        try:
            argument = list(first).index(one)
        except ValueError:
            raise NotPreparable(f"computes with an argument: {one!r}") from None
        if second[argument] != other:
            raise NotPreparable(f"computes with an argument: {one!r}")
        places.append((position, argument))
    return places
