"""What a patient told us in a call, as choices and in their words; and how the doctor reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tantam.care.models import Confirmation, Experience, FindingKind, Health, is_worrying
from tantam.care.rules.wording import in_the_records_language
from tantam.lib.text import clean_text
from tantam.records.models import Trend

LONGEST_TEXT = 2_000
COVERED_DAYS = 2
"""Other contacts with the patient due within so many days are settled by a conversation."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the patient told us, as choices and in their words. Empty means not asked."""

    experience: str = ""
    experience_note: str = ""
    health: str = ""
    symptoms_before: str = ""
    symptoms_after: str = ""
    confirmation: str = ""
    note: str = ""
    spoke_with: str = ""

    @property
    def is_worrying(self) -> bool:
        return is_worrying(health=self.health, experience=self.experience)

    @property
    def is_empty(self) -> bool:
        answers = (self.experience, self.health, self.confirmation)
        return not any(answers) and not any(self.words)

    @property
    def words(self) -> tuple[str, ...]:
        return (self.note, self.experience_note, self.symptoms_before, self.symptoms_after)

    def cleaned(self) -> Outcome:
        """The same with safe text; raises ValueError on a choice that does not exist."""
        return Outcome(
            experience=Experience(self.experience),
            experience_note=clean_text(self.experience_note, max_length=500),
            health=Health(self.health),
            symptoms_before=clean_text(self.symptoms_before, max_length=500),
            symptoms_after=clean_text(self.symptoms_after, max_length=500),
            confirmation=Confirmation(self.confirmation),
            note=clean_text(self.note, max_length=LONGEST_TEXT),
            spoke_with=clean_text(self.spoke_with, max_length=120),
        )


def in_words(outcome: Outcome) -> str:
    """The conversation as the doctor reads it, in the organisation's language."""
    with in_the_records_language():
        parts = []
        if outcome.health:
            parts.append(_("Health: %(answer)s") % {"answer": _lower(Health(outcome.health).label)})
        if outcome.symptoms_before:
            parts.append(_("Before: %(words)s") % {"words": outcome.symptoms_before})
        if outcome.symptoms_after:
            parts.append(_("Now: %(words)s") % {"words": outcome.symptoms_after})
        if outcome.experience:
            parts.append(
                _("Examination: %(answer)s") % {"answer": _lower(Experience(outcome.experience).label)}
            )
        if outcome.experience_note:
            parts.append(f"“{outcome.experience_note}”")
        if outcome.confirmation:
            parts.append(
                _("Re-examination: %(answer)s") % {"answer": _lower(Confirmation(outcome.confirmation).label)}
            )
        if outcome.note:
            parts.append(outcome.note)
        return ". ".join(part.rstrip(".") for part in parts) + "."


def _lower(label: object) -> str:
    text = str(label)
    return text[:1].lower() + text[1:]


def concerns_managers(kind: str, details: Mapping[str, object]) -> bool:
    """Whether the site's managers hear of it besides the doctor: a patient is worse, or a need is unmet (B8)."""
    is_worse = details.get("health") == Health.WORSE or details.get("trend") == Trend.WORSE
    return kind == FindingKind.NEED_UNMET or is_worse
