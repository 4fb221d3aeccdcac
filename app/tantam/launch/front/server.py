"""Caddy as one of the product's processes: found, given its sockets and its configuration, looked at."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sysconfig
import tempfile
from pathlib import Path

from tantam.launch import unprivileged
from tantam.launch.front.configuration import LIST_BODY, Site, configuration
from tantam.launch.places import Installation
from tantam.launch.supervisor import Child
from tantam.launch.voice import Trouble, warn

LONGEST_SOCKET_PATH = 100  # bytes; the kernel's limit is 108 on Linux, 104 elsewhere
BACKLOG = 4096
SECONDS_TO_VALIDATE = 15
MEMORY = "192MiB"
"""What Caddy tries to stay under; bodies on their way count."""


def program() -> Path | None:
    """Caddy out of its wheel; nothing where there is none for this platform."""
    path = Path(sysconfig.get_path("scripts")) / "caddy"
    return path if path.exists() else None


def for_installation(installation: Installation, *, name: str = "front") -> Front | None:
    """The front to start, or nothing: switched off, or no program for this platform (which is said).

    Several before one data folder, as in benchmarks, have a `name` each.
    """
    if not installation.front:
        return None
    found = program()
    if found is None:
        _do_without(installation, "Caddy has no wheel for this platform")
        return None
    front = Front(installation, found, name)
    try:
        front.open()
    except (OSError, subprocess.SubprocessError) as error:
        front.close()
        _do_without(installation, str(error))
        return None
    return front


def _do_without(installation: Installation, why: str) -> None:
    """Go on without a front, saying so; a name that people reach from outside is never served without one."""
    if installation.domain:
        raise Trouble(
            f"{installation.domain} cannot be served: {why}.",
            "./tantam up --front off behind a proxy of your own (docs/runbooks/front.md)",
        )
    warn(f"no server in front ({why}): slow senders can hold the pages up; see docs/runbooks/front.md")


class Front:
    """One Caddy before one installation. It is reached at the installation's address and reaches the product
    over two sockets nobody else may open."""

    def __init__(self, installation: Installation, found: Path, name: str = "front") -> None:
        self.installation = installation
        self.program = found
        self.folder = installation.data / name
        self.sockets = installation.run / name
        self.listening: list[socket.socket] = []
        self._validation: subprocess.Popen[str] | None = None
        self._temporary: str = ""

    # --- opened and closed ------------------------------------------------------------------------------------

    def open(self) -> None:
        """Take the ports, write the configuration, and have Caddy look at it while others start.

        Refuses with Trouble when a port cannot be had.
        """
        self.owner = unprivileged.owner_for(self.folder)
        if len(os.fsencode(self.sockets / "pages.sock")) > LONGEST_SOCKET_PATH:
            self._temporary = tempfile.mkdtemp(prefix="tantam-")
            self.sockets = Path(self._temporary)
        for folder in (self.folder, self.sockets):
            folder.mkdir(parents=True, exist_ok=True)
            self.owner.take(folder)
            unprivileged.open_way(self.owner, folder)
        unprivileged.open_way(self.owner, self.program)
        unprivileged.open_way(self.owner, self.installation.static)
        for path in (self.pages, self.live):
            path.unlink(missing_ok=True)
        installation = self.installation
        self.listening.append(_listen(installation.host, installation.port))
        if installation.domain:
            self.listening.append(_listen(installation.host, installation.port_plain))
        self._write()
        self._validation = subprocess.Popen(
            [str(self.program), "validate", "--config", str(self._configuration)],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            cwd="/",
            **self.owner.process_options(),
        )

    def _write(self) -> None:
        names = [f"fd/{one.fileno()}" for one in self.listening]
        own = (os.environ.get("TANTAM_CERTIFICATE", ""), os.environ.get("TANTAM_CERTIFICATE_KEY", ""))
        root = os.environ.get("TANTAM_ACME_ROOT", "")
        site = Site(
            pages=f"unix/{self.pages}",
            live=f"unix/{self.live}",
            static=self.installation.static,
            storage=self.folder / "storage",
            listen=names[:1],
            domain=self.installation.domain,
            port=self.installation.port,
            listen_plain=names[1:],
            port_plain=self.installation.port_plain,
            certificate=own if all(own) else None,
            acme=os.environ.get("TANTAM_ACME", ""),
            acme_roots=[root] if root else [],
            list_body=int(os.environ.get("TANTAM_IMPORT_MB", LIST_BODY // 1_000_000)) * 1_000_000,
        )
        self._configuration.write_text(json.dumps(configuration(site), indent=1))
        self.owner.take(self._configuration)

    def is_fit(self) -> bool:
        """Whether Caddy runs here and accepts its configuration; otherwise the ports are given back and it is said."""
        assert self._validation is not None
        try:
            _, said = self._validation.communicate(timeout=SECONDS_TO_VALIDATE)
        except subprocess.TimeoutExpired:
            self._validation.kill()
            said = "no answer"
        if self._validation.returncode == 0:
            return True
        self.close()
        lines = said.strip().splitlines() or ["no words"]
        _do_without(self.installation, f"Caddy does not start: {lines[-1]}")
        return False

    def close(self) -> None:
        """Give the ports back."""
        for one in self.listening:
            one.close()
        self.listening.clear()
        if self._temporary:
            shutil.rmtree(self._temporary, ignore_errors=True)

    # --- what the others need ---------------------------------------------------------------------------------

    @property
    def pages(self) -> Path:
        """The socket the web workers listen at."""
        return self.sockets / "pages.sock"

    @property
    def live(self) -> Path:
        return self.sockets / "live.sock"

    @property
    def _configuration(self) -> Path:
        return self.folder / "caddy.json"

    @property
    def environment(self) -> dict[str, str]:
        """All that Caddy is told of its surroundings: no address of a database, no secret."""
        home = str(self.folder)
        return {
            "HOME": home,
            "XDG_DATA_HOME": home,
            "XDG_CONFIG_HOME": home,
            "PATH": "/usr/bin:/bin",
            "GOMEMLIMIT": MEMORY,
            **{name: os.environ[name] for name in ("SSL_CERT_FILE", "SSL_CERT_DIR") if name in os.environ},
        }

    def child(self) -> Child:
        """The process, as the supervisor keeps it. Its ports stay open while it is started again: browsers wait."""
        return Child(
            "front",
            [str(self.program), "run", "--config", str(self._configuration)],
            own_environment=self.environment,
            options={
                **self.owner.process_options(),
                "pass_fds": [one.fileno() for one in self.listening],
                "cwd": "/",
            },
        )


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket. Refuses with Trouble when the port cannot be had."""
    everywhere = host in ("", "::")
    family = (
        socket.AF_INET6 if ":" in host or (everywhere and socket.has_dualstack_ipv6()) else socket.AF_INET
    )
    listening = socket.socket(family)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if everywhere and family == socket.AF_INET6:
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listening.bind(("" if everywhere else host, port))
        listening.listen(BACKLOG)
    except PermissionError:
        listening.close()
        raise Trouble(
            f"This user may not listen at port {port}.",
            "sysctl net.ipv4.ip_unprivileged_port_start=80   (or start as root: Caddy gives up its rights)",
        ) from None
    except OSError as error:
        listening.close()
        raise Trouble(
            f"{host or 'this machine'}:{port} cannot be used: {error.strerror}.",
            "choose another port with --port",
        ) from error
    return listening
