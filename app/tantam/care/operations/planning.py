"""The planner (B4): rules become contacts, set by set, and contacts follow the dates they are about.

Nothing here loops over patients. A contact's natural key makes every run repeatable: two planners at
once, or a run after a crash, plan nothing twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from tantam.accounts.models import Member
from tantam.care.events import CareEvent
from tantam.care.models import CLOSED_BY_PLANNER, CareRule, CareTask
from tantam.care.planner.calendar import PlanningDays, planning_days
from tantam.care.planner.candidates import candidates, not_planned_yet, patterns
from tantam.care.planner.statements import BEST_HOURS, CLOSE_FOLLOW_UPS, INSERT, SETTLE, SETTLE_BY_SOURCE
from tantam.care.policy import CarePolicy, current_policy
from tantam.care.rules.claims import freed_before
from tantam.facility.queries import site_todays
from tantam.journal.live import announce
from tantam.journal.operations import nothing_changed, operation, record, record_many
from tantam.patients.models import Patient

# One planner of everyone at a time for one rule: the second waits and then finds nothing left to do. A planner of
# one patient holds that patient instead; where the two meet, the natural key lets one contact through.
_PLANNER_LOCK = 7_341
_MANY = 500
_ANALYSED = (
    "rule_id, source_kind, source_id, status, patient_id, site_id, action, priority, due_on, anchor_on"
)


@dataclass(frozen=True, slots=True)
class PlanResult:
    """How many contacts a run planned, moved to another day, and closed."""

    planned: int = 0
    moved: int = 0
    closed: int = 0
    sites: frozenset[int] = field(default_factory=frozenset)

    def __add__(self, other: PlanResult) -> PlanResult:
        return PlanResult(
            self.planned + other.planned,
            self.moved + other.moved,
            self.closed + other.closed,
            self.sites | other.sites,
        )

    def __bool__(self) -> bool:
        return bool(self.planned or self.moved or self.closed)


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
    _tell(result.sites)
    return result


def plan_patient(patient_id: int, *, today: date | None = None) -> PlanResult:
    """The same for one patient, right after something in their record changed."""
    result = settle(patient_id=patient_id, today=today, actor=None)
    for rule in CareRule.objects.filter(is_active=True).order_by("id"):
        result += plan_rule(rule, patient_id=patient_id, today=today, actor=None)
    _tell(result.sites)
    return result


@operation
def replan_rule(rule: CareRule, *, actor: Member | None, today: date | None = None) -> PlanResult:
    """Bring one rule's contacts up to date after it was saved; always leaves an entry, so that its page can tell."""
    result = settle(rule=rule, today=today, actor=actor)
    result += plan_rule(rule, today=today, actor=actor, always_record=True, so_far=result)
    _tell(result.sites)
    return result


@operation
def plan_rule(
    rule: CareRule,
    *,
    patient_id: int | None = None,
    today: date | None = None,
    always_record: bool = False,
    so_far: PlanResult | None = None,
    actor: Member | None,
) -> PlanResult:
    """Plan the contacts this rule asks for within the horizon and that are not there yet."""
    policy = current_policy()
    planned: Counter[int] = Counter()
    if rule.is_active:
        if patient_id is not None:
            # Never behind a run over everyone, which may take long: nobody could call the patient meanwhile.
            Patient.objects.held(patient_id)
        else:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_PLANNER_LOCK, rule.pk])
        days = planning_days([rule], policy, today=today)
        planned = insert_contacts(rule, days, patient_id=patient_id)
    result = PlanResult(planned=planned.total(), sites=frozenset(planned))
    if result or always_record:
        counts = so_far or PlanResult()
        details: dict[str, Any] = {"planned": result.planned}
        if always_record:
            details |= {"moved": counts.moved, "closed": counts.closed, "revision": rule.revision}
        if patient_id is not None:
            details["patient"] = patient_id
        record(CareEvent.TASKS_PLANNED, rule, actor=actor, **details)
    else:
        nothing_changed()
    return result


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


@operation
def settle(
    *,
    rule: CareRule | None = None,
    patient_id: int | None = None,
    today: date | None = None,
    actor: Member | None,
) -> PlanResult:
    """Move open contacts to where their re-examination or visit now puts them, close those that lost their cause.

    A contact someone is making right now is never closed under their hands. One entry per rule touched.
    """
    if patient_id is not None:
        Patient.objects.held(patient_id)
    policy = current_policy()
    rules = [rule] if rule is not None else list(CareRule.objects.order_by("id"))
    params = _settling(rules, policy, today) | {
        "only_rule": rule.pk if rule is not None else None,
        "only_patient": patient_id,
    }
    moved: Counter[int] = Counter()
    closed: Counter[int] = Counter()
    sites: set[int] = set()
    with connection.cursor() as cursor:
        for source in SETTLE_BY_SOURCE:
            cursor.execute(SETTLE.format(**source), params)
            for rule_id, site_id, was_closed, was_moved in cursor.fetchall():
                sites.add(site_id)
                closed[rule_id] += was_closed
                moved[rule_id] += was_moved
        follow_ups: dict[int, str] = {}
        if rule is None:
            cursor.execute(CLOSE_FOLLOW_UPS, params)
            follow_ups = dict(cursor.fetchall())
            if patient_id is None:
                cursor.execute(BEST_HOURS)
    if follow_ups:
        ended = list(CareTask.objects.filter(pk__in=follow_ups))
        sites |= {task.site_id for task in ended}
        for reason in sorted(set(follow_ups.values())):
            closing = [task for task in ended if follow_ups[task.pk] == reason]
            record_many(CareEvent.TASK_CLOSED, closing, actor=actor, reason=reason)
    by_id = {each.pk: each for each in rules}
    touched = sorted(rule_id for rule_id in {*moved, *closed} if moved[rule_id] or closed[rule_id])
    for rule_id in touched:
        details = {"moved": moved[rule_id], "closed": closed[rule_id]}
        if patient_id is not None:
            details["patient"] = patient_id
        record(CareEvent.TASK_MOVED, by_id[rule_id], actor=actor, **details)
    if not touched and not follow_ups:
        nothing_changed()
    return PlanResult(moved=moved.total(), closed=closed.total() + len(follow_ups), sites=frozenset(sites))


def _settling(rules: Iterable[CareRule], policy: CarePolicy, today: date | None) -> dict[str, Any]:
    rules = list(rules)
    # A contact moved beyond these days gets its plain date now, and an open day when it comes closer.
    days = planning_days(
        [rule for rule in rules if rule.is_active], policy, today=today, ahead=2 * policy.horizon_days
    )
    todays = site_todays(today)
    pairs = [(rule.pk, pattern) for rule in rules for pattern in patterns(rule)]
    return days.columns() | {
        "d_site": list(todays),
        "d_today": list(todays.values()),
        "u_rule": [rule_id for rule_id, _pattern in pairs],
        "u_pattern": [pattern for _rule_id, pattern in pairs],
        "freed": freed_before(),
        "give_up_days": policy.give_up_days,
    }


def _tell(sites: Iterable[int]) -> None:
    for site_id in sites:
        announce(f"site:{site_id}:work-list")
