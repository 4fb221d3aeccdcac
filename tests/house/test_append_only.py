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
    table = model._meta.db_table
    words = statement.format(table=table, key=model._meta.pk.column)
    with connection.cursor() as cursor:
        # It rests in test runs, because tests with a live server empty all tables between them.
        cursor.execute(f'ALTER TABLE {table} ENABLE TRIGGER "{_triggers(table)["never_emptied"]}"')
    with (
        pytest.raises(DatabaseError, match=r"only added to|cannot be emptied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(words)


def _triggers(table: str) -> dict[str, str]:
    """What the database itself has on a table: the trigger's name by ours."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [table]
        )
        names = [name for (name,) in cursor.fetchall()]
    return {ours: name for name in names for ours in ("append_only", "never_emptied") if f"_{ours}_" in name}


def test_every_kept_table_has_both_triggers_in_the_database():
    assert {
        model._meta.db_table: set(_triggers(model._meta.db_table))
        for model in KEPT
        if set(_triggers(model._meta.db_table)) != {"append_only", "never_emptied"}
    } == {}
