"""Children that do not outlive their parent."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

_PR_SET_PDEATHSIG = 1
# Looked up before any fork: a child between fork and exec may not load libraries.
_prctl = ctypes.CDLL(None, use_errno=True).prctl if sys.platform == "linux" else None

MARK = "TANTAM_SUPERVISED"
"""Set to the data folder in every supervised process, so that a later start knows what an earlier one left."""


def dies_with_parent(signal_number: int = signal.SIGTERM) -> Callable[[], None]:
    """For subprocess's preexec_fn: the kernel sends the child `signal_number` when this process is gone.

    Kept across exec, lost when the user changes, which subprocess does before it calls this. Linux only;
    elsewhere nothing is promised but what the next start cleans up.
    """
    parent = os.getpid()

    def in_child() -> None:
        if _prctl is not None:
            _prctl(_PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
            if os.getppid() != parent:  # it went between fork and here
                os._exit(1)

    return in_child


def left_behind(data: Path) -> list[int]:
    """Processes an earlier supervisor of `data` left running. Linux only; elsewhere none are known."""
    wanted = f"{MARK}={data}".encode()
    found: list[int] = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
        except OSError:
            continue
    return [pid for pid in found if pid != os.getpid()]
