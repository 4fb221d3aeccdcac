"""How long a page may wait is the launcher's to say, for the processes that answer pages and no others."""

from __future__ import annotations

from pathlib import Path

from config.settings import _database
from tantam.launch.serve import WEB_LIMITS
from tantam.launch.supervisor import Child


def test_only_pages_are_impatient(monkeypatch):
    """A job, an import or a command takes the time it needs."""
    url = "postgresql://tantam@127.0.0.1/tantam"
    assert "timeout" not in _database(url)["OPTIONS"]["options"]
    for name, value in WEB_LIMITS.items():
        monkeypatch.setenv(name, value)

    options = _database(url)["OPTIONS"]["options"]

    assert "-c lock_timeout=3000" in options
    assert "-c statement_timeout=20000" in options


def test_a_process_of_the_product_has_what_is_its_own(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    child = Child("web", ["sh", "-c", f"echo $TANTAM_LOCK_TIMEOUT $OTHER > {seen}"], WEB_LIMITS)

    child.start({"PATH": "/usr/bin:/bin", "OTHER": "kept"})
    assert child.process is not None
    child.process.wait(timeout=20)
    if child.process.stdout is not None:
        child.process.stdout.close()

    assert seen.read_text().split() == [WEB_LIMITS["TANTAM_LOCK_TIMEOUT"], "kept"]
