"""What a migration of a running hospital begins with."""

from __future__ import annotations

from django.db.migrations import RunSQL


def wait_briefly(seconds: int = 5) -> RunSQL:
    """The first step of a migration that alters a table people work with.

    Altering needs the table for itself. While it waits, everyone who comes after waits behind it; so it waits a
    few seconds, fails, and is run again at a quieter moment. The setting ends with the migration's transaction.
    """
    statement = f"SET LOCAL lock_timeout = '{int(seconds)}s'"
    return RunSQL(statement, reverse_sql=statement)
