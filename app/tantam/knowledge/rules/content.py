"""What a guide says, and when and for whom it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tantam.facility.models import Speciality
from tantam.knowledge.models import GuideVersion, Occasion


@dataclass(frozen=True, slots=True)
class GuideContent:
    """What a version of a guide holds: lines of text, and the names of the patient's facts to show."""

    goals: Sequence[str]
    questions: Sequence[str]
    facts: Sequence[str] = ()
    cautions: Sequence[str] = ()

    @classmethod
    def of(cls, version: GuideVersion) -> GuideContent:
        return cls(version.goals, version.questions, version.facts, version.cautions)

    def equals(self, version: GuideVersion) -> bool:
        return (list(self.goals), list(self.questions), list(self.facts), list(self.cautions)) == (
            version.goals,
            version.questions,
            version.facts,
            version.cautions,
        )


@dataclass(frozen=True, slots=True)
class GuideScope:
    """When and for whom a guide is."""

    occasion: Occasion | str
    speciality: Speciality | None = None
    diagnosis_prefixes: str = ""
    mark: str = ""
