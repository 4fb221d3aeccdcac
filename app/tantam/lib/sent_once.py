"""A form that creates names its sending; the same sending, once more or at the same moment, creates nothing."""

from __future__ import annotations

from typing import Final, TypeVar
from uuid import UUID

from django.db import connection, models

Row = TypeVar("Row", bound=models.Model)
_SENDINGS: Final = 0x5E4D


def made_by(rows: models.QuerySet[Row], submission: UUID | None) -> Row | None:
    """Of `rows`, which are searched by their `submission`, the one this sending made before; None for a new one.

    To be asked inside the transaction that creates: whoever brings the same sending at the same moment waits here
    until that transaction has ended.
    """
    if submission is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_SENDINGS, submission.int % 2**31])
    return rows.filter(submission=submission).first()
