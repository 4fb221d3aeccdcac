"""The benchmarks still run: a tiny hospital, a fraction of a second each. Nothing here is about time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg import sql

CHECKOUT = Path(__file__).resolve().parents[1]


def _server() -> str:
    """The address of the test server's maintenance database."""
    found = settings.DATABASES["default"]
    host = f"?host={found['HOST']}" if str(found["HOST"]).startswith("/") else ""
    at = "" if host else f"{found['HOST']}"
    return f"postgresql://{found['USER']}:{found['PASSWORD']}@{at}:{found['PORT']}/postgres{host}"


@pytest.fixture
def prefix(db):
    """A name for databases of this run alone; what the benchmark makes under it goes away again."""
    name = f"{connection.settings_dict['NAME']}_bench"
    yield name
    with psycopg.connect(_server(), autocommit=True) as admin:
        admin.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(f"{name}_2000"))
        )


@pytest.mark.slow
def test_every_benchmark_runs(prefix, tmp_path):
    environment = os.environ | {"DATABASE_URL": _server(), "PYTHONPATH": str(CHECKOUT / "app")}
    command = [sys.executable, "-P", str(CHECKOUT / "bench" / "run.py"), "--quick", "--prefix", prefix]

    done = subprocess.run(
        [*command, "--results", str(tmp_path)], env=environment, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(next(tmp_path.glob("*.json")).read_text())
    names = " ".join(line["name"] for line in found["figures"])
    for part in ("search", "bare page", "work list", "patient page", "call screen", "planner", "memory"):
        assert part in names
    assert found["details"]["planner"]["same_rows"]
    assert found["machine"]["cores"]
    assert found["commit"]
