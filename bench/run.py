"""`./tantam bench`: every figure of docs/benchmarks.md, as a table and as JSON.

The product is measured through HTTP as signed-in members: two web workers with production settings, eight
keep-alive connections, warm. The ceilings are measured in the same run, on the same data.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(CHECKOUT))

import psycopg  # noqa: E402

from bench import (  # noqa: E402
    ceilings,
    dataset,
    inside,
    journal_speed,
    matching,
    needles,
    processes,
    report,
    sessions,
    truth,
)
from bench.measure import CONNECTIONS, HTMX, Figures, load  # noqa: E402
from bench.report import Line, at_least, at_most  # noqa: E402
from bench.servers import Served, beside, product, production  # noqa: E402

PARTS = ("search", "pages", "slow", "planner", "import", "matching", "journal", "memory")
SLOW_SENDERS, IDLE_CONNECTIONS = 200, 2_000
SMALL, LARGE = 10_000, 1_000_000


def main() -> int:
    options = _options()
    print(f"Tận Tâm · benchmarks · {options.size:,} patients", flush=True)
    run = Run(options)
    with run.stack:
        for part in options.only:
            print(f"\n{part}", flush=True)
            getattr(run, f"measure_{part.replace('import', 'importing')}")()
    print("\n" + report.table(run.lines))
    details = {
        "machine": run.machine,
        "versions": report.versions(run.url),
        **report.commit(),
        "size": options.size,
        "seconds_each": options.seconds,
        "details": run.details,
    }
    print(f"\nkept in {report.keep(options.results, run.lines, details)}")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./tantam bench", description=__doc__)
    parser.add_argument(
        "--size", type=int, default=LARGE, help="patients in the large hospital (default 1000000)"
    )
    parser.add_argument(
        "--small", type=int, default=SMALL, help="patients in the small one, for growth (default 10000)"
    )
    parser.add_argument("--only", default=",".join(PARTS), help=f"parts, with commas: {', '.join(PARTS)}")
    parser.add_argument("--seconds", type=float, default=10, help="how long each is measured (default 10)")
    parser.add_argument(
        "--quick", action="store_true", help="2,000 patients, a second each: does it still run?"
    )
    parser.add_argument(
        "--prefix", default="tantam_bench", help="how the databases are called (default tantam_bench)"
    )
    parser.add_argument(
        "--results", type=Path, default=report.RESULTS, help="where the JSON goes (bench/results)"
    )
    options = parser.parse_args()
    if options.quick:
        options.size, options.small, options.seconds = 2_000, 2_000, 0.4
    options.only = [part for part in options.only.split(",") if part]
    unknown = set(options.only) - set(PARTS)
    if unknown or options.size % 10 or options.small % 10:
        parser.error(f"unknown part {unknown}" if unknown else "sizes are multiples of ten")
    return options


class Run:
    """One run: what is measured adds lines to the table and details to the JSON."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.server = os.environ["DATABASE_URL"]
        self.lines: list[Line] = []
        self.details: dict[str, Any] = {}
        self.machine = report.machine()
        self.stack = ExitStack()
        self.url = self._hospital(options.size)
        inside.begin(self.url)

    @cached_property
    def served(self) -> tuple[Served, list[str]]:
        """The product over the large hospital, started once, and a session for each agent."""
        served = self.stack.enter_context(product(self.url, prepared=not self.options.quick))
        return served, sessions.signed_in(served)

    def _hospital(self, size: int) -> str:
        url, done = dataset.ensure(
            self.server, size, prefix=self.options.prefix, say=lambda words: print(words, flush=True)
        )
        self.details[f"load_{size}"] = done
        if done["seconds"]:
            self.lines.append(at_most(f"load {size:,} patients", done["seconds"] / 60, 10, "min"))
        return url

    # --- search ----------------------------------------------------------------------------------

    def measure_search(self) -> None:
        """The mix of searches at two sizes, and the statements alone."""
        requests = [needles.searches(self.url, self.options.size)] * CONNECTIONS
        large = self._load(f"search_{self.options.size}", *self.served, requests, HTMX)
        self.lines += [
            at_most("search, the mix, p95", large.p95, 40, "ms"),
            *(
                at_most(f"search, {kind}, p95", found["p95_ms"], 60, "ms")
                for kind, found in large.kinds.items()
            ),
            at_least("search, the mix", large.per_second, 180, "req/s"),
        ]
        if self.options.small != self.options.size:
            small = self._small_search()
            name = f"search, p95 growth {self.options.small:,} → {self.options.size:,}"
            self.lines.append(at_most(name, large.p95 / small.p95, 2, "×", 2))
        asked = inside.statements(requests[0])
        alone = ceilings.statements(self.url, asked, self.options.seconds / 5)
        self.details["search_statements"] = alone
        self._measure_recall()
        for kind, found in alone.items():
            self.lines.append(Line(f"  bare SQL, {kind}", f"p50 {found['p50_ms']} p95 {found['p95_ms']} ms"))

    def _measure_recall(self) -> None:
        """Random needles of every kind against the plain truth."""
        found = truth.measure(self.url, count=truth.NEEDLES if not self.options.quick else 200)
        self.details["search_recall"] = found
        name = f"search, recall of {found['needles']:,} needles where {truth.PAGE} people or fewer fit"
        self.lines += [
            at_least(name, found["recall"], 1, "", 4),
            at_most(
                "  pages that are not in the order of how well people fit", found["out_of_order"], 0, "", 0
            ),
        ]
        for kind, one in found["kinds"].items():
            print(f"  recall, {kind}: {one['recall']:.4f} of {one['needles']} needles", flush=True)

    def _small_search(self) -> Figures:
        size = self.options.small
        url = self._hospital(size)
        requests = [needles.searches(url, size)] * CONNECTIONS
        with product(url, prepared=not self.options.quick) as served:
            return self._load(f"search_{size}", served, sessions.signed_in(served), requests, HTMX)

    # --- pages -----------------------------------------------------------------------------------

    def measure_pages(self) -> None:
        """The bare page first, then the pages people live in, each as a share of it."""
        with ceilings.bare(self.url) as (served, cookies):
            requests = [ceilings.bare_requests(self.options.size)] * CONNECTIONS
            bare = self._load("bare_page", served, cookies, requests)
        self.lines.append(
            Line("bare page: the ceiling", f"{bare.per_second:.1f} req/s, p95 {bare.p95:.1f} ms")
        )
        pages = (
            ("work list, 50 rows", 0.6, [needles.work_list(self.url)] * CONNECTIONS),
            ("patient page", 0.4, [needles.patients(self.url)] * CONNECTIONS),
            ("call screen", 0.4, needles.split(needles.calls(self.url), CONNECTIONS)),
        )
        for name, share, requests in pages:
            found = self._load(name.split(",")[0].replace(" ", "_"), *self.served, requests)
            part = found.per_second / bare.per_second
            figure = f"{part:.2f} × bare ({found.per_second:.1f} req/s, p95 {found.p95:.1f} ms)"
            self.lines.append(Line(name, figure, f"≥ {share} × bare", part >= share))

    def measure_slow(self) -> None:
        """The pages as usual, and beside people who send a byte a second and connections that say nothing."""
        requests = [needles.work_list(self.url)] * CONNECTIONS
        usual = self._load("work_list_usual", *self.served, requests)
        served, _cookies = self.served
        few = self.options.quick
        senders, idle = (20, 100) if few else (SLOW_SENDERS, IDLE_CONNECTIONS)
        with beside(served, senders=senders, idle=idle):
            slowed = self._load("work_list_beside_slow_senders", *self.served, requests)
        name = f"work list beside {senders} slow senders and {idle:,} idle connections, p95"
        figure = f"{slowed.p95 / usual.p95:.2f} × usual ({usual.p95:.1f} → {slowed.p95:.1f} ms)"
        self.lines.append(Line(name, figure, "≤ 2 × usual", slowed.p95 <= 2 * usual.p95))

    # --- planner, import, memory -----------------------------------------------------------------

    def measure_planner(self) -> None:
        found = inside.planner()
        self.details["planner"] = found
        times = found["planner_s"] / found["bare_insert_s"]
        name = f"planner, {found['rows']:,} contacts in {found['planner_s']} s"
        self.lines += [
            at_most(name, times, 2, "× bare INSERT … SELECT", 2),
            Line(
                "  it makes the rows of the bare statement",
                str(found["same_rows"]),
                "True",
                found["same_rows"],
            ),
            Line("  run again, nothing to do", f"{found['again_s']} s"),
        ]

    def measure_importing(self) -> None:
        """Printed by the exchange's own benchmark, which loads into a database of its own."""
        script = Path(__file__).with_name("import_speed.py")
        if not script.exists():
            return
        _installation, values = production(self.url)
        command = [sys.executable, str(script), "--json", *(["--quick"] if self.options.quick else [])]
        done = subprocess.run(
            command, env=values, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True, check=True
        )
        found = json.loads(done.stdout.strip().splitlines()[-1])
        self.details["import"] = found
        self.lines += [
            at_least("import, FHIR", found["fhir_per_s"], 1_500, "resources/s", 0),
            at_least("import, sheet of 5 columns, 3 things a row", found["calls_per_s"], 2_000, "rows/s", 0),
            at_least(
                "import, sheet of 12 columns, 5 things a row", found["encounters_per_s"], 2_000, "rows/s", 0
            ),
        ]
        if found.get("peak_mb"):
            self.lines.append(at_most("import, 1 GB file, memory", found["peak_mb"], 400, "MB", 0))

    def measure_journal(self) -> None:
        """Two processes write by hundreds while the journal is sealed."""
        _installation, values = production(self.url)
        found = journal_speed.measure(values, self.url, seconds=self.options.seconds)
        self.details["journal"] = found
        self.lines += [
            at_least("journal, two writers by hundreds, sealed", found["per_second"], 3_000, "entries/s", 0),
            at_most("  the longest an entry waits for its seal", found["longest_wait"], 5, "s"),
        ]

    def measure_matching(self) -> None:
        """Two sites' lists of people whose truth is known: nobody is ever put into another's record."""
        found = matching.run(300 if self.options.quick else 5_000)
        self.details["matching"] = found
        self.lines += [
            at_least(f"matching, precision over {found['rows']:,} rows", found["precision"], 1, "", 4),
            Line("  recall without asking anybody", f"{found['recall']:.4f} of {found['pairs']:,} pairs"),
            Line("  questions asked", f"{found['questions']:,}"),
            Line("  new people marked as likely duplicates", f"{found['likely_duplicates']:,}"),
        ]

    def measure_memory(self) -> None:
        """All processes as `./tantam up` runs them, at rest after everything that was asked of them."""
        served, cookies = self.served
        seen = [*needles.work_list(self.url), *needles.patients(self.url)[:20]]
        load(served, cookies, [seen] * CONNECTIONS, seconds=min(self.options.seconds, 2))
        inside.let_go()
        with psycopg.connect(self.url, autocommit=True) as connection:
            # What other parts did sets PostgreSQL to clean up for a while.
            processes.until_cleaned_up(connection)
            found = processes.memory(served)
            postgres = processes.postgres_memory(connection.info.backend_pid)
        self.details["memory"] = {"processes": found, "postgresql": postgres}
        workers = [one for one in found if one["process"] == "web worker"]
        largest = max(one["rss_mb"] for one in workers)
        everything = sum(one["pss_mb"] for one in found) + postgres.get("anonymous_mb", 0)
        resident = sum(one["rss_mb"] for one in found) + postgres.get("anonymous_mb", 0)
        self.lines += [
            at_most("memory, the larger web worker (RSS)", largest, 180, "MB", 0),
            at_most("memory, everything (RSS, shared pages counted again)", resident, 700, "MB", 0),
            Line("  shared pages counted once (PSS)", f"{everything:.0f} MB"),
        ]

    # --- the parts -------------------------------------------------------------------------------

    def _load(
        self,
        name: str,
        served: Served,
        cookies: list[str],
        requests: list[list[needles.Request]],
        headers: dict[str, str] | None = None,
    ) -> Figures:
        before = processes.processor_seconds(served)
        found = load(served, cookies, requests, seconds=self.options.seconds, headers=headers)
        spent = processes.processor_seconds(served) - before
        self._note(name, found, cpu_ms=round(spent / found.asked * 1000, 2))
        return found

    def _note(self, name: str, found: Figures, **more: Any) -> None:
        self.details[name] = found.as_json() | more
        words = [f"{found.per_second:.1f} req/s", f"p50 {found.p50:.1f}", f"p95 {found.p95:.1f} ms"]
        words += [f"{found.kilobytes:.0f} kB", *(f"{value} {key}" for key, value in more.items())]
        print(f"  {name}: {', '.join(words)}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
