"""How a decision reached us, and how much of it we keep."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tantam.lib.scans import Scan
from tantam.privacy.models import (
    ConsentActor,
)

LONGEST_TEXT: Final = 8_000


LONGEST_EVIDENCE: Final = 500


MOST_EVIDENCE: Final = 5


@dataclass(frozen=True, slots=True)
class HowDecided:
    """In which way a decision reached us, by whom it was made, and where the proof is."""

    channel: str
    decided_by: str = ConsentActor.SELF
    representative_name: str = ""
    representative_relation: str = ""
    evidence: str = ""
    scan: Scan | None = None
    decided_at: datetime | None = None
