"""Entries a second that two processes write by hundreds while the journal is sealed, and how far the seals lag."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import psycopg

CHECKOUT = Path(__file__).resolve().parents[1]
WRITERS: Final = 2
AT_ONCE: Final = 100


def measure(values: dict[str, str], url: str, *, seconds: float) -> dict[str, float]:
    """Entries a second of both writers together, and the longest an entry waited for its seal.

    The processes run with `values`, the environment of the product.
    """
    import tempfile

    with tempfile.TemporaryDirectory(prefix="tantam-bench-journal-") as folder:
        # The head of the chain of the data that is measured is none of the installation's business.
        surroundings = {**values, "BENCH_HEAD": folder}
        sealer = _start("seal", surroundings, seconds)
        writers = [_start("write", surroundings, seconds) for _ in range(WRITERS)]
        longest = 0.0
        with psycopg.connect(url, autocommit=True) as connection:
            while any(writer.poll() is None for writer in writers):
                time.sleep(0.25)
                row = connection.execute(
                    "SELECT extract(epoch FROM clock_timestamp() - min(at))::float8 FROM (SELECT at FROM journal_entry"
                    " WHERE id > coalesce((SELECT upto FROM journal_seal ORDER BY number DESC LIMIT 1), 0)"
                    " ORDER BY id LIMIT 100) waiting"
                ).fetchone()
                if row is not None and row[0] is not None:
                    longest = max(longest, float(row[0]))
        written = [_figures(writer) for writer in writers]
        sealer.terminate()
        sealer.wait()
    return {"per_second": sum(count / spent for count, spent in written), "longest_wait": longest}


def _start(what: str, values: dict[str, str], seconds: float) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "bench.journal_speed", what, str(seconds)],
        cwd=CHECKOUT,
        env={**os.environ, **values, "PYTHONPATH": f"{CHECKOUT}{os.pathsep}{CHECKOUT / 'app'}"},
        stdout=subprocess.PIPE,
        text=True,
    )


def _figures(writer: subprocess.Popen[str]) -> tuple[int, float]:
    out, _ = writer.communicate()
    count, spent = out.split()
    return int(count), float(spent)


def _write(seconds: float) -> None:
    from django.db import transaction

    from tantam.accounts.models import Member
    from tantam.journal.operations import record_many
    from tantam.patients.models import Patient

    actor = Member.objects.order_by("pk").first()
    patients = list(Patient.objects.order_by("pk")[:AT_ONCE])
    began, written = time.monotonic(), 0
    while (spent := time.monotonic() - began) < seconds:
        with transaction.atomic():
            record_many("bench.patient:counted", patients, actor=actor, look="bench")
        written += len(patients)
    print(written, spent)


def _seal() -> None:
    from django.conf import settings

    from tantam.journal.serving.keeper import EVERY_SECONDS, seal_what_is_new

    settings.DATA = Path(os.environ["BENCH_HEAD"])
    while True:
        seal_what_is_new()
        time.sleep(EVERY_SECONDS)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    _write(float(sys.argv[2])) if sys.argv[1] == "write" else _seal()
