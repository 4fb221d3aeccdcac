"""`demo` and `up`: prepare an installation, keep its processes running, stop them."""

from __future__ import annotations

import http.client
import os
import resource
import shutil
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tantam.launch import database, keys, preparation
from tantam.launch.cluster import Cluster
from tantam.launch.front import server
from tantam.launch.locks import Lock
from tantam.launch.places import (
    Installation,
    display_host,
    django_command,
    environment,
    has_command,
)
from tantam.launch.supervisor import Child, Supervisor, end_left_behind
from tantam.launch.voice import Trouble, say

SECONDS_TO_ANSWER = 60
HEALTH = "/health/ready"
# Milliseconds. A page that waits for a lock holds a thread, and there are few: it says soon that it is busy.
WEB_LIMITS = {"TANTAM_LOCK_TIMEOUT": "3000", "TANTAM_STATEMENT_TIMEOUT": "20000"}


def serve(installation: Installation, *, demo: bool) -> int:
    """Run the product until a signal asks it to stop; returns the exit code."""
    began = time.monotonic()
    installation.make_folders()
    settle_purpose(installation, demo=demo)
    with_lock = Lock(installation.run / "instance")
    if not with_lock.take():
        raise Trouble(
            f"{installation.data} is already in use: {with_lock.read().strip()}.",
            "stop that one, or choose another folder with --data DIR",
        )
    refuse_taken_port(installation)
    with_lock.write(f"{installation.address}, process {os.getpid()}\n")
    keys.ensure(installation.keys)
    raise_file_limit()
    say(f"Tận Tâm · data in {installation.data}")
    front = server.for_installation(installation)
    try:
        with database.available(installation, alone=True) as found:
            values = environment(installation, database_url=found.url)
            preparation.prepare(installation, values, found)
            if front is not None and not front.is_fit():
                front = None
            inside = Inside.of(installation, front)
            values |= inside.environment
            values["PROMETHEUS_MULTIPROC_DIR"] = str(emptied(installation.run / "metrics"))
            supervise(installation, values, found.cluster, inside, began=began)
    finally:
        if front is not None:
            front.close()
        with_lock.let_go()
    return 0


def emptied(folder: Path) -> Path:
    """The folder, with nothing of an earlier start in it: web workers count into it together."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def settle_purpose(installation: Installation, *, demo: bool) -> None:
    """A data folder is for a demonstration or for a hospital, for good: invented patients never meet real ones."""
    wanted = "demo" if demo else "real"
    if not installation.purpose:
        (installation.data / "purpose").write_text(wanted + "\n")
    elif installation.purpose != wanted:
        held, command = ("a hospital's own data", "demo") if demo else ("the demonstration hospital", "up")
        raise Trouble(
            f"{installation.data} holds {held}.",
            f"./tantam {command} --data {installation.data}-{wanted}",
        )


@dataclass(frozen=True)
class Inside:
    """Where the product's own processes listen: two sockets behind the front, or ports that browsers ask."""

    installation: Installation
    front: server.Front | None
    live_port: int = 0

    @classmethod
    def of(cls, installation: Installation, front: server.Front | None) -> Inside:
        return cls(installation, front, 0 if front is not None else free_port_after(installation))

    @property
    def environment(self) -> dict[str, str]:
        """What the product's processes have to know about it (config/settings.py)."""
        if self.front is not None:
            # Caddy writes one address into each request, whatever the sender wrote there.
            return {"TANTAM_PROXIES": "1", "TANTAM_LIVE_URL": "/"}
        here = f"http://{display_host(self.installation.host)}:{self.live_port}"
        return {"TANTAM_LIVE_URL": os.environ.get("TANTAM_LIVE_URL", here)}

    def pages(self) -> list[str]:
        return self._at(self.front.pages if self.front else None, self.installation.port)

    def live(self) -> list[str]:
        return self._at(self.front.live if self.front else None, self.live_port)

    def _at(self, path: Path | None, port: int) -> list[str]:
        if path is not None:
            # The folder it lies in is Caddy's alone.
            return ["--uds", str(path), "--uds-permissions", "0o666"]
        return ["--host", self.installation.host, "--port", str(port)]


def supervise(
    installation: Installation,
    values: dict[str, str],
    cluster: Cluster | None,
    inside: Inside,
    *,
    began: float,
) -> None:
    """Start the processes, say where the product answers, and stay until asked to stop."""
    supervisor = Supervisor(installation.data, values, children(inside))
    supervisor.listen_for_signals()

    def tend() -> None:
        if cluster is not None and cluster.restart_if_gone():
            say("PostgreSQL had ended; it is started again")

    try:
        supervisor.start(lambda: is_ready(inside), within=SECONDS_TO_ANSWER)
        if not supervisor.asked_to_stop:
            say(
                f"\n  {installation.address}   (ready after {time.monotonic() - began:.1f} s; Ctrl-C stops it)\n"
            )
            say_way_in(installation, values)
        supervisor.run(tend)
    finally:
        say("\nstopping …")
        supervisor.stop()


def children(inside: Inside) -> list[Child]:
    """The product's processes: pages, live updates, jobs, and the server in front."""
    installation, front = inside.installation, inside.front
    granian = [sys.executable, "-P", "-m", "granian", "--log-level", "warning"]
    # A connection kept alive counts against `backpressure` for as long as it is open, busy or not. It has to be
    # far above the number of browsers; what runs at once is bounded by the threads.
    web = [
        *(*granian, *inside.pages(), "--interface", "wsgi", "--http", "1", "--no-ws"),
        *("--workers", str(installation.workers), "--blocking-threads", str(installation.threads)),
        *("--backlog", "2048", "--backpressure", "1024", "--respawn-failed-workers"),
        *("--workers-kill-timeout", "5", "config.wsgi:application"),
    ]
    live = [
        *(*granian, *inside.live(), "--interface", "asgi", "--http", "1", "--no-ws"),
        *("--workers", "1", "--backlog", "4096", "--backpressure", "4096", "--respawn-failed-workers"),
        *("--workers-kill-timeout", "2", "config.asgi:application"),
    ]
    worker = django_command("procrastinate", "worker", "--concurrency=4", "--shutdown-graceful-timeout=5")
    return [
        Child("web", web, WEB_LIMITS, socket=front.pages if front else None),
        Child("live", live, socket=front.live if front else None),
        Child("worker", worker),
        *([front.child()] if front is not None else []),
    ]


def say_way_in(installation: Installation, values: dict[str, str]) -> None:
    """How to sign in: the demonstration's people, or the one-time set-up link of an empty installation."""
    command = "demo_logins" if installation.purpose == "demo" else "setup_token"
    if not has_command(command):
        return
    asked = subprocess.run(django_command(command), env=values, capture_output=True, text=True, check=False)
    answer = asked.stdout.strip()
    if asked.returncode:
        say(f"  `{command}` failed:\n{asked.stderr.strip()}")
    elif command == "demo_logins":
        say("\n".join(f"  {line}" for line in answer.splitlines()) + "\n")
    elif answer:
        say("  Nobody has an account yet. This link works once; open it to set the hospital up:")
        say(f"  {installation.address}/setup/{answer.splitlines()[-1].strip()}/\n")


# --- ports -------------------------------------------------------------------------------------------------------


def is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def refuse_taken_port(installation: Installation) -> None:
    """A port still held by what a killed start left is given back first."""
    end_left_behind(installation.data)
    if not is_free(installation.host, installation.port):
        raise Trouble(
            f"{installation.host}:{installation.port} cannot be used; something else may be listening there.",
            f"choose another port: --port {installation.port + 10}",
        )


def free_port_after(installation: Installation) -> int:
    """The port for live updates where nothing stands in front: the next one, or the first free one after it."""
    for port in range(installation.port + 1, installation.port + 100):
        if is_free(installation.host, port):
            return port
    raise Trouble(f"No free port after {installation.port} for live updates.", "choose another with --port")


def is_ready(inside: Inside) -> bool:
    """Whether the product answers where people ask it; with a name, its redirect has to, and what is behind it."""
    installation = inside.installation
    if not installation.domain or inside.front is None:
        return is_answering(installation.host, installation.port)
    redirects = is_answering(installation.host, installation.port_plain)
    return redirects and is_answering_inside(inside.front.pages)


def is_answering_inside(path: Path) -> bool:
    """Whether the pages answer at the socket at `path`."""
    with socket.socket(socket.AF_UNIX) as asking:
        asking.settimeout(5)
        try:
            asking.connect(str(path))
            asking.sendall(f"GET {HEALTH} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
            return asking.recv(16).split(b" ")[1:2] == [b"200"]
        except OSError:
            return False


def is_answering(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(display_host(host).strip("[]"), port, timeout=5)
    try:
        connection.request("GET", HEALTH, headers={"Host": "localhost"})
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def raise_file_limit() -> None:
    """Every browser with a page open holds a connection for live updates."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65_536 if hard == resource.RLIM_INFINITY else min(65_536, hard)
    if soft < wanted:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
