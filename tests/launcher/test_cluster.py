"""The embedded PostgreSQL survives whatever happens to the launcher that started it."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import psycopg
import pytest

from tantam.launch import database
from tantam.launch.cluster import OWNER, Cluster
from tantam.launch.places import CODE, Installation
from tantam.launch.voice import Trouble


@pytest.fixture
def data(place):
    folder = place / "d"
    Installation(data=folder).make_folders()
    return folder


@contextmanager
def running(data, *, throw_away=True):
    cluster = Cluster(data, throw_away=throw_away)
    try:
        cluster.start()
        database.prepare_embedded(cluster)
        yield cluster
    finally:
        cluster.stop()


def ask(cluster, query):
    with psycopg.connect(cluster.url(role=OWNER)) as connection:
        return connection.execute(query).fetchone()[0]


def test_what_was_stored_is_there_at_the_next_start(data):
    with running(data) as cluster, psycopg.connect(cluster.url(role=OWNER)) as connection:
        connection.execute("CREATE TABLE note AS SELECT 'kept' AS word")

    with running(data) as cluster:
        assert ask(cluster, "SELECT word FROM note") == "kept"


def test_the_product_is_no_superuser_and_has_its_extensions(data):
    with running(data) as cluster:
        assert ask(cluster, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        assert ask(cluster, "SELECT count(*) FROM pg_extension") >= len(database.EXTENSIONS)


def test_vietnamese_letters_have_their_small_forms(data):
    with running(data) as cluster:
        assert ask(cluster, "SELECT lower('NGUYỄN THỊ ĐÀO')") == "nguyễn thị đào"


def test_a_password_is_asked_for(data):
    with running(data) as cluster:
        url = cluster.url().replace(cluster.password("tantam"), "wrong")
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(url)


def test_a_cluster_left_half_made_is_made_anew(data):
    unfinished = data / "postgres.unfinished"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18")

    with running(data) as cluster:
        assert ask(cluster, "SELECT 1") == 1


def test_a_note_of_a_process_that_is_someone_else_now_is_forgotten(data):
    with running(data):
        pass
    (data / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{data}/postgres\n")

    with running(data) as cluster:
        assert ask(cluster, "SELECT 1") == 1


def test_data_of_another_version_is_named_not_touched(data):
    with running(data):
        pass
    (data / "postgres" / "PG_VERSION").write_text("14\n")

    with pytest.raises(Trouble, match="made by PostgreSQL 14"), running(data):
        pass


def test_a_server_killed_hard_is_started_again_with_everything_it_promised(data):
    with running(data, throw_away=False) as cluster:
        with psycopg.connect(cluster.url(role=OWNER)) as connection:
            connection.execute("CREATE TABLE note AS SELECT 'kept' AS word")
        os.kill(cluster.process.pid, signal.SIGKILL)
        cluster.process.wait()
        assert cluster.restart_if_gone()
        assert ask(cluster, "SELECT word FROM note") == "kept"


def test_two_folders_have_two_servers(place):
    folders = [place / name for name in "ab"]
    for folder in folders:
        Installation(data=folder).make_folders()

    with running(folders[0]) as one, running(folders[1]) as other:
        assert one.url() != other.url()
        assert ask(one, "SELECT 1") == ask(other, "SELECT 1") == 1


BORROW = """
import sys
from pathlib import Path
from tantam.launch.cluster import OWNER, Cluster
cluster = Cluster(Path(sys.argv[1]), throw_away=True)
cluster.start()
print("ready", cluster.process is not None, flush=True)
sys.stdin.readline()
cluster.stop()
"""


def borrower(data):
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", BORROW, str(data)],
        env=os.environ | {"PYTHONPATH": str(CODE)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    return process, process.stdout.readline().split()


def test_a_second_command_uses_the_server_of_the_first_and_leaves_it_running(data):
    with running(data) as cluster:
        process, said = borrower(data)
        assert said == ["ready", "False"]
        process.communicate("\n", timeout=20)
        assert ask(cluster, "SELECT 1") == 1


def test_the_server_stays_until_the_last_command_that_uses_it_ends(data):
    owner, said = borrower(data)
    assert said == ["ready", "True"]
    cluster = Cluster(data, throw_away=True)
    cluster.start()
    owner.stdin.write("\n")
    owner.stdin.flush()
    time.sleep(0.5)

    assert owner.poll() is None
    database.prepare_embedded(cluster)

    cluster.stop()
    owner.communicate(timeout=30)
    assert owner.returncode == 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_a_launcher_killed_hard_takes_its_server_along(data):
    owner, _ = borrower(data)
    pid = int((data / "postgres" / "postmaster.pid").read_text().splitlines()[0])
    owner.kill()
    owner.communicate()

    with running(data) as cluster:
        assert ask(cluster, "SELECT 1") == 1
        assert cluster.process.pid != pid


def test_a_folder_with_a_long_name_is_served_over_loopback(place):
    data = place / ("a-long-name-" * 10)
    Installation(data=data).make_folders()

    with running(data) as cluster:
        assert "@127.0.0.1:" in cluster.url()
        assert ask(cluster, "SELECT 1") == 1
