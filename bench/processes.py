"""What processes take: memory at rest, and processor time while they are measured. Linux only."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import psycopg

from bench.servers import Served

ANSWERING = ("web", "bare", "front")
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
PAGES = Path("/proc")


def family(pid: int) -> list[int]:
    """The process and everything it started."""
    found = [pid]
    for task in (PAGES / str(pid) / "task").glob("*/children"):
        for child in task.read_text().split():
            found += family(int(child))
    return found


def processor_seconds(served: Served) -> float:
    """User and system time of the processes that answer pages, so far; not of live updates and jobs beside them."""
    answering = [process for name, process in served.processes.items() if name in ANSWERING]
    return sum(_seconds(pid) for process in answering for pid in family(process.pid))


def _seconds(pid: int) -> float:
    try:
        fields = (PAGES / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory(served: Served) -> list[dict[str, Any]]:
    """Each process: resident memory, and its share of it (PSS), in megabytes."""
    found = []
    for name, process in served.processes.items():
        for position, pid in enumerate(family(process.pid)):
            found.append({"process": _name(name, position), "pid": pid, **_memory(pid)})
    return found


def _name(name: str, position: int) -> str:
    """Granian's first process watches; the others answer."""
    if name in ("worker", "front"):
        return "jobs" if name == "worker" else "front"
    return f"{name} watcher" if position == 0 else f"{name} worker"


def _memory(pid: int) -> dict[str, float]:
    values = {}
    for line in (PAGES / str(pid) / "smaps_rollup").read_text().splitlines():
        words = line.split()
        if words[0] in ("Rss:", "Pss:"):
            values[words[0].rstrip(":").lower() + "_mb"] = round(int(words[1]) / 1024, 1)
    return values


def until_cleaned_up(connection: psycopg.Connection[Any], *, seconds: float = 120) -> None:
    """Wait until no worker of autovacuum runs any more, at most so long."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'autovacuum worker'"
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        row = connection.execute(query).fetchone()
        if row is None or not row[0]:
            return
        time.sleep(1)


def postgres_memory(backend: int) -> dict[str, float]:
    """The server behind the backend `backend`, without shared buffers: what its processes hold of their own.

    Empty when the server runs on another machine or as somebody whose processes may not be read.
    """
    try:
        parent = int((PAGES / str(backend) / "stat").read_text().rsplit(")", 1)[1].split()[1])
        pids = family(parent)
        own = sum(_status(pid, "RssAnon") + _status(pid, "RssFile") for pid in pids)
        anonymous = sum(_status(pid, "RssAnon") for pid in pids)
    except (OSError, KeyError):
        return {}
    return {"processes": len(pids), "anonymous_mb": round(anonymous, 1), "with_files_mb": round(own, 1)}


def _status(pid: int, name: str) -> float:
    """Megabytes of one kind; none for a process that has ended meanwhile."""
    try:
        lines = (PAGES / str(pid) / "status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return next((int(line.split()[1]) for line in lines if line.startswith(name + ":")), 0) / 1024
