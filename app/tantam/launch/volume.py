"""Whether a folder lies on an encrypted volume, as far as this machine shows it. Best effort, Linux only."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

SYS = Path("/sys")
MOUNTS = Path("/proc/self/mountinfo")
_IN_MEMORY = ("tmpfs", "ramfs")
_ENCRYPTING = ("ecryptfs", "fuse.gocryptfs", "fuse.encfs", "fuse.cryfs")


@dataclass(frozen=True)
class Volume:
    """Where a folder lies. `is_encrypted` is None when it cannot be seen, as in most containers."""

    device: str
    is_encrypted: bool | None
    how: str = ""


def of(folder: Path, *, mounts: Path = MOUNTS, sys: Path = SYS) -> Volume:
    """The volume below `folder`: its file system, its device and every device below that one."""
    try:
        number, kind, source = _mount_of(folder.resolve(), mounts.read_text())
    except (OSError, LookupError):
        return Volume("", None)
    if kind in _ENCRYPTING:
        return Volume(source, True, kind)
    if kind in _IN_MEMORY:
        return Volume(source, False)
    # File systems over several devices (btrfs, zfs, overlay) name none that the kernel's table of devices knows.
    block = sys / "dev" / "block" / number
    if not block.exists() and source.startswith("/dev/"):
        block = sys / "class" / "block" / os.path.basename(os.path.realpath(source))
    if not block.exists():
        return Volume(source, None)
    return Volume(source, _all_encrypted(block.resolve()), "dm-crypt")


def _mount_of(folder: Path, table: str) -> tuple[str, str, str]:
    """Device number, kind of file system and source of the mount `folder` lies on: the longest that fits."""
    best = ("", "", "", "")
    for line in table.splitlines():
        before, _, after = line.partition(" - ")
        words, more = before.split(), after.split()
        if len(words) < 5 or len(more) < 2:
            continue
        point = words[4].replace("\\040", " ")
        if (folder == Path(point) or Path(point) in folder.parents) and len(point) >= len(best[0]):
            best = (point, words[2], more[0], more[1])
    if not best[0]:
        raise LookupError(folder)
    return best[1:]


def _all_encrypted(block: Path) -> bool:
    """Whether everything below a device passes dm-crypt; a partition counts as the disk it is a part of."""
    identity = block / "dm" / "uuid"
    if identity.exists() and identity.read_text().startswith("CRYPT-"):
        return True
    below = list((block / "slaves").iterdir()) if (block / "slaves").is_dir() else []
    return bool(below) and all(_all_encrypted(path.resolve()) for path in below)
