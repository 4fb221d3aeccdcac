"""Folders other users may pass through: under root PostgreSQL runs as someone else.

pytest's own temporary folders are closed, and closed again by every pytest that starts beside this one.
"""

import shutil
import tempfile
from pathlib import Path

import pytest

from tests.launcher.running import Running, free_port


@pytest.fixture
def place():
    folder = Path(tempfile.mkdtemp(prefix="tantam-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def shared_place():
    folder = Path(tempfile.mkdtemp(prefix="tantam-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def hospital():
    """One product, started once for every test that only asks it something."""
    folder = Path(tempfile.mkdtemp(prefix="tantam-"))
    folder.chmod(0o711)
    running = Running(folder / "d", free_port())
    try:
        running.wait_until_ready(within=600)
        yield running
    finally:
        running.end()
        shutil.rmtree(folder, ignore_errors=True)
