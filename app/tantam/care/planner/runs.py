"""The planner over everyone, as the night's job runs it."""

from __future__ import annotations

from datetime import date

from django.db import connection

from tantam.care.models import CareRule
from tantam.care.operations.planning import plan_rule, settle
from tantam.care.planner.contacts import tell_lists
from tantam.care.rules.results import PlanResult

_MANY = 500
_ANALYSED = (
    "rule_id, source_kind, source_id, status, patient_id, site_id, action, priority, due_on, anchor_on"
)


def plan_all(*, today: date | None = None) -> PlanResult:
    """Bring all contacts up to date: close and move what is planned, then plan what is missing (B4).

    `today` stands for the day it is at every site; by default each site's own. Each rule is a transaction
    of its own with one journal entry when anything changed.
    """
    result = settle(today=today, actor=None)
    for rule in CareRule.objects.filter(is_active=True).order_by("id"):
        result += plan_rule(rule, today=today, actor=None)
    if result.planned >= _MANY:
        # The table is not what it was: without fresh figures the next run would be planned for an empty one.
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE care_caretask ({_ANALYSED})")
    tell_lists(result.sites)
    return result
