"""The product's own processes, started as the launcher starts them; and the bare page beside them."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tantam.launch import preparation
from tantam.launch.death import dies_with_parent
from tantam.launch.front import server
from tantam.launch.places import CHECKOUT, Installation, environment
from tantam.launch.serve import Inside, children, is_answering, raise_file_limit
from tantam.launch.supervisor import Child

SECONDS_TO_ANSWER = 60


@dataclass
class Served:
    """What answers at `host`:`port`, with its processes by name."""

    host: str
    port: int
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def production(url: str) -> tuple[Installation, dict[str, str]]:
    """An installation over the database at `url`, with the keys of this one and production settings."""
    front = os.environ.get("TANTAM_FRONT", "on") == "on"
    installation = Installation(data=Path(os.environ["TANTAM_DATA"]), port=free_port(), front=front)
    values = environment(installation, database_url=url)
    # What a developer's shell may carry would measure another product.
    values |= {"TANTAM_DEBUG": "0", "TANTAM_DEMO": "0", "TANTAM_HOSTS": "127.0.0.1"}
    return installation, values


@contextmanager
def product(url: str, *, prepared: bool = True) -> Iterator[Served]:
    """All processes of `./tantam up` over the database at `url`: pages, live updates, jobs.

    Not `prepared` leaves catalogues and static files as they are: enough to see whether it runs.
    """
    installation, values = production(url)
    installation.run.mkdir(parents=True, exist_ok=True)
    if prepared:
        preparation.compile_catalogues(values)
        preparation.collect_static(installation, values)
    with (
        _behind_front(installation) as inside,
        _started(children(inside), values | inside.environment, installation.port) as served,
    ):
        yield served


@contextmanager
def bare_page(url: str) -> Iterator[Served]:
    """The bare page under the same server with the same options."""
    installation, values = production(url)
    values |= {
        "PYTHONPATH": f"{CHECKOUT}{os.pathsep}{CHECKOUT / 'app'}",
        "DJANGO_SETTINGS_MODULE": "bench.bare.settings",
    }
    with _behind_front(installation) as inside:
        web, *_others = children(inside)
        web.name = "bare"
        web.command = [word.replace("config.wsgi", "bench.bare.wsgi") for word in web.command]
        front = [child for child in _others if child.name == "front"]
        with _started([web, *front], values | inside.environment, installation.port) as served:
            yield served


@contextmanager
def _behind_front(installation: Installation) -> Iterator[Inside]:
    """Both are measured as people reach them: through the server in front, where there is one for this platform."""
    installation.run.mkdir(parents=True, exist_ok=True)
    name = f"front-{installation.port}"
    front = server.for_installation(installation, name=name)
    try:
        yield Inside.of(installation, front if front is not None and front.is_fit() else None)
    finally:
        if front is not None:
            front.close()
            for folder in (installation.data, installation.run):
                shutil.rmtree(folder / name, ignore_errors=True)


@contextmanager
def _started(processes: list[Child], values: dict[str, str], port: int) -> Iterator[Served]:
    raise_file_limit()
    served = Served("127.0.0.1", port)
    with tempfile.TemporaryFile() as log:
        try:
            for child in processes:
                if child.socket is not None:
                    child.socket.unlink(missing_ok=True)
                environment = values if child.own_environment is None else child.own_environment
                options: dict[str, Any] = {"cwd": CHECKOUT} | child.options
                served.processes[child.name] = subprocess.Popen(
                    child.command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                    start_new_session=True, preexec_fn=dies_with_parent(), **options,
                )  # fmt: skip
            _wait_until_it_answers(served)
            yield served
        except BaseException:
            log.seek(0)
            said = log.read()[-4_000:].decode(errors="replace").strip()
            if said:
                print(f"--- the servers said:\n{said}\n---")
            raise
        finally:
            _stop(served)


@contextmanager
def beside(served: Served, *, senders: int, idle: int) -> Iterator[None]:
    """So many slow senders and silent connections for as long as the block runs (bench/slow.py)."""
    script = str(CHECKOUT / "bench" / "slow.py")
    command = [sys.executable, script, served.host, str(served.port), str(senders), str(idle)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        try:
            if holder.stdout.readline() != "ready\n":
                raise RuntimeError("the slow senders were not let in")
            yield
        finally:
            holder.stdin.close()
            holder.wait(30)


def _wait_until_it_answers(served: Served) -> None:
    deadline = time.monotonic() + SECONDS_TO_ANSWER
    while not is_answering(served.host, served.port):
        ended = [name for name, process in served.processes.items() if process.poll() is not None]
        if ended or time.monotonic() > deadline:
            raise RuntimeError(f"{', '.join(ended) or 'the server'} did not come up")
        time.sleep(0.1)


def _stop(served: Served) -> None:
    for process in served.processes.values():
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
    for process in served.processes.values():
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
