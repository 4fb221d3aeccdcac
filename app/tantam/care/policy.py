"""What the organisation may tune in care: how far ahead, how persistently, and at what hours it calls (B4, B6)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from tantam.care.models import AttemptResult


@dataclass(frozen=True, slots=True)
class CarePolicy:
    """How persistent and how considerate we are (B4, B6). Minutes and days are whole numbers."""

    horizon_days: int = 30
    """Contacts are planned this many days ahead."""
    late_days: int = 7
    """A contact after a visit that should have been made up to this long ago is still planned, for today."""
    give_up_days: int = 60
    """An open contact this long overdue is closed: it would only puzzle the patient."""
    near_days: int = 3
    """Two contacts with one patient closer than this are shown to whoever writes a rule."""
    claim_minutes: int = 30
    """A claim without any activity for this long is free again."""
    calls_from: time = time(8, 0)
    calls_until: time = time(20, 0)
    """Nobody is called before or after these hours, in the site's zone."""
    attempts_a_day: int = 3
    attempts_in_all: int = 5
    wait_minutes: dict[str, int] = field(
        default_factory=lambda: {
            AttemptResult.NO_ANSWER: 120,
            AttemptResult.BUSY: 20,
            AttemptResult.UNREACHABLE: 240,
            AttemptResult.CALL_BACK: 120,
            AttemptResult.WRONG_NUMBER: 0,
        }
    )
    """How long the next try waits, by the result of this one."""

    @property
    def claim_age(self) -> timedelta:
        return timedelta(minutes=self.claim_minutes)

    def may_call_at(self, moment: datetime) -> bool:
        """Whether `moment`, in its own zone, lies within calling hours."""
        return self.calls_from <= moment.timetz().replace(tzinfo=None) < self.calls_until


DEFAULT = CarePolicy()


def current_policy() -> CarePolicy:
    """The policy in force."""
    return DEFAULT
