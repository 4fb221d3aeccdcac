"""A real server is looked at before it is used; what it lacks is named with what mends it."""

import os

import psycopg
import pytest
from psycopg import sql

from tantam.launch import database
from tantam.launch.cluster import OWNER, SUPERUSER, Cluster
from tantam.launch.places import Installation
from tantam.launch.voice import Trouble


@pytest.fixture(scope="module")
def server(shared_place):
    data = shared_place
    Installation(data=data / "d").make_folders()
    cluster = Cluster(data / "d", throw_away=True)
    cluster.start()
    database.prepare_embedded(cluster)
    yield cluster
    cluster.stop()


def as_superuser(server, statement, *, database="postgres"):
    with psycopg.connect(server.url(role=SUPERUSER, database=database), autocommit=True) as connection:
        connection.execute(sql.SQL(statement))


def test_a_server_that_lacks_nothing_is_accepted(server):
    database.prepare_real(server.url(role=OWNER))


def test_extensions_are_made_where_the_right_is_there(server):
    as_superuser(server, "CREATE DATABASE fresh OWNER tantam")

    database.prepare_real(server.url(database="fresh"))

    with psycopg.connect(server.url(database="fresh")) as connection:
        present = {row[0] for row in connection.execute("SELECT extname FROM pg_extension")}
    assert set(database.EXTENSIONS) <= present


def test_a_right_that_is_missing_is_named(server):
    as_superuser(server, "CREATE DATABASE closed")

    with pytest.raises(Trouble, match="GRANT CREATE ON SCHEMA public"):
        database.prepare_real(server.url(database="closed"))


def test_an_extension_that_may_not_be_made_is_named(server):
    as_superuser(server, "CREATE DATABASE poor")
    as_superuser(server, "GRANT CREATE ON SCHEMA public TO tantam", database="poor")

    with pytest.raises(Trouble, match="CREATE EXTENSION pg_trgm"):
        database.prepare_real(server.url(database="poor"))


def test_another_encoding_is_named(server):
    as_superuser(
        server, "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0 LOCALE_PROVIDER libc"
    )

    with pytest.raises(Trouble, match="UTF8 is needed"):
        database.prepare_real(server.url(role=SUPERUSER, database="latin"))


def test_a_server_that_does_not_answer_is_named():
    with pytest.raises(Trouble, match="does not answer"):
        database.prepare_real("postgresql://nobody@127.0.0.1:1/none")


def test_the_environment_decides_which_server(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/")
    assert database.real_server() == "postgresql://elsewhere/"
    monkeypatch.delenv("DATABASE_URL")
    assert database.real_server() == os.environ.get("DATABASE_URL", "")
