"""The role the product signs in as reads and writes rows; it changes no table and nothing that is kept for good."""

import sys

import psycopg
import pytest

from tantam.launch import grants
from tantam.launch.cluster import OWNER, SUPERUSER, Cluster

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc"),
]
ADDED_TO = (
    "journal_entry",
    "journal_seal",
    "privacy_consent",
    "privacy_consenttext",
    "privacy_consentevidence",
)


def key_of(table):
    return "number" if table == "journal_seal" else "id"


@pytest.fixture
def as_the_product(hospital):
    with psycopg.connect(Cluster(hospital.data).url()) as connection:
        yield connection
        connection.rollback()


@pytest.mark.parametrize(
    "statement",
    [
        *(f"UPDATE {table} SET {key_of(table)} = {key_of(table)}" for table in ADDED_TO),
        *(f"DELETE FROM {table}" for table in ADDED_TO),
        *(f"TRUNCATE {table}" for table in ADDED_TO),
        "UPDATE patients_patientevent SET pgh_id = pgh_id",
        "DELETE FROM records_encounterevent",
        "TRUNCATE patients_contactpointevent",
        "ALTER TABLE journal_entry DISABLE TRIGGER ALL",
        "CREATE TRIGGER t BEFORE INSERT ON journal_entry FOR EACH ROW EXECUTE FUNCTION tsvector_update_trigger()",
        "DROP TABLE journal_entry",
        "TRUNCATE patients_patient CASCADE",
        "CREATE TABLE note (id int)",
        "CREATE TEMPORARY TABLE note (id int)",
        "CREATE SCHEMA mine",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "SET ROLE tantam_owner",
        "SET session_replication_role = replica",
        "DELETE FROM django_migrations",
    ],
)
def test_what_is_not_its_work_is_refused(as_the_product, statement):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_the_product.execute(statement)


def test_a_grant_nobody_had_to_give_gives_nothing(as_the_product):
    as_the_product.execute("GRANT ALL ON journal_entry TO CURRENT_USER")  # PostgreSQL only warns
    as_the_product.execute("SELECT set_config('pgtrigger.ignore', '{journal_entry:%}', true)")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_the_product.execute("DELETE FROM journal_entry")


def test_its_work_is_allowed(as_the_product):
    ask = as_the_product.execute
    ask("INSERT INTO journal_entry (event, subject_type, details) VALUES ('t', 't', '{}')")
    ask("UPDATE patients_patient SET full_name = full_name")
    ask("SELECT nextval('patients_code')")
    ask("ANALYZE care_caretask")
    (job,) = ask(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args) VALUES ('q', 't', 0, '{}') RETURNING id"
    ).fetchone()
    ask("SELECT procrastinate_fetch_job_v2('{q}', NULL)")
    ask("DELETE FROM procrastinate_events WHERE job_id = %s", [job])
    ask("NOTIFY tantam_live, 'x'")


def test_kept_history_goes_with_its_patient_alone_and_leaves_an_entry(hospital, as_the_product):
    as_the_product.execute("SELECT tantam_destroy_kept('records_encounterevent', 1)")
    for other in ("journal_entry", "patients_patient", "accounts_member", "pg_catalog.pg_class"):
        as_the_product.rollback()
        with pytest.raises(psycopg.errors.RaiseException, match="keeps nothing"):
            as_the_product.execute("SELECT tantam_destroy_kept(%s::regclass, 1)", [other])


def test_rights_given_again_are_the_same(hospital):
    cluster = Cluster(hospital.data)
    rights = "SELECT relname, relacl::text FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY relname"

    def now():
        with psycopg.connect(cluster.url(role=OWNER)) as connection:
            return connection.execute(rights).fetchall()

    before = now()
    grants.apply(cluster.url(role=OWNER), "tantam")

    assert now() == before
    assert grants.problems(cluster.url()) == []
    assert "is a superuser" in grants.problems(cluster.url(role=SUPERUSER))
    assert "may make tables" in grants.problems(cluster.url(role=OWNER))


def test_the_owners_secrets_lie_apart(hospital):
    assert {path.name for path in (hospital.data / "owner").iterdir()} >= {
        "postgres_password",
        "tantam_owner_password",
    }
    assert not [path.name for path in (hospital.data / "keys").iterdir() if "owner" in path.name]


@pytest.mark.parametrize(
    ("is_history", "forbidden", "rights"),
    [
        (False, 0, ["SELECT", "INSERT", "UPDATE", "DELETE"]),
        (True, 0, ["SELECT", "INSERT"]),
        (False, 8, ["SELECT", "INSERT", "UPDATE"]),
        (False, 16, ["SELECT", "INSERT", "DELETE"]),
        (False, 24, ["SELECT", "INSERT"]),
    ],
)
def test_what_a_trigger_refuses_is_not_granted_either(is_history, forbidden, rights):
    assert grants.rights_on("any", is_history=is_history, forbidden=forbidden) == rights


def test_the_list_of_migrations_is_read_alone():
    assert grants.rights_on("django_migrations", is_history=False, forbidden=0) == ["SELECT"]
