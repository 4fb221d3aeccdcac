"""Where an installation keeps its things, and the environment its processes run in."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tantam.launch.voice import Trouble

CHECKOUT = Path(__file__).resolve().parents[3]
CODE = CHECKOUT / "app"


@dataclass(frozen=True, kw_only=True)
class Installation:
    """One running copy of the product: a data folder and the address it answers at."""

    data: Path
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    threads: int = 2
    """In each worker. More than two only take turns holding the interpreter, which the slowest pages pay for."""
    front: bool = True
    """Whether Caddy stands before the pages; a hospital with a proxy of its own goes without."""
    domain: str = ""
    """The name people reach it by, over TLS with a certificate of its own."""
    port_plain: int = 80
    """With a name: where plain HTTP is answered with a redirect."""

    @property
    def keys(self) -> Path:
        return self.data / "keys"

    @property
    def run(self) -> Path:
        """Locks, stamps and sockets: nothing in here is worth a backup."""
        return self.data / "run"

    @property
    def static(self) -> Path:
        return self.data / "static"

    @property
    def address(self) -> str:
        if self.domain:
            return f"https://{self.domain}" + ("" if self.port == 443 else f":{self.port}")
        return f"http://{display_host(self.host)}:{self.port}"

    @property
    def purpose(self) -> str:
        """`demo`, `real`, or empty for a data folder nobody has started yet."""
        path = self.data / "purpose"
        return path.read_text().strip() if path.exists() else ""

    def make_folders(self) -> None:
        """Make the data folder. Others may pass through it, since PostgreSQL runs as someone else under root,
        but what is personal lies in folders of their own that only the owner opens."""
        try:
            for folder, mode in ((self.data, 0o711), (self.run, 0o711), (self.data / "files", 0o700)):
                if not folder.exists():
                    folder.mkdir(parents=True, exist_ok=True)
                    folder.chmod(mode)
        except OSError as error:
            raise Trouble(
                f"The data folder {self.data} cannot be used: {error.strerror}.",
                "choose another with --data DIR, or make it yours with chown",
            ) from error


def display_host(host: str) -> str:
    """The host as a browser on this machine writes it."""
    if host in ("0.0.0.0", "::", ""):  # nosec B104 - read, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def environment(installation: Installation, *, database_url: str) -> dict[str, str]:
    """What the product's processes find in their environment (see config/settings.py)."""
    values = os.environ | {
        "PYTHONPATH": str(CODE),
        "PYTHONSAFEPATH": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": database_url,
        "TANTAM_DATA": str(installation.data),
        "TANTAM_PORT": str(installation.port),
        "TANTAM_DEMO": "1" if installation.purpose == "demo" else "0",
    }
    values.pop("DATABASE_OWNER_URL", None)  # for migrations alone
    if installation.domain:
        values["TANTAM_HTTPS"] = "1"
    values.setdefault("TANTAM_DEBUG", "0")
    hosts = ["localhost", "127.0.0.1", "[::1]", installation.domain or display_host(installation.host)]
    values.setdefault("TANTAM_HOSTS", ",".join(dict.fromkeys(hosts)))
    return values


def django_command(*arguments: str) -> list[str]:
    """The command line of one of the product's management commands."""
    return [sys.executable, "-P", "-m", "django", *arguments]


def has_command(name: str) -> bool:
    """Whether a room brings the management command `name`; looks at files, starts nothing."""
    return any(CODE.glob(f"tantam/*/management/commands/{name}.py"))


def digest(paths: Iterable[Path], *, contents: bool = True) -> str:
    """One digest over files and folders.

    With `contents` what is in them counts; without, name, size and time of change do, which is quick enough
    for thousands of files at every start.
    """
    total = hashlib.sha256()
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if not file.is_file() or "__pycache__" in file.parts:
                continue
            total.update(str(file).encode())
            if contents:
                total.update(file.read_bytes())
            else:
                status = file.stat()
                total.update(f"{status.st_size}:{status.st_mtime_ns}".encode())
    return total.hexdigest()


class Stamp:
    """A note that a piece of work was done for a certain state of things; written whole or not at all."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def says(self, value: str) -> bool:
        return self.path.exists() and self.path.read_text() == value

    def write(self, value: str) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        fresh.write_text(value)
        fresh.replace(self.path)

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)
