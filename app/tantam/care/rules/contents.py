"""What a care rule says, before it is saved and after."""

from __future__ import annotations

from dataclasses import dataclass, fields

from tantam.accounts.models import Member
from tantam.accounts.permissions import Role
from tantam.care.models import Action, CareRule, Priority
from tantam.facility.models import Site, Speciality
from tantam.knowledge.models import Guide, Occasion


@dataclass(frozen=True, slots=True)
class RuleContent:
    """What a rule says (B4): when, for whom, what, how important, who, and with which guide."""

    name: str
    occasion: Occasion | str
    days: int
    action: Action | str = Action.CALL
    priority: Priority | int = Priority.NORMAL
    site: Site | None = None
    speciality: Speciality | None = None
    diagnosis_prefix: str = ""
    assigned_role: Role | str = Role.CARE_AGENT
    assigned_to: Member | None = None
    guide: Guide | None = None

    def as_rule(self, rule: CareRule | None = None) -> CareRule:
        """The rule as it would be, not saved: what the preview plans with."""
        drafted = CareRule() if rule is None else rule
        for each in fields(self):
            setattr(drafted, each.name, getattr(self, each.name))
        return drafted


def content_of(rule: CareRule) -> RuleContent:
    """What a saved rule says."""
    return RuleContent(**{each.name: getattr(rule, each.name) for each in fields(RuleContent)})
