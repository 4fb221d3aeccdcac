"""PostgreSQL refuses to run as root. Started by root, it runs as a user of its own."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tantam.launch.voice import Trouble, warn

USER = "tantam"


@dataclass(frozen=True)
class Owner:
    """Who PostgreSQL runs as and who owns its files; `None` means whoever started the launcher."""

    uid: int | None = None
    gid: int | None = None

    def process_options(self) -> dict[str, Any]:
        """Arguments for subprocess that make the child this owner."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def take(self, path: Path) -> None:
        """Make `path` this owner's, closed to everyone else."""
        path.chmod(0o700 if path.is_dir() else 0o600)
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)


def owner_for(existing: Path) -> Owner:
    """Who may run PostgreSQL over `existing`: its owner when it is there, else a user without rights."""
    if os.geteuid() != 0:
        return Owner()
    if existing.exists() and (status := existing.stat()).st_uid != 0:
        return Owner(status.st_uid, status.st_gid)
    entry = _find(USER) or _make(USER) or _find("nobody")
    if entry is None:
        raise Trouble(
            "PostgreSQL may not run as root and there is no other user to run it as.",
            f"useradd --system --no-create-home {USER}",
        )
    return Owner(entry.pw_uid, entry.pw_gid)


def _find(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _make(name: str) -> pwd.struct_passwd | None:
    useradd = shutil.which("useradd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if useradd is None:
        return None
    command = [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name]
    subprocess.run(command, capture_output=True, check=False)
    return _find(name)


def open_way(owner: Owner, path: Path) -> None:
    """Let `owner` reach `path`: adds the right to pass through, never to look, to folders in the way."""
    if owner.uid is None:
        return
    for folder in reversed(path.resolve().parents):
        status = folder.stat()
        if status.st_mode & stat.S_IXOTH or (status.st_uid == owner.uid and status.st_mode & stat.S_IXUSR):
            continue
        folder.chmod(stat.S_IMODE(status.st_mode) | stat.S_IXOTH)
        warn(
            f"{folder} may now be passed through (chmod o+x): PostgreSQL runs as another user and lives below."
        )


def open_programs(owner: Owner, root: Path) -> None:
    """Let `owner` read and run the programs under `root`, as a tight umask at installation forbids."""
    if owner.uid is None:
        return
    open_way(owner, root)
    samples = [root, *root.iterdir(), *root.glob("*/*")]
    if all(_is_open(path) for path in samples):
        return
    for path in (root, *root.rglob("*")):
        if not path.is_symlink() and not _is_open(path):
            path.chmod(stat.S_IMODE(path.stat().st_mode) | _wanted(path))


def _wanted(path: Path) -> int:
    runs = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
    return stat.S_IROTH | (stat.S_IXOTH if runs else 0)


def _is_open(path: Path) -> bool:
    wanted = _wanted(path)
    return path.stat().st_mode & wanted == wanted
