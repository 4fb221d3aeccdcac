"""The database an installation works on: the embedded one, or the real server `DATABASE_URL` names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import LiteralString
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql

from tantam.launch.cluster import DATABASE, OWNER, SUPERUSER, USER, Cluster
from tantam.launch.places import Installation
from tantam.launch.voice import Trouble

EXTENSIONS = ("pg_trgm", "unaccent", "btree_gist", "btree_gin")
OLDEST = 15


def real_server() -> str:
    """The address in `DATABASE_URL`; empty when the embedded server is to be used."""
    return os.environ.get("DATABASE_URL", "")


def owner_of_real_server() -> str:
    """The address in `DATABASE_OWNER_URL`, for migrations; empty when there is none."""
    return os.environ.get("DATABASE_OWNER_URL", "")


@dataclass(frozen=True)
class Database:
    """A database ready for the product."""

    url: str
    """For the product: rows."""
    owner_url: str
    """For migrations: tables. The same as `url` where a real server was given one role for both."""
    cluster: Cluster | None = None

    @property
    def user(self) -> str:
        """The role the product signs in as."""
        return unquote(urlsplit(self.url).username or "")

    @property
    def has_two_roles(self) -> bool:
        return unquote(urlsplit(self.owner_url).username or "") != self.user


@contextmanager
def available(
    installation: Installation, *, alone: bool = False, may_create_databases: bool = False
) -> Iterator[Database]:
    """Have a prepared database for as long as the block runs.

    With `may_create_databases` the owner may make others beside it, as benchmarks and tests do; both addresses are
    the owner's then.
    """
    if url := real_server():
        owner_url = owner_of_real_server() or url
        prepare_real(owner_url)
        yield Database(owner_url if may_create_databases else url, owner_url)
        return
    cluster = Cluster(installation.data)
    try:
        cluster.start(alone=alone)
        prepare_embedded(cluster, may_create_databases=may_create_databases)
        owner_url = cluster.url(role=OWNER)
        yield Database(owner_url if may_create_databases else cluster.url(), owner_url, cluster)
    finally:
        cluster.stop()


def prepare_embedded(cluster: Cluster, *, may_create_databases: bool = False) -> None:
    """Give the product its two roles, its database and the extensions; what is there is left alone."""
    try:
        with psycopg.connect(cluster.url(role=OWNER), autocommit=True) as connection:
            may_create = _may_create(connection) >= may_create_databases
            if not _missing_extensions(connection) and may_create and _exists(connection, *_THE_USER):
                return
    except psycopg.OperationalError:
        pass
    with psycopg.connect(cluster.url(role=SUPERUSER, database="postgres"), autocommit=True) as connection:
        _have_role(connection, USER, "LOGIN NOCREATEDB", cluster.password(USER))
        owners = "LOGIN CREATEDB" if may_create_databases else "LOGIN NOCREATEDB"
        _have_role(connection, OWNER, owners, cluster.password(OWNER))
        if not _exists(connection, "pg_database", "datname", DATABASE):
            statement = sql.SQL("CREATE DATABASE {} OWNER {}")
            connection.execute(statement.format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))
    databases = (DATABASE, "template1") if may_create_databases else (DATABASE,)
    for name in databases:
        with psycopg.connect(cluster.url(role=SUPERUSER, database=name), autocommit=True) as connection:
            for extension in _missing_extensions(connection):
                connection.execute(
                    sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension))
                )


_THE_USER: tuple[LiteralString, LiteralString, str] = ("pg_roles", "rolname", USER)


def _have_role(
    connection: psycopg.Connection[tuple[object, ...]], name: str, rights: LiteralString, password: str
) -> None:
    verb = sql.SQL("ALTER" if _exists(connection, "pg_roles", "rolname", name) else "CREATE")
    statement = sql.SQL("{} ROLE {} {} PASSWORD {}")
    connection.execute(statement.format(verb, sql.Identifier(name), sql.SQL(rights), sql.Literal(password)))


def renew_embedded(cluster: Cluster) -> None:
    """Throw the product's database away and give it an empty one."""
    with psycopg.connect(cluster.url(role=SUPERUSER, database="postgres"), autocommit=True) as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(DATABASE))
        )
    prepare_embedded(cluster)


def prepare_real(url: str) -> None:
    """See that the server at `url` (the owner's address) can carry the product; make the extensions it still lacks.

    Refuses with Trouble, naming what is missing (server, version, encoding, extension, right) and what mends it.
    """
    try:
        connection = psycopg.connect(url, autocommit=True, connect_timeout=10)
    except psycopg.Error as error:
        raise Trouble(
            f"The database in DATABASE_URL does not answer: {str(error).strip()}",
            "start the server, make the database (createdb) and the role, or correct DATABASE_URL",
        ) from error
    with connection:
        version = connection.info.server_version
        if version < OLDEST * 10_000:
            raise Trouble(
                f"The server in DATABASE_URL is PostgreSQL {version // 10_000}; {OLDEST} or newer is needed.",
                "upgrade the server (pg_upgrade)",
            )
        name = connection.info.dbname
        if (encoding := _value(connection, "SHOW server_encoding")) != "UTF8":
            raise Trouble(
                f"The database {name} is encoded as {encoding}; UTF8 is needed.",
                f"createdb --encoding=UTF8 --template=template0 {name}",
            )
        if not _value(connection, "SELECT has_schema_privilege('public', 'CREATE')"):
            raise Trouble(
                f"The role {connection.info.user} may not make tables in the database {name}.",
                f"psql {name} -c 'GRANT CREATE ON SCHEMA public TO \"{connection.info.user}\"'",
            )
        for extension in _missing_extensions(connection):
            _make_extension(connection, extension)


def _make_extension(connection: psycopg.Connection[tuple[object, ...]], extension: str) -> None:
    name = connection.info.dbname
    if not _exists(connection, "pg_available_extensions", "name", extension):
        raise Trouble(
            f"The extension {extension} is not installed on the database server.",
            "apt-get install postgresql-contrib   (on the server)",
        )
    try:
        connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
    except psycopg.errors.InsufficientPrivilege as error:
        raise Trouble(
            f"The role {connection.info.user} may not make the extension {extension} in the database {name}.",
            f"psql -U postgres {name} -c 'CREATE EXTENSION {extension}'",
        ) from error


def _may_create(connection: psycopg.Connection[tuple[object, ...]]) -> bool:
    return bool(_value(connection, "SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user"))


def _missing_extensions(connection: psycopg.Connection[tuple[object, ...]]) -> list[str]:
    present = {row[0] for row in connection.execute("SELECT extname FROM pg_extension")}
    return [extension for extension in EXTENSIONS if extension not in present]


def _exists(
    connection: psycopg.Connection[tuple[object, ...]],
    table: LiteralString,
    column: LiteralString,
    value: str,
) -> bool:
    query = sql.SQL("SELECT 1 FROM {} WHERE {} = %s").format(sql.Identifier(table), sql.Identifier(column))
    return connection.execute(query, [value]).fetchone() is not None


def _value(connection: psycopg.Connection[tuple[object, ...]], query: LiteralString) -> object:
    row = connection.execute(query).fetchone()
    return row[0] if row else None


def fingerprint(url: str) -> str:
    """What tells this database and its migrations from any other; empty while nothing was migrated."""
    with psycopg.connect(url, autocommit=True) as connection:
        if _value(connection, "SELECT to_regclass('django_migrations')") is None:
            return ""
        query = """
            SELECT concat_ws(':', (SELECT oid FROM pg_database WHERE datname = current_database()),
                             (SELECT string_agg(app || '.' || name, ',' ORDER BY id) FROM django_migrations))
        """
        return str(_value(connection, query))
