"""Whom a rule will reach in the next days, before it is saved (B4; J11). The planner's own query, only counted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from tantam.care.models import CLOSED_BY_PLANNER, CareRule
from tantam.care.planner.calendar import planning_days
from tantam.care.planner.candidates import candidates, not_planned_yet
from tantam.care.policy import current_policy

PATIENTS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Reached:
    """One patient the rule will reach."""

    patient_id: int
    name: str
    code: str
    birth: date | int | None
    site_id: int
    anchor_on: date
    due_on: date
    is_covered: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """How many contacts a rule asks for on each day, and the first of them.

    `covered` counts those whose patient another rule already contacts within a few days.
    """

    by_day: list[tuple[date, int]] = field(default_factory=list)
    covered: int = 0
    patients: list[Reached] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(count for _day, count in self.by_day)

    @property
    def busiest(self) -> tuple[date, int] | None:
        return max(self.by_day, key=lambda pair: pair[1], default=None)


_PREVIEW = """
WITH candidate AS MATERIALIZED (
    SELECT candidate.* FROM ({candidates}) AS candidate WHERE {missing}
), marked AS MATERIALIZED (
    SELECT candidate.*, EXISTS (
        SELECT 1 FROM care_caretask o
        WHERE o.patient_id = candidate.patient_id AND o.status = 'open'
          AND o.rule_id IS DISTINCT FROM %(rule)s
          AND o.due_on BETWEEN candidate.due_on - %(near)s AND candidate.due_on + %(near)s) AS is_covered
    FROM candidate)
SELECT (SELECT COALESCE(jsonb_agg(jsonb_build_array(due_on, n, covered) ORDER BY due_on), '[]')
        FROM (SELECT due_on, count(*) AS n, count(*) FILTER (WHERE is_covered) AS covered
              FROM marked GROUP BY due_on) AS days),
       (SELECT COALESCE(jsonb_agg(jsonb_build_array(
                   p.id, p.full_name, p.code, p.birth_date, p.birth_year, f.site_id, f.anchor_on, f.due_on,
                   f.is_covered) ORDER BY f.due_on, f.source_id), '[]')
        FROM (SELECT * FROM marked ORDER BY due_on, source_id LIMIT %(shown)s) AS f
        JOIN patients_patient p ON p.id = f.patient_id)"""


def preview(rule: CareRule, *, sites: Sequence[int], today: date | None = None) -> Preview:
    """What the rule, saved or not, reaches at `sites` until the horizon. What it has already done is left out."""
    policy = current_policy()
    days = planning_days([rule], policy, today=today)
    query, params = candidates(rule, days, sites=list(sites))
    missing, more = not_planned_yet(rule, counting_open=False)
    params |= more | {
        "rule": rule.pk,
        "near": policy.near_days,
        "shown": PATIENTS_SHOWN,
        "by_planner": list(CLOSED_BY_PLANNER),
    }
    with connection.cursor() as cursor:
        cursor.execute(_PREVIEW.format(candidates=query, missing=missing), params)
        by_day, patients = _loaded(cursor.fetchone())
    return Preview(
        by_day=[(date.fromisoformat(day), count) for day, count, _covered in by_day],
        covered=sum(covered for _day, _count, covered in by_day),
        patients=[_reached(row) for row in patients],
    )


def _loaded(row: Any) -> tuple[list[Any], list[Any]]:
    first, second = row
    return (
        json.loads(first) if isinstance(first, str) else first,
        json.loads(second) if isinstance(second, str) else second,
    )


def _reached(row: Sequence[Any]) -> Reached:
    patient_id, name, code, birth_date, birth_year, site_id, anchor_on, due_on, is_covered = row
    return Reached(
        patient_id=patient_id,
        name=name,
        code=code,
        birth=date.fromisoformat(birth_date) if birth_date else birth_year,
        site_id=site_id,
        anchor_on=date.fromisoformat(anchor_on),
        due_on=date.fromisoformat(due_on),
        is_covered=is_covered,
    )
