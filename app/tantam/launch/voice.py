"""What the launcher says, and how it gives up."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Trouble(Exception):
    """A reason to stop, in a sentence for whoever runs the installation, and what mends it."""

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(what)
        self.remedy = remedy

    def __str__(self) -> str:
        what = super().__str__()
        return f"{what}\n        Mend it with:  {self.remedy}" if self.remedy else what


def say(sentence: str) -> None:
    """Print one line for the person at the terminal."""
    print(sentence, flush=True)


def warn(sentence: str) -> None:
    """Print one line that is wrong but stops nothing."""
    print(f"tantam: {sentence}", file=sys.stderr, flush=True)


@contextmanager
def step(name: str) -> Iterator[None]:
    """Name a piece of work before it starts and its duration, in seconds, after it ended well."""
    print(f"  {name} …", end="", flush=True)
    started = time.monotonic()
    try:
        yield
    except BaseException:
        print(" failed", flush=True)
        raise
    print(f" {time.monotonic() - started:.1f} s", flush=True)
