"""Keeps the product's processes running until it is told to stop, then stops every one of them."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from tantam.launch.death import MARK, dies_with_parent, left_behind
from tantam.launch.voice import Trouble, say

SECONDS_TO_STOP = 10
LONGEST_PAUSE = 30
SECONDS_OF_HEALTH = 60
"""A process that ran this long counts as well again: its next crash is met with the shortest pause."""


@dataclass
class Child:
    """One process of the product."""

    name: str
    command: list[str]
    own: dict[str, str] = field(default_factory=dict)
    own_environment: dict[str, str] | None = None
    """All it finds in its environment; without, what the product's processes find."""
    options: dict[str, Any] = field(default_factory=dict, repr=False)
    """Further arguments for subprocess: another user, open sockets."""
    socket: Path | None = None
    """Where it listens: what a killed one left there is cleared before it starts again."""
    process: subprocess.Popen[bytes] | None = None
    crashes: int = 0
    started: float = 0
    due: float = 0
    unfinished_line: bytes = field(default=b"", repr=False)

    def start(self, environment: dict[str, str]) -> None:
        if self.socket is not None:
            self.socket.unlink(missing_ok=True)
        if self.own_environment is not None:
            environment = self.own_environment | {MARK: environment[MARK]}
        self.process = subprocess.Popen(
            self.command,
            env=environment | self.own,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for the supervisor alone
            preexec_fn=dies_with_parent(),
            **self.options,
        )
        self.started = time.monotonic()

    def signal(self, number: int) -> None:
        """Send a signal to the process and whatever it started."""
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Supervisor:
    """The running processes of one installation.

    A process that ends is started again after 1, 2, 4 … 30 seconds. While the product has not answered yet
    an ending process ends the start instead: what cannot start once will not start the tenth time.
    """

    def __init__(self, data: Path, environment: dict[str, str], children: Iterable[Child]) -> None:
        self.environment = environment | {MARK: str(data), "PYTHONUNBUFFERED": "1"}
        self.data = data
        self.children = list(children)
        self.selector = selectors.DefaultSelector()
        self.asked_to_stop = 0
        self._wake_out, self._wake_in = os.pipe()
        os.set_blocking(self._wake_in, False)
        os.set_blocking(self._wake_out, False)
        self.selector.register(self._wake_out, selectors.EVENT_READ, None)
        self._width = max(len(child.name) for child in self.children)

    def listen_for_signals(self) -> None:
        """Ctrl-C, SIGTERM and a closed terminal stop the product; a second one stops it at once."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop_asked)
        signal.set_wakeup_fd(self._wake_in, warn_on_full_buffer=False)

    def _stop_asked(self, number: int, frame: FrameType | None) -> None:
        self.asked_to_stop += 1
        if self.asked_to_stop > 1:
            for child in self.children:
                child.signal(signal.SIGKILL)

    def start(self, is_ready: Callable[[], bool], *, within: float) -> None:
        """Start every process and return once `is_ready`. Refuses with Trouble when one ends before that."""
        end_left_behind(self.data)
        for child in self.children:
            self._start(child)
        deadline = time.monotonic() + within
        while not self.asked_to_stop and not is_ready():
            self._pass_on_output(0.05)
            for child in self.children:
                if not child.is_running:
                    self._drain(child)
                    raise Trouble(
                        f"The process `{child.name}` ended while starting; its last words are above."
                    )
            if time.monotonic() > deadline:
                raise Trouble(f"The product did not answer within {within:.0f} seconds.")

    def run(self, tend: Callable[[], None]) -> None:
        """Watch until asked to stop; `tend` is called about once a second."""
        tended = time.monotonic()
        while not self.asked_to_stop:
            self._pass_on_output(1.0)
            now = time.monotonic()
            if now - tended >= 1:
                tended = now
                tend()
            for child in self.children:
                self._look_after(child, now)

    def _look_after(self, child: Child, now: float) -> None:
        if child.is_running:
            return
        if child.process is not None:
            self._drain(child)
            child.signal(signal.SIGKILL)  # its own children, should it have left any
            child.crashes = 0 if now - child.started > SECONDS_OF_HEALTH else child.crashes
            pause = min(2**child.crashes, LONGEST_PAUSE)
            child.crashes += 1
            child.due = now + pause
            self._print(
                child, f"ended ({_reason(child.process.returncode)}); starting again in {pause} s".encode()
            )
            child.process = None
        elif now >= child.due:
            self._start(child)

    def stop(self) -> None:
        """Stop every process: politely, and after 10 seconds not."""
        for child in self.children:
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + SECONDS_TO_STOP
        while any(child.is_running for child in self.children) and time.monotonic() < deadline:
            self._pass_on_output(0.05)
        for child in self.children:
            child.signal(signal.SIGKILL)
            if child.process is not None:
                child.process.wait()
            self._drain(child)

    # --- their output ---------------------------------------------------------------------------------------

    def _start(self, child: Child) -> None:
        child.start(self.environment)
        assert child.process is not None
        assert child.process.stdout is not None
        os.set_blocking(child.process.stdout.fileno(), False)
        self.selector.register(child.process.stdout, selectors.EVENT_READ, child)

    def _pass_on_output(self, wait: float) -> None:
        for key, _ in self.selector.select(wait):
            child: Child | None = key.data
            with suppress(BlockingIOError):
                received = os.read(key.fd, 65536)
                if child is None:
                    continue
                if received:
                    self._print_lines(child, received)
                else:
                    self.selector.unregister(key.fileobj)

    def _drain(self, child: Child) -> None:
        if child.process is None or child.process.stdout is None or child.process.stdout.closed:
            return
        stream = child.process.stdout
        with suppress(BlockingIOError):
            while received := os.read(stream.fileno(), 65536):
                self._print_lines(child, received)
        if child.unfinished_line:
            self._print_lines(child, b"\n")
        with suppress(KeyError):
            self.selector.unregister(stream)
        stream.close()

    def _print_lines(self, child: Child, received: bytes) -> None:
        *lines, child.unfinished_line = (child.unfinished_line + received).split(b"\n")
        for line in lines:
            self._print(child, line)

    def _print(self, child: Child, line: bytes) -> None:
        with suppress(OSError):  # a closed terminal is no reason to stop serving
            sys.stdout.buffer.write(b"%-*s | %s\n" % (self._width, child.name.encode(), line.rstrip()))
            sys.stdout.buffer.flush()


def _reason(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"code {code}"


def end_left_behind(data: Path) -> None:
    """End what a killed supervisor of `data` left behind."""
    if not (pids := left_behind(data)):
        return
    say(f"  ending {len(pids)} processes an earlier start left behind")
    for number, patience in ((signal.SIGTERM, 3.0), (signal.SIGKILL, 3.0)):
        for pid in pids:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, number)
        deadline = time.monotonic() + patience
        while (pids := left_behind(data)) and time.monotonic() < deadline:
            time.sleep(0.05)
        if not pids:
            return
