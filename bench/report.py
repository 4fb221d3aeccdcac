"""The table people read, and the JSON that is kept."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import psycopg

from tantam.launch.places import CHECKOUT

RESULTS = CHECKOUT / "bench" / "results"
PACKAGES = ("Django", "psycopg", "granian", "procrastinate", "django-htmx", "cryptography")


@dataclass(frozen=True)
class Line:
    """One figure: what was reached, what is to be reached, and whether it was; None when nothing is asked of it."""

    name: str
    figure: str
    target: str = ""
    reached: bool | None = None


def at_most(name: str, value: float, limit: float, unit: str, digits: int = 1) -> Line:
    return Line(name, f"{value:,.{digits}f} {unit}", f"≤ {limit:,g} {unit}", value <= limit)


def at_least(name: str, value: float, limit: float, unit: str, digits: int = 1) -> Line:
    return Line(name, f"{value:,.{digits}f} {unit}", f"≥ {limit:,g} {unit}", value >= limit)


def table(lines: list[Line]) -> str:
    marks = {True: "reached", False: "MISSED", None: ""}
    rows = [("", "figure", "target", "")] + [
        (line.name, line.figure, line.target, marks[line.reached]) for line in lines
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    made = [
        "  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    made.insert(1, "─" * max(len(line) for line in made))
    return "\n".join(made)


def machine() -> dict[str, Any]:
    processor = ""
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                processor = line.split(":", 1)[1].strip()
                break
    except OSError:
        processor = platform.processor()
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "processor": processor,
        "cores": os.cpu_count(),
        "memory_gb": round(pages / 2**30, 1),
        "system": platform.platform(),
        "load_before": [round(value, 2) for value in os.getloadavg()],
    }


def versions(url: str) -> dict[str, str]:
    found = {"Python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    with psycopg.connect(url) as connection:
        found["PostgreSQL"] = str(connection.execute("SHOW server_version").fetchone()[0])  # type: ignore[index]
        for setting in ("shared_buffers", "fsync", "synchronous_commit"):
            row = connection.execute("SELECT current_setting(%s)", [setting]).fetchone()
            found[setting] = str(row[0]) if row else ""
    return found


def commit() -> dict[str, Any]:
    def git(*words: str) -> str:
        done = subprocess.run(["git", *words], cwd=CHECKOUT, capture_output=True, text=True, check=False)
        return done.stdout.strip()

    return {
        "commit": git("rev-parse", "HEAD"),
        "changed_files": len(git("status", "--porcelain").splitlines()),
    }


def keep(folder: Path, lines: list[Line], details: dict[str, Any]) -> Path:
    """Write the JSON; answers where."""
    folder.mkdir(parents=True, exist_ok=True)
    moment = datetime.now(UTC)
    path = folder / f"{moment:%Y%m%d-%H%M%S}.json"
    content = {
        "at": moment.isoformat(timespec="seconds"),
        "figures": [asdict(line) for line in lines],
        **details,
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path
