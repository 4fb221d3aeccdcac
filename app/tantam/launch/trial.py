"""`test`: the gate and the tests, on a database that is thrown away afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tantam.launch import database, gate, keys, parts, preparation
from tantam.launch.cluster import OWNER, Cluster
from tantam.launch.places import CHECKOUT, Installation, environment
from tantam.launch.voice import Trouble, say, step, warn

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
AT_ONCE = 2
"""Test processes; the product's own machine for the tests has two cores."""


def test(arguments: list[str]) -> int:
    """Everything, or with `arguments` only pytest with these. Returns the exit code."""
    began = time.monotonic()
    ensure_browser(needed=not arguments)
    with throw_away_installation() as values:
        preparation.compile_catalogues(values)
        parts.ensure()
        if arguments:
            return run_pytest(arguments, values)
        failed = gate.pass_through(values)
        tests_began = time.monotonic()
        if run_pytest(["-n", str(AT_ONCE), "--durations=10"], values):
            failed.append("tests")
        say(
            f"     tests took {time.monotonic() - tests_began:.1f} s, everything {time.monotonic() - began:.1f} s"
        )
    say("passed" if not failed else f"FAILED: {', '.join(failed)}")
    return 1 if failed else 0


def run_pytest(arguments: list[str], values: dict[str, str]) -> int:
    command = gate.tool("pytest", *arguments)
    return subprocess.run(command, cwd=CHECKOUT, env=values, check=False).returncode


@contextmanager
def throw_away_installation() -> Iterator[dict[str, str]]:
    """The environment of an installation in a temporary folder, gone when the block ends.

    `DATABASE_URL` lends a real server instead of the embedded one; the tests make their own databases there.
    """
    data = Path(tempfile.mkdtemp(prefix="tantam-test-"))
    data.chmod(0o711)
    installation = Installation(data=data)
    installation.make_folders()
    keys.ensure(installation.keys)
    cluster: Cluster | None = None
    try:
        url = database.real_server()
        if not url:
            cluster = Cluster(data, throw_away=True)
            cluster.start()
            database.prepare_embedded(cluster, may_create_databases=True)
            url = cluster.url(role=OWNER)
        values = environment(installation, database_url=url) | browser_environment()
        yield values | {"TANTAM_TEST_DATA": str(data)}
    finally:
        if cluster is not None:
            cluster.stop()
        shutil.rmtree(data, ignore_errors=True)


def find_browser() -> str:
    """The browser the tests drive; empty when there is none."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), "")


def browser_environment() -> dict[str, str]:
    browser = find_browser()
    return {"CHROMIUM": browser} if browser else {}


def ensure_browser(*, needed: bool) -> None:
    """Have Chromium: installed from Debian when root, asked for when not.

    Refuses with Trouble when it is `needed` and cannot be had.
    """
    if find_browser():
        return
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        with step("Chromium (apt-get)"):
            failure = _install_browser(apt)
        if not failure and find_browser():
            return
        warn(failure)
    trouble = Trouble("Chromium is missing; the browser tests need it.", "sudo apt-get install chromium")
    if needed:
        raise trouble
    warn(str(trouble))


def _install_browser(apt: str) -> str:
    """Install Debian's Chromium; returns what went wrong, or nothing."""
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    install = [apt, "install", "-y", "-q", "--no-install-recommends", "chromium"]
    for command in ([apt, "update", "-q"], install):
        done = subprocess.run(command, env=quiet, capture_output=True, text=True, check=False)
        if done.returncode:
            return f"`{' '.join(command)}` failed:\n{done.stderr.strip()}"
    return ""
