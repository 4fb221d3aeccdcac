"""The embedded PostgreSQL: made, started, recovered and stopped in a data folder.

One launcher owns the server and is its parent; other launchers of the same data folder use it meanwhile and
are waited for before it stops. The server dies with its owner, so nothing is left to adopt: what a killed
launcher leaves is a server on its way out, which the next start waits for.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

from tantam.launch import binaries, keys, tuning, unprivileged
from tantam.launch.death import dies_with_parent
from tantam.launch.locks import Lock
from tantam.launch.voice import Trouble

SUPERUSER = "postgres"
OWNER = "tantam_owner"
"""Owns the tables; signs in for migrations alone."""
USER = "tantam"
"""What the product signs in as: it reads and writes rows, and changes no table (launch/grants.py)."""
DATABASE = "tantam"
LONGEST_SOCKET_PATH = 100  # bytes; the kernel's limit is 108 on Linux, 104 elsewhere
SECONDS_TO_START = 60
SECONDS_TO_STOP = 30
SECONDS_TO_WAIT = 120

HBA = """\
# Passwords always: other users of this machine reach the socket and the port too.
local all all scram-sha-256
host  all all 127.0.0.1/32 scram-sha-256
host  all all ::1/128 scram-sha-256
"""


class Cluster:
    """The server of one data folder."""

    def __init__(self, data: Path, *, throw_away: bool = False) -> None:
        self.data = data
        self.run = data / "run"
        self.folder = data / "postgres"
        self.sockets = self.run / "postgres"
        self.throw_away = throw_away
        self.process: subprocess.Popen[bytes] | None = None
        self._ownership = Lock(self.run / "postgres.owner")
        self._use = Lock(self.run / "postgres.users")

    # --- made -----------------------------------------------------------------------------------------------

    def make(self) -> None:
        """Make the cluster when there is none; under another name until it is whole."""
        self.programs = binaries.find()
        self.owner = unprivileged.owner_for(self.folder)
        for root in self.programs.roots:
            unprivileged.open_programs(self.owner, root)
        unprivileged.open_way(self.owner, self.folder)
        keys.ensure(self.data / "keys", keys.DATABASE_KEYS)
        keys.ensure(self.data / "owner", keys.OWNER_KEYS)
        if self.folder.exists():
            self._refuse_other_version()
            return
        unfinished = self.data / "postgres.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        self.owner.take(unfinished)
        password = unfinished.with_name("postgres.password")
        password.write_text(self.password(SUPERUSER))
        self.owner.take(password)
        try:
            self._initdb(unfinished, password)
        finally:
            password.unlink()
        self._write(unfinished / "pg_hba.conf", HBA)
        with (unfinished / "postgresql.conf").open("a") as conf:
            conf.write("\ninclude_if_exists = 'tantam.conf'\ninclude_if_exists = 'local.conf'\n")
        unfinished.rename(self.folder)

    def _initdb(self, folder: Path, password: Path) -> None:
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        if self.programs.major < 17:
            locale = ["--locale=C.UTF-8"]
        command = [
            *(self.programs.path("initdb"), "-D", str(folder), "-U", SUPERUSER, "--encoding=UTF8", *locale),
            *("--auth=scram-sha-256", f"--pwfile={password}", "--text-search-config=simple"),
            *(["--no-sync"] if self.throw_away else []),
        ]
        done = subprocess.run(
            command, capture_output=True, text=True, cwd="/", check=False, **self.owner.process_options()
        )
        if done.returncode:
            raise Trouble(f"PostgreSQL could not make its data folder {folder}:\n{done.stderr.strip()}")

    def _refuse_other_version(self) -> None:
        made_by = (self.folder / "PG_VERSION").read_text().strip()
        if made_by != str(self.programs.major):
            raise Trouble(
                f"{self.folder} was made by PostgreSQL {made_by}; the programs here are {self.programs.major}.",
                "dump with the old programs (pg_dump) and load into a new data folder, or use pg_upgrade",
            )

    def _write(self, path: Path, text: str) -> None:
        path.write_text(text)
        self.owner.take(path)

    def password(self, role: str) -> str:
        """A role's password. Those of the owner and the superuser lie where the product's keys are not."""
        if role == USER:
            return (self.data / "keys" / "database_password").read_text().strip()
        return (self.data / "owner" / f"{role}_password").read_text().strip()

    # --- started and stopped --------------------------------------------------------------------------------

    def start(self, *, alone: bool = False) -> None:
        """Have the server answer: start it and own it, or use the one another launcher of this folder owns.

        With `alone` a server owned by someone else is not used; two minutes are given to whoever has it.
        """
        self.run.mkdir(parents=True, exist_ok=True)
        deadline = time.monotonic() + SECONDS_TO_WAIT
        while not self._ownership.take():
            if not alone and self._use.take(shared=True):
                break  # whoever owns it stops it only after we have let go
            if time.monotonic() > deadline:
                raise Trouble(
                    f"Another command is using the database of {self.data}.", "wait for it to end, or stop it"
                )
            time.sleep(0.05)
        else:
            self.make()
            self._end_left_over()
            self._launch()
            self._use.take(shared=True, wait=SECONDS_TO_WAIT)
        self._wait_until_ready()

    def _launch(self) -> None:
        if not self.sockets.exists():
            self.sockets.mkdir()
        if self.owner.uid is not None and self.owner.gid is not None:
            os.chown(self.sockets, self.owner.uid, self.owner.gid)
        settings = tuning.settings(
            port=self._free_port(),
            socket_folder=str(self.sockets) if self._socket_fits() else "",
            throw_away=self.throw_away,
        )
        self._write(self.folder / "tantam.conf", tuning.as_text(settings))
        with self._start_log().open("wb") as log:
            self.process = subprocess.Popen(
                [self.programs.path("postgres"), "-D", str(self.folder)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,  # Ctrl-C is for the launcher, which stops the server last
                preexec_fn=dies_with_parent(signal.SIGINT),
                **self.owner.process_options(),
            )

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + SECONDS_TO_START
        relaunches = 0
        while time.monotonic() < deadline:
            if self.process is not None and self.process.poll() is not None:
                # Servers killed hard take a moment to let go of their memory.
                if "still in use" not in self._start_log().read_text(errors="replace") or relaunches == 20:
                    break
                relaunches += 1
                time.sleep(0.5)
                self._launch()
            if self._status() == "ready":
                return
            time.sleep(0.02)
        said = self._start_log().read_text(errors="replace").strip() if self._start_log().exists() else ""
        raise Trouble(f"PostgreSQL did not start in {self.folder}:\n{said}\n(see also {self.folder / 'log'})")

    def _status(self) -> str:
        """What the server's own note says: `starting`, `ready`, `stopping`; empty when there is none."""
        try:
            lines = (self.folder / "postmaster.pid").read_text().splitlines()
        except OSError:
            return ""
        if self.process is not None and lines[:1] != [str(self.process.pid)]:
            return ""
        return lines[7].strip() if len(lines) > 7 else ""

    def _start_log(self) -> Path:
        return self.run / "postgres.start.log"

    def _end_left_over(self) -> None:
        """End a server a killed launcher left, and forget a note whose process number has gone to another."""
        note = self.folder / "postmaster.pid"
        try:
            pid = int(note.read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return
        if not _is_postgres(pid, self.folder):
            note.unlink(missing_ok=True)
            return
        for number, patience in ((signal.SIGINT, SECONDS_TO_STOP), (signal.SIGQUIT, 10), (signal.SIGKILL, 5)):
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                return
            deadline = time.monotonic() + patience
            while time.monotonic() < deadline:
                if not _is_postgres(pid, self.folder):
                    return
                time.sleep(0.05)

    def stop(self) -> None:
        """Let go of the server; its owner stops it, once nobody else uses it."""
        self._use.let_go()
        if self.process is None:
            self._ownership.let_go()
            return
        users = Lock(self.run / "postgres.users")
        users.take(wait=600)
        if self.process.poll() is None:
            for number, patience in (
                (signal.SIGINT, SECONDS_TO_STOP),
                (signal.SIGQUIT, 10),
                (signal.SIGKILL, 5),
            ):
                self.process.send_signal(number)
                try:
                    self.process.wait(patience)
                    break
                except subprocess.TimeoutExpired:
                    continue
        self.process = None
        # In this order: a newcomer who finds no users but an owner would wait for a server that is gone.
        self._ownership.let_go()
        users.let_go()

    def restart_if_gone(self) -> bool:
        """Start the server again when it ended by itself; says whether it had to."""
        if self.process is None or self.process.poll() is None:
            return False
        self._launch()
        self._wait_until_ready()
        return True

    # --- its address ----------------------------------------------------------------------------------------

    def _socket_fits(self) -> bool:
        return len(os.fsencode(self.sockets / ".s.PGSQL.65535")) <= LONGEST_SOCKET_PATH

    def _free_port(self) -> int:
        """The port used last when it is free, so that addresses written down stay right; else a new one."""
        remembered = self.run / "postgres.port"
        candidates = [int(remembered.read_text())] if remembered.exists() else []
        for candidate in (*candidates, 0):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", candidate))
                except OSError:
                    continue
                port = int(probe.getsockname()[1])
            remembered.write_text(str(port))
            return port
        raise Trouble("No free port on 127.0.0.1 for PostgreSQL.")

    def url(self, *, role: str = USER, database: str = DATABASE) -> str:
        """The address of `database` for a role; over the socket where there is one."""
        port = (self.run / "postgres.port").read_text()
        user, password = role, self.password(role)
        if self._socket_fits():
            return (
                f"postgresql://{user}:{password}@:{port}/{database}?host={quote(str(self.sockets), safe='')}"
            )
        return f"postgresql://{user}:{password}@127.0.0.1:{port}/{database}"


def _is_postgres(pid: int, folder: Path) -> bool:
    """Whether process `pid` is alive and a PostgreSQL server over `folder`."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return False
        asked = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, check=False)
        return b"postgres" in asked.stdout and os.fsencode(folder) in asked.stdout
    return b"postgres" in words[0] and os.fsencode(folder) in words
