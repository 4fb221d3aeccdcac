"""What rooms above add to the top of every page about a person: the next date, where they stand on care calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from tantam.accounts.models import Member
from tantam.patients.models import Patient


@dataclass(frozen=True, slots=True)
class HeaderFacts:
    """As far as the viewer may see; what is empty is not known or not theirs to see."""

    next_reexamination: date | None = None
    consent_label: str = ""
    consent_kind: str = "neutral"


HEADER_FACTS: list[Callable[[Patient, Member], HeaderFacts]] = []


def add_to_header(source: Callable[[Patient, Member], HeaderFacts]) -> None:
    """Called from `apps.ready()`. Pages that know these facts already hand them in, and are asked nothing."""
    if source not in HEADER_FACTS:
        HEADER_FACTS.append(source)
