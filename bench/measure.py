"""Running the load client and reading its figures."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.needles import Request
from bench.servers import Served
from tantam.launch.places import CHECKOUT

CONNECTIONS = 8
HTMX = {"HX-Request": "true"}


@dataclass(frozen=True)
class Figures:
    """Requests a second, and latencies in milliseconds: of everything, and by kind."""

    per_second: float
    count: int
    asked: int
    """With those of the warm-up."""
    p50: float
    p95: float
    kilobytes: float
    kinds: dict[str, dict[str, float]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "req_per_s": round(self.per_second, 1),
            "requests": self.count,
            "p50_ms": round(self.p50, 1),
            "p95_ms": round(self.p95, 1),
            "kilobytes": round(self.kilobytes, 1),
            "kinds": self.kinds,
        }


def percentile(samples: Sequence[float], share: float) -> float:
    ordered = sorted(samples)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def load(
    served: Served,
    cookies: list[str],
    requests: list[list[Request]],
    *,
    seconds: float,
    headers: dict[str, str] | None = None,
) -> Figures:
    """Eight connections for so many seconds, after a warm-up of a third of that. Raises on any wrong answer."""
    plan = {
        "host": served.host,
        "port": served.port,
        "cookies": [cookies[number % len(cookies)] for number in range(CONNECTIONS)],
        "requests": requests,
        "headers": headers or {},
        "seconds": seconds,
        "warm_up": max(seconds / 3, 0.3),
    }
    client = [sys.executable, str(CHECKOUT / "bench" / "load.py")]
    done = subprocess.run(client, input=json.dumps(plan), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.strip()[-2_000:])
    return figures(json.loads(done.stdout))


def figures(found: dict[str, Any]) -> Figures:
    samples: dict[str, list[float]] = found["samples"]
    together = [latency for kind in samples.values() for latency in kind]
    return Figures(
        per_second=len(together) / found["seconds"],
        count=len(together),
        asked=found["asked"],
        p50=percentile(together, 0.5),
        p95=percentile(together, 0.95),
        kilobytes=found["bytes"] / len(together) / 1024,
        kinds={
            kind: {
                "p50_ms": round(percentile(latencies, 0.5), 1),
                "p95_ms": round(percentile(latencies, 0.95), 1),
                "requests": len(latencies),
            }
            for kind, latencies in sorted(samples.items())
        },
    )
