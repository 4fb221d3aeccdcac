"""The chain over the journal: what was sealed cannot change unseen, and nobody waits for it (D9)."""

from __future__ import annotations

import threading
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction

from tantam.journal.models import Entry, Seal
from tantam.journal.operations import record, record_many
from tantam.journal.queries.chain import Broken, examine
from tantam.journal.rules.chain import Link, absent_between
from tantam.journal.serving import head as heads
from tantam.journal.serving.keeper import seal_what_is_new
from tests.factories.patients import PatientFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def head_outside(tmp_path, settings):
    settings.DATA = tmp_path
    return tmp_path / "journal_head.json"


@pytest.fixture
def sealed(mai):
    """Ten entries in two seals."""
    patients = [PatientFactory() for _ in range(5)]
    for _ in range(2):
        record_many("test.patient:counted", patients, actor=mai, step=1)
        seal_what_is_new()
    return list(Entry.objects.order_by("pk"))


def as_owner(sql, *values):
    """What somebody with every right on the tables can do: the triggers hold them no more."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger"
            " WHERE tgrelid IN ('journal_entry'::regclass, 'journal_seal'::regclass)"
            " AND tgname LIKE 'pgtrigger_append_only%'"
        )
        held = cursor.fetchall()
        for table, trigger in held:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        cursor.execute(sql, values or None)
        for table, trigger in held:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")


def first_break():
    return examine(heads.kept_head()).broken


def test_what_nobody_touched_is_unbroken(sealed):
    found = examine(heads.kept_head())

    assert found.broken is None
    assert (found.seals, found.entries, found.unsealed) == (2, len(sealed), 0)


def test_a_changed_entry_is_named(sealed):
    as_owner("UPDATE journal_entry SET details = '{\"step\": 2}' WHERE id = %s", sealed[3].pk)

    assert first_break() == Broken("entry_changed", 1, sealed[3].pk)


@pytest.mark.parametrize("column", ["at", "event", "actor_id", "subject_id", "patient_id", "site_id"])
def test_nothing_an_entry_says_can_change(sealed, column):
    new = {"at": "now() + interval '1 us'", "event": "'other'", "actor_id": "NULL"}.get(column, "4711")
    as_owner(f"UPDATE journal_entry SET {column} = {new} WHERE id = %s", sealed[7].pk)

    broken = first_break()
    assert (broken.what, broken.entry) == ("entry_changed", sealed[7].pk)


def test_a_removed_entry_is_named(sealed):
    as_owner("DELETE FROM journal_entry WHERE id = %s", sealed[6].pk)

    broken = first_break()
    assert (broken.what, broken.entry) == ("entry_removed", sealed[6].pk)


def test_an_entry_put_in_afterwards_is_named(sealed, mai):
    with transaction.atomic():
        record("test.patient:never", PatientFactory(), actor=mai)
        transaction.set_rollback(True)
    record("test.patient:later", PatientFactory(), actor=mai)
    seal_what_is_new()
    gap = Seal.objects.order_by("-number").first().absent[0]
    # So long ago that nobody can still be writing it.
    as_owner("UPDATE journal_seal SET sealed_at = now() - interval '2 days'")
    as_owner(
        "INSERT INTO journal_entry (id, event, subject_type, details) VALUES (%s, 'forged', 'x', '{}')", gap
    )
    seal_what_is_new()

    broken = first_break()
    assert (broken.what, broken.entry) == ("entry_added", gap)


def test_an_emptied_journal_is_noticed(sealed):
    as_owner("DELETE FROM journal_entry")
    assert first_break().what == "entry_removed"

    as_owner("DELETE FROM journal_seal")
    assert first_break() == Broken("head_missing_seal", 1)


def test_a_cut_off_end_is_noticed_by_the_head_outside(sealed):
    last = Seal.objects.order_by("-number").first()
    as_owner("DELETE FROM journal_entry WHERE id > %s", last.after)
    as_owner("DELETE FROM journal_seal WHERE number = %s", last.number)

    assert examine(None).broken is None
    assert first_break() == Broken("head_missing_seal", last.number)


def test_a_removed_seal_is_noticed(sealed):
    as_owner("DELETE FROM journal_seal WHERE number = 1")

    assert first_break() == Broken("seal_missing", 1)


@pytest.mark.parametrize("column", ["digest", "upto", "absent"])
def test_a_changed_seal_is_noticed(sealed, column):
    new = {"digest": "sha256('x')", "upto": "upto - 1", "absent": "ARRAY[1, 1]::bigint[]"}[column]
    as_owner(f"UPDATE journal_seal SET {column} = {new} WHERE number = 1")

    assert first_break().number == 1


def test_a_chain_made_anew_without_the_key_does_not_fit(sealed, settings):
    """Whoever has the database and not the keys cannot work the digests out."""
    from tantam.lib import crypto

    as_owner("UPDATE journal_entry SET event = 'forged' WHERE id = %s", sealed[0].pk)
    as_owner("DELETE FROM journal_seal")
    crypto.reset_default_keyring(crypto.KeyRing({"k1": bytes(32)}, "k1", bytes(32)))
    try:
        while Seal.objects.extend():
            pass
        forged = examine(None)
        assert forged.broken is None
    finally:
        crypto.reset_default_keyring()

    assert first_break() is not None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_seal SET number = 9",
        "DELETE FROM journal_seal",
        "DELETE FROM journal_entry",
        "UPDATE journal_entry SET event = 'x'",
    ],
)
def test_the_database_refuses_it_to_everybody_else(sealed, statement):
    with pytest.raises(Exception, match="only added to"), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_head_is_for_its_owner_alone(sealed, head_outside):
    assert head_outside.stat().st_mode & 0o777 == 0o600


def test_the_command_says_where(sealed, head_outside):
    out = StringIO()
    call_command("check_journal", stdout=out)
    assert "unbroken" in out.getvalue()

    as_owner("UPDATE journal_entry SET event = 'forged' WHERE id = %s", sealed[2].pk)
    with pytest.raises(CommandError, match=f"entry {sealed[2].pk} is not what it was"):
        call_command("check_journal")


def test_a_missing_head_is_said_and_taken_again(sealed, head_outside):
    head_outside.unlink()
    with pytest.raises(CommandError, match="missing"):
        call_command("check_journal")

    call_command("check_journal", "--take-head", stdout=StringIO())
    call_command("check_journal", stdout=StringIO())


def test_gaps_are_kept_as_pairs():
    assert absent_between(0, [1, 2, 5, 9]) == (3, 4, 6, 8)
    assert absent_between(4, [5]) == ()
    assert list(Link(2, 4, 9, (6, 7), (3,)).ids()) == [3, 5, 8, 9]


@pytest.mark.django_db(transaction=True)
def test_who_writes_long_is_sealed_when_they_are_done(mai):
    """An id taken before a seal and committed after it is not lost, and nobody waits."""
    patient = PatientFactory()
    written, go_on = threading.Event(), threading.Event()

    def write_slowly():
        with transaction.atomic():
            record("test.patient:slow", patient, actor=mai)
            written.set()
            go_on.wait(10)
        connections.close_all()

    slow = threading.Thread(target=write_slowly)
    slow.start()
    assert written.wait(10)
    record("test.patient:quick", patient, actor=mai)
    assert seal_what_is_new() > 0
    go_on.set()
    slow.join()
    # Long after, as far as the clock is asked.
    as_owner("UPDATE journal_seal SET sealed_at = sealed_at - %s", timedelta(minutes=5))

    assert seal_what_is_new() == 1

    assert Seal.objects.order_by("-number").first().late == [Entry.objects.get(event="test.patient:slow").pk]
    assert first_break() is None
    assert seal_what_is_new() == 0


@pytest.mark.django_db(transaction=True)
def test_many_writers_and_two_sealers_leave_one_whole_chain(mai):
    patients = [PatientFactory() for _ in range(20)]
    stop = threading.Event()

    def write(number):
        for turn in range(15):
            with transaction.atomic():
                record_many("test.patient:counted", patients, actor=mai, by=number)
                transaction.set_rollback(turn % 5 == 4)
        connections.close_all()

    def seal():
        while not stop.is_set():
            seal_what_is_new()
        connections.close_all()

    writers = [threading.Thread(target=write, args=(number,)) for number in range(3)]
    sealers = [threading.Thread(target=seal) for _ in range(2)]
    for thread in [*writers, *sealers]:
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    for thread in sealers:
        thread.join()
    seal_what_is_new()

    found = examine(None)
    assert found.broken is None
    assert found.entries == Entry.objects.count()
    assert Entry.objects.filter(event="test.patient:counted").count() == 3 * 12 * 20
