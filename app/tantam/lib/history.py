"""Kept rows nobody may delete, and the one way they go: with the person they tell of (A10)."""

from __future__ import annotations

from django.db import connection


def destroy_kept(table: str, patient_id: int) -> int:
    """Destroy what `table` keeps of a patient; answers how many rows went.

    The product's database role may not delete from such tables. A function of their owner does, for one patient at a
    time, and writes into the journal which table lost how many rows.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT tantam_destroy_kept(%s::regclass, %s)", [table, patient_id])
        (gone,) = cursor.fetchone()
    return int(gone)
