"""The whole product, started, stopped and killed through `./tantam`."""

import http.client
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time

import pytest

from tantam.launch import keys
from tantam.launch.death import left_behind
from tantam.launch.places import CHECKOUT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc"),
]


class Running:
    """One `./tantam up` and what it said."""

    def __init__(self, data, port):
        self.data, self.port, self.said = data, port, ""
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if name != "DATABASE_URL" and not name.startswith(("TANTAM_", "COV"))
        }
        self.process = subprocess.Popen(
            [str(CHECKOUT / "tantam"), "up", "--data", str(data), "--port", str(port), "--workers", "1"],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.said += line

    def wait_until_ready(self, within=300):
        began = time.monotonic()
        while "ready after" not in self.said:
            assert self.process.poll() is None, self.said
            assert time.monotonic() - began < within, self.said
            time.sleep(0.05)
        return time.monotonic() - began

    def wait_until_said(self, words, within=30):
        deadline = time.monotonic() + within
        while words not in self.said:
            assert time.monotonic() < deadline, self.said
            time.sleep(0.05)

    def get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        finally:
            connection.close()

    def command(self, name, *arguments):
        """Another command beside the running product, on its database."""
        return subprocess.run(
            [str(CHECKOUT / "tantam"), name, "--data", str(self.data), *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def end(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(45)
        self._reader.join(5)
        self.process.stdout.close()
        return code


@pytest.fixture
def start():
    started = []

    def start_one(data, port):
        started.append(Running(data, port))
        return started[-1]

    yield start_one
    for one in started:
        one.end()


_given = set()


def free_port():
    """A port with a free neighbour, given to nobody yet."""
    while True:
        with socket.socket() as one, socket.socket() as next_one:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
            try:
                next_one.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            if not {port, port + 1} & _given:
                _given.update((port, port + 1))
                return port


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
    assert [line.split()[0] for line in looked.stdout.splitlines()] == ["ok"] * 6

    assert again.end() == 0, again.said
    assert everything_ended(data)
