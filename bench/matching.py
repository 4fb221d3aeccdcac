"""How well the import tells people apart, in a database of its own.

python bench/matching.py [--people N] [--json]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(CHECKOUT), str(CHECKOUT / "app")]

from bench.import_speed import own_database  # noqa: E402


def run(people: int) -> dict[str, Any]:
    """The figures of so many people; see `bench/people_truth.py` for what they mean."""
    with own_database() as values:
        done = subprocess.run(
            [sys.executable, str(Path(__file__).resolve()), "--here", "--people", str(people)],
            env=values,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=5_000)
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.here:
        import django

        django.setup()
        from bench.people_truth import measure

        with tempfile.TemporaryDirectory(prefix="tantam-matching-") as folder:
            print(json.dumps(measure(Path(folder), count=chosen.people)))
        return 0
    found = run(chosen.people)
    if chosen.json:
        print(json.dumps(found))
    else:
        for name, value in found.items():
            print(f"{name:<24}{value:>12,.4f}" if isinstance(value, float) else f"{name:<24}{value:>12,}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
