"""Processes are kept running, and none outlives its supervisor."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from tantam.launch.death import MARK, left_behind
from tantam.launch.places import CODE
from tantam.launch.supervisor import Child, Supervisor, end_left_behind
from tantam.launch.voice import Trouble

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
SLEEP = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]


def supervise(tmp_path, *children):
    return Supervisor(tmp_path, dict(os.environ), children)


def run_for(supervisor, seconds, tend=lambda: None):
    def ask_to_stop():
        supervisor.asked_to_stop = 1

    timer = threading.Timer(seconds, ask_to_stop)
    timer.start()
    supervisor.run(tend)
    timer.join()


def test_output_is_passed_on_with_the_name_of_who_said_it(tmp_path, capfd):
    supervisor = supervise(tmp_path, Child("web", SLEEP), Child("worker", SLEEP))
    supervisor.start(lambda: True, within=5)
    time.sleep(0.3)
    supervisor.stop()

    said = capfd.readouterr().out
    assert "web    | up" in said
    assert "worker | up" in said


def test_a_process_that_ends_is_started_again(tmp_path):
    child = Child("web", SLEEP)
    supervisor = supervise(tmp_path, child)
    supervisor.start(lambda: True, within=5)
    first = child.process.pid
    os.kill(first, signal.SIGKILL)

    run_for(supervisor, 3)

    assert child.is_running
    assert child.process.pid != first
    assert child.crashes == 1
    supervisor.stop()
    assert not child.is_running


def test_a_process_that_cannot_start_ends_the_start(tmp_path, capfd):
    failing = Child("web", [sys.executable, "-c", "print('no such table'); raise SystemExit(3)"])
    supervisor = supervise(tmp_path, failing, Child("worker", SLEEP))

    with pytest.raises(Trouble, match="`web` ended while starting"):
        supervisor.start(lambda: False, within=10)
    supervisor.stop()

    assert "web    | no such table" in capfd.readouterr().out
    assert left_behind(tmp_path) == []


def test_a_process_that_does_not_listen_is_stopped_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr("tantam.launch.supervisor.SECONDS_TO_STOP", 0.3)
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    child = Child("deaf", [sys.executable, "-c", deaf])
    supervisor = supervise(tmp_path, child)
    supervisor.start(lambda: True, within=5)
    time.sleep(0.3)

    supervisor.stop()

    assert child.process.returncode == -signal.SIGKILL


SUPERVISE = f"""
import os, sys
from pathlib import Path
from tantam.launch.supervisor import Child, Supervisor
supervisor = Supervisor(Path(sys.argv[1]), dict(os.environ), [Child("web", {SLEEP!r})])
supervisor.start(lambda: True, within=5)
print("started", flush=True)
supervisor.run(lambda: None)
"""


@linux_only
def test_a_supervisor_killed_hard_takes_its_processes_along(tmp_path):
    supervisor = subprocess.Popen(
        [sys.executable, "-P", "-c", SUPERVISE, str(tmp_path)],
        env=os.environ | {"PYTHONPATH": str(CODE)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert "started" in supervisor.stdout.readline()
    supervisor.kill()
    supervisor.communicate()

    deadline = time.monotonic() + 5
    while left_behind(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert left_behind(tmp_path) == []


@linux_only
def test_what_is_left_behind_all_the_same_is_ended_at_the_next_start(tmp_path):
    orphan = subprocess.Popen(SLEEP, env=os.environ | {MARK: str(tmp_path)}, stdout=subprocess.DEVNULL)
    stranger = subprocess.Popen(SLEEP, env=os.environ | {MARK: "elsewhere"}, stdout=subprocess.DEVNULL)
    time.sleep(0.2)
    reaper = threading.Thread(target=orphan.wait)
    reaper.start()

    end_left_behind(tmp_path)
    reaper.join(5)

    assert orphan.returncode == -signal.SIGTERM
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()
