"""Locks between launchers: advisory locks on files, which the kernel lets go of however a process ends."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType


class Lock:
    """One lock file. Shared holders exclude an exclusive one, and the reverse."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.handle: int | None = None

    def take(self, *, shared: bool = False, wait: float = 0) -> bool:
        """Take the lock, trying for `wait` seconds; says whether it was had. Changes an own lock's kind."""
        if self.handle is None:
            self.handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        deadline = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(self.handle, kind | fcntl.LOCK_NB)
                return True
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    return False
                time.sleep(0.05)

    def write(self, text: str) -> None:
        """Leave a line for whoever finds the lock taken."""
        assert self.handle is not None
        os.ftruncate(self.handle, 0)
        os.pwrite(self.handle, text.encode(), 0)

    def read(self) -> str:
        return self.path.read_text() if self.path.exists() else ""

    def let_go(self) -> None:
        if self.handle is not None:
            os.close(self.handle)
            self.handle = None

    def __enter__(self) -> Lock:
        self.take(wait=float("inf"))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.let_go()
