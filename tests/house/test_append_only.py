"""What is kept for good is only added to: the database refuses anything else, whoever asks (D9, A10)."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from tantam.journal.models import Entry, Seal
from tantam.privacy.models import Consent, ConsentEvidence, ConsentText

KEPT = [
    model
    for model in apps.get_models()
    if any(trigger.name == "append_only" for trigger in getattr(model._meta, "triggers", ()))
]
HISTORIES = [model for model in apps.get_models() if getattr(model, "pgh_tracked_model", None)]

pytestmark = pytest.mark.django_db


def test_all_that_is_kept_for_good_says_so():
    assert {Entry, Seal, Consent, ConsentText, ConsentEvidence} <= set(KEPT)
    assert set(HISTORIES) <= set(KEPT)
    assert len(HISTORIES) >= 8


@pytest.mark.parametrize("model", KEPT, ids=lambda model: model._meta.db_table)
@pytest.mark.parametrize(
    "statement", ["UPDATE {table} SET {key} = {key}", "DELETE FROM {table}", "TRUNCATE {table} CASCADE"]
)
def test_the_database_refuses_to_change_delete_and_empty_it(model, statement):
    """Also an empty table, and also its owner: the triggers look at the statement."""
    words = statement.format(table=model._meta.db_table, key=model._meta.pk.column)
    with (
        pytest.raises(DatabaseError, match=r"only added to|cannot be emptied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(words)


def test_every_one_of_its_triggers_is_in_force():
    """None was switched off in the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, count(*) FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
            " AND (tgname LIKE %s OR tgname LIKE %s) GROUP BY relname",
            ["%append_only%", "%never_emptied%"],
        )
        found = dict(cursor.fetchall())
    assert {model._meta.db_table: found.get(model._meta.db_table) for model in KEPT} == {
        model._meta.db_table: 2 for model in KEPT
    }
    assert all(
        {"append_only", "never_emptied"} <= {trigger.name for trigger in model._meta.triggers}
        for model in KEPT
    )
