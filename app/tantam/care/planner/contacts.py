"""Contacts written in one statement a rule, and the lists told of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db import connection

from tantam.care.models import CLOSED_BY_PLANNER, CareRule
from tantam.care.planner.calendar import PlanningDays
from tantam.care.planner.candidates import candidates, not_planned_yet
from tantam.care.planner.statements import INSERT
from tantam.journal.live import announce


def insert_contacts(rule: CareRule, days: PlanningDays, *, patient_id: int | None = None) -> Counter[int]:
    """Insert the missing contacts of one rule; how many, by site. The natural key refuses what is there."""
    query, params = candidates(rule, days, patient_id=patient_id)
    missing, more = not_planned_yet(rule, counting_open=True)
    params |= more | {
        "rule": rule.pk,
        "occasion": rule.occasion,
        "action": rule.action,
        "priority": rule.priority,
        "assigned_role": rule.assigned_role,
        "assigned_to": rule.assigned_to_id,
        "by_planner": list(CLOSED_BY_PLANNER),
    }
    with connection.cursor() as cursor:
        cursor.execute(INSERT.format(candidates=query, missing=missing), params)
        return Counter(dict(cursor.fetchall()))


def tell_lists(sites: Iterable[int]) -> None:
    """Have the open work lists of the sites look again."""
    for site_id in sites:
        announce(f"site:{site_id}:work-list")
