from __future__ import annotations

from procrastinate.contrib.django import app

from tantam.accounts.models import Member
from tantam.care.models import CareRule
from tantam.care.operations.planning import plan_all, replan_rule
from tantam.journal.live import announce


@app.task(name="care.plan", queue="planning", queueing_lock="care.plan", lock="care.plan", retry=3)
def plan_contacts(timestamp: int = 0) -> None:
    """Bring all contacts up to date. `timestamp` is when the schedule meant it to run."""
    plan_all()


@app.task(name="care.plan_saved_rule", queue="planning", retry=3)
def plan_saved_rule(rule_id: int, actor_id: int) -> None:
    """Bring one rule's contacts up to date and tell the page of whoever saved it."""
    rule = CareRule.objects.get(pk=rule_id)
    replan_rule(rule, actor=Member.objects.get(pk=actor_id))
    announce(f"member:{actor_id}:care-rule")
