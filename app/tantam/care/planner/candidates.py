"""Whom a rule reaches: one query, shared by the planner, the reconciling and the preview before saving.

Each query answers rows (source_kind, source_id, patient_id, site_id, speciality_id, encounter_id,
reexamination_id, doctor_id, anchor_on, due_on) for the days in a PlanningDays table.
"""

from __future__ import annotations

from typing import Any

from tantam.care.models import CareRule
from tantam.care.planner.calendar import PlanningDays
from tantam.knowledge.models import Occasion
from tantam.privacy.queries import contact_refused

Params = dict[str, Any]

# A visit is found by when it began, which the index knows; an inpatient stay may have ended this much later.
LONGEST_STAY_DAYS = 60

CALENDAR = """unnest(%(c_site)s::bigint[], %(c_anchor)s::date[], %(c_due)s::date[], %(c_today)s::date[])
    AS c(site_id, anchor_on, due_on, today)"""

_BEFORE = f"""
SELECT 'reexamination' AS source_kind, r.id AS source_id, r.patient_id, r.site_id,
       COALESCE(r.speciality_id, e.speciality_id) AS speciality_id, e.id AS encounter_id,
       r.id AS reexamination_id, COALESCE(r.doctor_id, e.doctor_id) AS doctor_id, c.anchor_on, c.due_on
FROM records_reexamination r
JOIN {CALENDAR} ON c.site_id = r.site_id AND c.anchor_on = r.due_on
JOIN patients_patient p ON p.id = r.patient_id AND p.status = 'active'
LEFT JOIN records_encounter e ON e.id = COALESCE(
    r.encounter_id,
    (SELECT x.id FROM records_encounter x
     WHERE x.patient_id = r.patient_id AND x.status IN ('in_progress', 'finished')
     ORDER BY x.started_at DESC LIMIT 1))
WHERE r.status IN ('planned', 'confirmed') AND r.due_on BETWEEN %(first)s AND %(last)s
  AND NOT {contact_refused("r.patient_id")}"""

# The inner query is kept whole (OFFSET 0): its rows meet the days in one hash join.
_AFTER = f"""
SELECT 'encounter' AS source_kind, e.id AS source_id, e.patient_id, e.site_id, e.speciality_id,
       e.id AS encounter_id, NULL::bigint AS reexamination_id, e.doctor_id, c.anchor_on, c.due_on
FROM (SELECT v.id, v.patient_id, v.site_id, v.speciality_id, v.doctor_id,
             (COALESCE(v.ended_at, v.started_at) AT TIME ZONE s.time_zone)::date AS day
      FROM records_encounter v JOIN facility_site s ON s.id = v.site_id
      WHERE v.status = 'finished'
        AND v.started_at >= %(first)s::date - interval '{LONGEST_STAY_DAYS + 1} days'
        AND v.started_at < %(last)s::date + interval '2 days'
        AND COALESCE(v.ended_at, v.started_at) >= %(first)s::date - interval '1 day'
      OFFSET 0) AS e
JOIN {CALENDAR} ON c.site_id = e.site_id AND c.anchor_on = e.day
JOIN patients_patient p ON p.id = e.patient_id AND p.status = 'active'
WHERE NOT {contact_refused("e.patient_id")}"""

_DIAGNOSIS_OF_ENCOUNTER = """
  AND EXISTS (SELECT 1 FROM records_diagnosis d
              WHERE d.patient_id = {source}.patient_id AND d.code LIKE ANY (%(prefixes)s::text[])
                AND {encounter})"""
# A re-examination that names no visit is about any active diagnosis of the patient.
BEFORE_ENCOUNTER = """(d.encounter_id = r.encounter_id
                     OR ((r.encounter_id IS NULL OR d.encounter_id IS NULL) AND d.status = 'active'))"""
AFTER_ENCOUNTER = "d.encounter_id = e.id"
# What a re-examination does not say of itself, the visit it follows does.
BEFORE_SPECIALITY = "COALESCE(r.speciality_id, e.speciality_id)"
AFTER_SPECIALITY = "e.speciality_id"


def candidates(
    rule: CareRule, days: PlanningDays, *, patient_id: int | None = None, sites: list[int] | None = None
) -> tuple[str, Params]:
    """The query and its parameters; only one patient's rows, or those of some sites, when asked."""
    before = rule.occasion == Occasion.BEFORE_REEXAMINATION
    source = "r" if before else "e"
    params: Params = {**days.columns(), "first": days.first, "last": days.last}
    sql = _BEFORE if before else _AFTER
    if rule.site_id is not None:
        sql += f"\n  AND {source}.site_id = %(site)s"
        params["site"] = rule.site_id
    if sites is not None:
        sql += f"\n  AND {source}.site_id = ANY (%(sites)s)"
        params["sites"] = sites
    if patient_id is not None:
        if not before:
            sql = sql.replace("OFFSET 0", "AND v.patient_id = %(patient)s\n      OFFSET 0")
        sql += f"\n  AND {source}.patient_id = %(patient)s"
        params["patient"] = patient_id
    if rule.speciality_id is not None:
        sql += f"\n  AND {BEFORE_SPECIALITY if before else AFTER_SPECIALITY} = %(speciality)s"
        params["speciality"] = rule.speciality_id
    if rule.diagnosis_prefixes:
        sql += _DIAGNOSIS_OF_ENCOUNTER.format(
            source=source, encounter=BEFORE_ENCOUNTER if before else AFTER_ENCOUNTER
        )
        params["prefixes"] = patterns(rule)
    return sql, params


def patterns(rule: CareRule) -> list[str]:
    """LIKE patterns of the rule's code beginnings, with the wildcards that people type taken literally."""
    return [
        prefix.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        for prefix in rule.diagnosis_prefixes
    ]


def not_planned_yet(rule: CareRule, *, counting_open: bool) -> tuple[str, Params]:
    """Leaves out sources this rule has already seen to, for a query over `candidate`.

    A contact that people finished or closed is not planned again for the same day of the same source; one the
    planner closed by itself may be. An open one counts as planned when `counting_open`.
    """
    if rule._state.adding:
        return "TRUE", {}
    state = "t.status = 'open' OR " if counting_open else "t.status <> 'open' AND "
    return (
        f"""NOT EXISTS (
            SELECT 1 FROM care_caretask t
            WHERE t.source_kind = candidate.source_kind AND t.source_id = candidate.source_id
              AND t.rule_id = %(rule)s
              AND ({state}(t.anchor_on = candidate.anchor_on
                           AND t.closed_reason <> ALL (%(by_planner)s::text[]))))""",
        {"rule": rule.pk},
    )
