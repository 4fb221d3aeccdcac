"""Make the virtual environment and install the locked requirements into it.

Run by path with the system's Python before anything is installed, so it imports nothing but the standard
library. Several launchers may start at once and any of them may be killed: one works while the others wait,
and a mark stands in the environment for as long as packages are being unpacked. An environment found with
that mark is made anew, because a half-unpacked package passes for an installed one.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

REQUIREMENTS = "requirements.txt"
ROOM_NEEDED = 1 << 30  # bytes


class Unmet(Exception):
    """Something the machine lacks, with the command that mends it."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.remedy = remedy


def is_installed(venv: Path, requirements: Path) -> bool:
    """Whether the digests in `requirements` are the ones installed last."""
    installed = venv / f"installed-{requirements.name}"
    return installed.exists() and installed.read_bytes() == requirements.read_bytes()


def make(venv: Path) -> None:
    """Make `venv` from nothing. Refuses with Unmet when this Python cannot make environments."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    try:
        import ensurepip
        import venv as venv_module
    except ImportError:
        raise Unmet(
            f"Python {version} is here, but its venv module is not.",
            f"apt-get install python3-venv   (or python{version}-venv)",
        ) from None
    del ensurepip
    try:
        venv_module.EnvBuilder(clear=True, with_pip=True, symlinks=True).create(venv)
    except (OSError, subprocess.CalledProcessError) as error:
        raise Unmet(
            f"The virtual environment {venv} could not be made: {error}",
            f"make the folder writable and free some disk, or apt-get install python{version}-venv",
        ) from error


def is_sound(venv: Path) -> bool:
    """Whether `venv` can be installed into: complete, unmarked, made by a Python that is still there."""
    if (venv / "installing").exists() or not (venv / "bin" / "python").exists():
        return False
    probe = [str(venv / "bin" / "python"), "-c", "import sys, pip; sys.exit(sys.version_info < (3, 11))"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


def install(venv: Path, requirements: Path) -> None:
    """Install exactly what `requirements` pins. Refuses with Unmet when a package cannot be had."""
    free = shutil.disk_usage(venv).free
    if free < ROOM_NEEDED:
        raise Unmet(
            f"{free >> 20} MB are free at {venv}; installing the packages takes {ROOM_NEEDED >> 20} MB.",
            "free some disk, then start again",
        )
    print(f"tantam: installing {requirements.name} …", file=sys.stderr, flush=True)
    mark = venv / "installing"
    mark.touch()
    command = [
        *(str(venv / "bin" / "python"), "-m", "pip", "install", "-qq", "--no-input", "--require-hashes"),
        *("--no-deps", "--no-compile", "--disable-pip-version-check", "--no-warn-script-location"),
        *("-r", str(requirements)),
    ]
    environment = os.environ | {"PIP_ROOT_USER_ACTION": "ignore"}
    environment.pop("PYTHONPATH", None)
    if subprocess.run(command, env=environment, check=False).returncode:
        # Packages are fetched before any is unpacked: an index out of reach leaves the old ones whole.
        mark.unlink()
        raise Unmet(
            f"The packages in {requirements.name} could not be installed (see above).",
            "check that a package index can be reached, then start again",
        )
    copy = venv / f"installed-{requirements.name}.new"
    shutil.copyfile(requirements, copy)
    copy.replace(venv / f"installed-{requirements.name}")
    mark.unlink()


def prepare(checkout: Path, wanted: str) -> None:
    """Bring `.venv` to what the locks say; with the development lock on top when `wanted` names it."""
    # Several checkouts may share one environment by a link: they wait for each other where it really lies. What
    # one of them is unpacking would be thrown away by the next as half-unpacked otherwise.
    venv = (checkout / ".venv").resolve()
    # The lock is on the folder itself: nothing to leave behind, released by the kernel however we end.
    handle = os.open(venv.parent, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not is_sound(venv):
            make(venv)
        for name in dict.fromkeys((REQUIREMENTS, wanted)):
            if not is_installed(venv, checkout / name):
                install(venv, checkout / name)
    finally:
        os.close(handle)


if __name__ == "__main__":
    try:
        prepare(Path(sys.argv[1]), sys.argv[2])
    except Unmet as unmet:
        print(f"tantam: {unmet}\n        Mend it with:  {unmet.remedy}", file=sys.stderr)
        sys.exit(69)
    except KeyboardInterrupt:
        sys.exit(130)
