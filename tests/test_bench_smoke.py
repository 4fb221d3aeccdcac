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
def bare_hospital(transactional_db):
    """A database with the tables of the test database, under the name the benchmark looks for."""
    source = connection.settings_dict["NAME"]
    # A template must have no visitors.
    connection.close()
    connection.close_pool()
    prefix, server = f"{source}_bench", _server()
    name = sql.Identifier(f"{prefix}_2000")
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name)
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(drop)
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, sql.Identifier(source)))
    yield prefix, server
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(drop)


@pytest.mark.slow
def test_every_benchmark_runs(bare_hospital, tmp_path):
    prefix, server = bare_hospital
    environment = os.environ | {"DATABASE_URL": server, "PYTHONPATH": str(CHECKOUT / "app")}
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
