"""What could be reached at best on this machine: the statements alone, and a page with nothing on it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import psycopg

from bench.measure import percentile
from bench.needles import Request
from bench.rows import AGENTS, agent
from bench.servers import Served, bare_page, production
from tantam.launch.places import CHECKOUT

ROWS = 50


@contextmanager
def bare(url: str) -> Iterator[tuple[Served, list[str]]]:
    """The bare page, and a session for each agent."""
    with bare_page(url) as served:
        _installation, values = production(url)
        values |= {
            "PYTHONPATH": f"{CHECKOUT}:{CHECKOUT / 'app'}",
            "DJANGO_SETTINGS_MODULE": "bench.bare.settings",
        }
        names = [agent(number) for number in range(1, AGENTS + 1)]
        made = subprocess.run(
            [sys.executable, "-m", "bench.bare.session", *names], env=values, cwd=CHECKOUT, capture_output=True,
            text=True, check=True,
        )  # fmt: skip
        yield served, [f"sessionid={key}" for key in made.stdout.split()]


def bare_requests(size: int) -> list[Request]:
    chance = Random("bare")
    return [
        ("bare page", f"/rows/{chance.randrange(1, max(size - ROWS, 2))}/", "BN-") for _page in range(200)
    ]


def statements(
    url: str, asked: dict[str, list[tuple[str, Any]]], seconds: float
) -> dict[str, dict[str, float]]:
    """Latencies of the given statements on one connection, each kind for so long: what PostgreSQL itself needs."""
    found = {}
    with psycopg.connect(url, autocommit=True) as connection:
        for kind, pairs in asked.items():
            for query, values in pairs:
                connection.execute(query, values).fetchall()
            samples: list[float] = []
            until = time.perf_counter() + seconds
            while time.perf_counter() < until or len(samples) < len(pairs):
                query, values = pairs[len(samples) % len(pairs)]
                began = time.perf_counter()
                connection.execute(query, values).fetchall()
                samples.append((time.perf_counter() - began) * 1000)
            found[kind] = {
                "p50_ms": round(percentile(samples, 0.5), 2),
                "p95_ms": round(percentile(samples, 0.95), 2),
                "per_s": round(len(samples) / (sum(samples) / 1000), 0),
            }
    return found
