"""With two roles, as an installation runs: the journal's first break is named, and new keys reach everything."""

import sys
from contextlib import contextmanager

import psycopg
import pytest

from tantam.launch.cluster import SUPERUSER, Cluster

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc"),
]


@contextmanager
def as_superuser(hospital):
    with psycopg.connect(Cluster(hospital.data).url(role=SUPERUSER), autocommit=True) as connection:
        yield connection


def wait_until_sealed(connection, entry):
    for _ in range(200):
        (upto,) = connection.execute("SELECT coalesce(max(upto), 0) FROM journal_seal").fetchone()
        if upto >= entry:
            return
        connection.execute("SELECT pg_sleep(0.1)")
    raise AssertionError("the journal was not sealed")


def test_check_names_the_entry_that_was_changed_behind_its_back(hospital):
    with as_superuser(hospital) as ask:
        (entry,) = ask.execute(
            "INSERT INTO journal_entry (event, subject_type, details) VALUES ('t.t:done', 't.t', '{}') RETURNING id"
        ).fetchone()
        wait_until_sealed(ask, entry)
        ask.execute("SET session_replication_role = replica")
        ask.execute("UPDATE journal_entry SET event = 't.t:undone' WHERE id = %s", [entry])
        try:
            told = hospital.command("check", "--journal")
        finally:
            ask.execute("UPDATE journal_entry SET event = 't.t:done' WHERE id = %s", [entry])

    assert told.returncode
    assert f"entry {entry}" in told.stdout + told.stderr
    well = hospital.command("check", "--journal")
    assert f"entry {entry}" not in well.stdout + well.stderr


def test_new_keys_reach_tables_that_are_only_added_to(hospital):
    """The product's own role may not change them: the command runs as their owner."""
    with as_superuser(hospital) as ask:
        ask.execute(
            "INSERT INTO facility_organisation"
            " (name, short_name, hotline, time_zone, patient_code_prefix, idle_minutes)"
            " SELECT 'Bệnh viện', '', '', 'Asia/Ho_Chi_Minh', 'BN-', '{}'"
            " WHERE NOT EXISTS (SELECT FROM facility_organisation)"
        )
    done = hospital.command("manage", "rotate_keys", "--pause=0")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "are sealed with k" in done.stdout
