"""How much one member may look at before the privacy officers hear of it. Nobody at work is stopped (D9)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LookPolicy:
    """Records opened and lists of names shown, by one member: above these numbers the privacy officers are told."""

    opens_a_minute: int = 30
    opens_a_day: int = 600
    lists_a_minute: int = 120
    lists_a_day: int = 3_000


def current_policy() -> LookPolicy:
    return LookPolicy()
