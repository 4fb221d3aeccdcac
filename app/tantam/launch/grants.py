"""What the product's database role may do: read and write rows, and nothing to the tables themselves.

Worked out from the tables as they are after each migration, so a new one needs no list:

- a kept history (pghistory) and every table whose own trigger refuses changes is read and added to, no more;
- every other table is read, added to, changed and deleted from;
- nothing is emptied (TRUNCATE), altered, owned or given a trigger, and no table, function or schema is made.

What destroys kept rows of one patient by order (A10) is a function of the owner that writes into the journal
what it did (`tantam_destroy_kept`).
"""

from __future__ import annotations

import psycopg
from psycopg import sql

# Tables, and what a trigger that does nothing but refuse forbids whatever the row: bit 8 is DELETE, 16 UPDATE.
_TABLES = r"""
SELECT c.relname,
       EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'pgh_id') AS is_history,
       coalesce((SELECT bit_or(t.tgtype::int) FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
                 WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgqual IS NULL
                   AND p.prosrc ~ 'END IF;\s*END IF;\s*RAISE EXCEPTION [^;]*;\s*END;\s*$'), 0) AS forbidden
FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
ORDER BY c.relname
"""
_DELETE, _UPDATE = 8, 16
_READ_ONLY = ("django_migrations",)


def rights_on(name: str, *, is_history: bool, forbidden: int) -> list[str]:
    """The rights on one table, by what it is and what its triggers forbid."""
    if name in _READ_ONLY:
        return ["SELECT"]
    rights = ["SELECT", "INSERT"]
    if not is_history and not forbidden & _UPDATE:
        rights.append("UPDATE")
    if not is_history and not forbidden & _DELETE:
        rights.append("DELETE")
    return rights


def apply(owner_url: str, user: str) -> None:
    """Give the role `user` exactly its rights in the database at `owner_url`; running it again changes nothing."""
    role = sql.Identifier(user)
    with psycopg.connect(owner_url) as connection:
        tables = connection.execute(_TABLES).fetchall()
        analyses = connection.info.server_version >= 170_000
        database = sql.Identifier(connection.info.dbname)
        for statement in (
            "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
            "GRANT CONNECT ON DATABASE {database} TO {role}",
            "REVOKE CREATE ON SCHEMA public FROM PUBLIC, {role}",
            "GRANT USAGE ON SCHEMA public TO {role}",
            "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {role}",
            "REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, {role}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        ):
            connection.execute(sql.SQL(statement).format(database=database, role=role))
        for name, is_history, forbidden in tables:
            rights = rights_on(name, is_history=is_history, forbidden=forbidden)
            if analyses and "UPDATE" in rights:
                rights.append("MAINTAIN")  # ANALYZE after large changes
            connection.execute(
                sql.SQL("GRANT {} ON {} TO {}").format(
                    sql.SQL(", ").join(map(sql.SQL, rights)), sql.Identifier("public", name), role
                )
            )


def problems(url: str) -> list[str]:
    """What the role of the address `url` may do beyond its work; empty when all is as it should be."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            """
            SELECT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user),
                   (SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace
                     AND relkind IN ('r', 'p') AND pg_has_role(relowner, 'USAGE')),
                   has_schema_privilege('public', 'CREATE'),
                   (SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace
                     AND relkind IN ('r', 'p') AND has_table_privilege(oid, 'TRUNCATE')),
                   coalesce(has_table_privilege(to_regclass('public.journal_entry'), 'UPDATE'), false)
            """
        ).fetchone()
    assert row is not None
    words = (
        "is a superuser",
        f"owns {row[1]} tables",
        "may make tables",
        f"may empty {row[3]} tables",
        "may change the journal",
    )
    return [word for word, found in zip(words, row, strict=True) if found]
