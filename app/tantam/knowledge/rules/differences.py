"""How two versions of a guide differ, line by line."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """One line in the comparison of two versions: `same`, `added` or `removed`."""

    kind: str
    text: str


def differences(before: Sequence[str], after: Sequence[str]) -> list[Difference]:
    """How a list of lines became another, line by line, removed before added."""
    shown: list[Difference] = []
    matcher = difflib.SequenceMatcher(a=list(before), b=list(after), autojunk=False)
    for tag, a_from, a_to, b_from, b_to in matcher.get_opcodes():
        if tag == "equal":
            shown += [Difference("same", line) for line in before[a_from:a_to]]
            continue
        shown += [Difference("removed", line) for line in before[a_from:a_to]]
        shown += [Difference("added", line) for line in after[b_from:b_to]]
    return shown
