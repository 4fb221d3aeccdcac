"""Which day a contact falls on, for every site and day at once, as a small table the planner joins with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from tantam.care.models import CareRule
from tantam.care.policy import CarePolicy
from tantam.facility.models import Site
from tantam.facility.queries import (
    LONGEST_CLOSURE_DAYS,
    nearest_open_day,
    open_days,
    site_todays,
    sites_by_id,
)
from tantam.knowledge.models import Occasion


@dataclass(frozen=True, slots=True)
class PlanningDays:
    """Parallel columns: at `site_ids[n]`, what happens on `anchors[n]` asks for a contact on `due_ons[n]`."""

    rule_ids: list[int]
    site_ids: list[int]
    anchors: list[date]
    due_ons: list[date]
    todays: list[date]

    @property
    def first(self) -> date:
        return min(self.anchors, default=date.max)

    @property
    def last(self) -> date:
        return max(self.anchors, default=date.min)

    def columns(self) -> dict[str, list[int] | list[date]]:
        return {
            "c_rule": self.rule_ids,
            "c_site": self.site_ids,
            "c_anchor": self.anchors,
            "c_due": self.due_ons,
            "c_today": self.todays,
        }


def planning_days(
    rules: Iterable[CareRule], policy: CarePolicy, *, today: date | None = None, ahead: int | None = None
) -> PlanningDays:
    """The days on which the rules ask for contacts from now until the horizon.

    Before a re-examination the contact moves back to an open day, after a visit forward to one; a day
    that has passed becomes today. `ahead` looks further than the horizon, to find where moved contacts belong.
    """
    rules = list(rules)
    days = PlanningDays([], [], [], [], [])
    if not rules:
        return days
    todays = site_todays(today)
    longest = max(rule.days for rule in rules)
    ahead = policy.horizon_days if ahead is None else ahead
    reach = timedelta(days=ahead + longest + policy.late_days + 2 * LONGEST_CLOSURE_DAYS)
    now = min(todays.values())
    is_open = open_days(sites_by_id().values(), now - reach, max(todays.values()) + reach)
    for rule in rules:
        for site in sites_by_id().values():
            if rule.site_id in (None, site.pk):
                _add(days, rule, site, todays[site.pk], is_open[site.pk], policy, ahead)
    return days


def _add(
    days: PlanningDays,
    rule: CareRule,
    site: Site,
    today: date,
    is_open: set[date],
    policy: CarePolicy,
    ahead: int,
) -> None:
    before = rule.occasion == Occasion.BEFORE_REEXAMINATION
    direction = -1 if before else 1
    if before:
        # On the day itself it is too late for a contact before it, unless the rule means that day. A longer
        # closure moves the contact back, so later re-examinations may be due within the horizon too.
        anchors = range(min(rule.days, 1), ahead + rule.days + LONGEST_CLOSURE_DAYS + 1)
    else:
        anchors = range(-policy.late_days - rule.days - LONGEST_CLOSURE_DAYS, ahead - rule.days + 1)
    for offset in anchors:
        anchor = today + timedelta(days=offset)
        target = nearest_open_day(anchor + direction * timedelta(days=rule.days), is_open, step=direction)
        if target > today + timedelta(days=ahead) or (
            not before and target < today - timedelta(days=policy.late_days)
        ):
            continue
        days.rule_ids.append(rule.pk or 0)
        days.site_ids.append(site.pk)
        days.anchors.append(anchor)
        days.due_ons.append(max(target, today))
        days.todays.append(today)
