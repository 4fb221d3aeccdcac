"""The whole product, started, stopped and killed through `./tantam`."""

import signal
import stat
import sys
import time

import pytest

from tantam.launch import keys
from tantam.launch.death import left_behind
from tests.launcher.running import Running, free_port

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc"),
]


@pytest.fixture
def start():
    started = []

    def start_one(data, port):
        started.append(Running(data, port))
        return started[-1]

    yield start_one
    for one in started:
        one.end()


def everything_ended(data, within=15):
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if not left_behind(data) and not (data / "postgres" / "postmaster.pid").exists():
            return True
        time.sleep(0.05)
    return False


def test_a_hospital_starts_stops_survives_a_kill_and_a_neighbour(place, start):
    data = place / "one"
    first = start(data, free_port())
    neighbour = start(place / "two", free_port())
    first.wait_until_ready()
    first.wait_until_said("/setup/")
    assert first.get("/health/ready") == 200
    assert keys.problems(data / "keys") == []
    assert {stat.S_IMODE(path.stat().st_mode) for path in (data / "keys").iterdir()} == {0o600}

    neighbour.wait_until_ready()
    assert first.get("/health/ready") == neighbour.get("/health/ready") == 200
    same_folder = start(data, free_port())
    assert same_folder.process.wait(30) == 1
    assert "already in use" in same_folder.said
    assert neighbour.end(signal.SIGINT) == 0, neighbour.said
    assert everything_ended(neighbour.data)

    first.end(signal.SIGKILL)
    again = start(data, first.port)
    took = again.wait_until_ready(30)
    assert "tables" not in again.said, "nothing had changed"
    assert again.get("/health/ready") == 200
    assert took < 15, "a later start is quick; how quick is for the benchmark to say"

    looked = again.command("check")
    assert looked.returncode == 0, looked.stdout + looked.stderr
    said = {line.split()[1]: line.split()[0] for line in looked.stdout.splitlines()}
    # Whether the machine's disk is encrypted is not ours to say; here it is at most noted.
    assert said.pop("volume") in ("ok", "NOTE")
    assert said.keys() == {"keys", "disk", "configuration", "database", "tables", "rights", "clock"}
    assert set(said.values()) == {"ok"}

    assert again.end() == 0, again.said
    assert everything_ended(data)
