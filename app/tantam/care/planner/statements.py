"""The planner's statements. See `operations/planning.py` for what they promise."""

from __future__ import annotations

from collections.abc import Mapping

from tantam.care.models import RESET_BY_CLOSING
from tantam.care.planner.candidates import AFTER_ENCOUNTER, AFTER_SPECIALITY, BEFORE_ENCOUNTER
from tantam.care.rules.claims import claimed_sql
from tantam.privacy.queries import contact_refused

_HOUR_BAND = "(extract(hour FROM a.made_at AT TIME ZONE z.time_zone)::int / 2) * 2"

INSERT = f"""
WITH planned AS (
    INSERT INTO care_caretask (
        rule_id, source_kind, source_id, occurrence, patient_id, site_id, speciality_id, encounter_id,
        reexamination_id, doctor_id, occasion, action, priority, anchor_on, due_on, best_hour, status,
        assigned_role, assigned_to_id, attempts, needs_supervisor, closed_reason)
    SELECT %(rule)s, candidate.source_kind, candidate.source_id,
           COALESCE((SELECT max(t.occurrence) + 1 FROM care_caretask t
                     WHERE t.source_kind = candidate.source_kind AND t.source_id = candidate.source_id
                       AND t.rule_id = %(rule)s), 0),
           candidate.patient_id, candidate.site_id, candidate.speciality_id, candidate.encounter_id,
           candidate.reexamination_id, candidate.doctor_id, %(occasion)s, %(action)s, %(priority)s,
           candidate.anchor_on, candidate.due_on,
           CASE WHEN EXISTS (SELECT 1 FROM care_callattempt a WHERE a.patient_id = candidate.patient_id)
                THEN COALESCE((SELECT mode() WITHIN GROUP (ORDER BY {_HOUR_BAND})
                               FROM care_callattempt a JOIN facility_site z ON z.id = candidate.site_id
                               WHERE a.patient_id = candidate.patient_id AND a.result = 'answered'), 24)
                ELSE 24 END,
           'open', %(assigned_role)s, %(assigned_to)s, 0, false, ''
    FROM ({{candidates}}) AS candidate
    WHERE {{missing}}
    ON CONFLICT DO NOTHING
    RETURNING site_id)
SELECT site_id, count(*) FROM planned GROUP BY site_id"""


def closing(reason: str, *, when: str = "true", otherwise: Mapping[str, str] | None = None) -> str:
    """`CareTask.close` for an UPDATE of `t`: the columns it sets where `when` holds, all others as they are.

    `reason` is an SQL expression. `otherwise` says what becomes of a column of a contact that stays open.
    """
    written = {"status": "'closed'", "closed_reason": reason, "closed_at": "now()"}
    written |= {column: _LITERALS[value] for column, value in RESET_BY_CLOSING.items()}
    kept = {column: f"t.{column}" for column in written} | dict(otherwise or {})
    return ",\n    ".join(
        f"{column} = CASE WHEN {when} THEN {value} ELSE {kept[column]} END"
        for column, value in written.items()
    )


_LITERALS: Mapping[object, str] = {None: "NULL", False: "false"}

_CLOSING_SETTLED = closing(
    "w.reason",
    when="w.reason IS NOT NULL",
    # Tries that wait were about the day before.
    otherwise={"next_attempt_at": "CASE WHEN w.moves THEN NULL ELSE t.next_attempt_at END"},
)

# Rows another transaction holds are passed over: they are someone's call, or another planner's work.
#
# Nearly every run finds nothing to do, so this is made for looking. `state` is materialized because both branches
# of `wanted` ask for the reason. The rule of a calendar day is compared so that it cannot be merged on: contacts
# come sorted by rule, and merging on that alone meets every contact with every day of its rule.
SETTLE = f"""
WITH state AS MATERIALIZED (
    SELECT t.id, {{anchor}} AS anchor_on, {{site}} AS site_id,
           COALESCE(c.due_on, GREATEST({{target}}, d.today)) AS due_on, d.today,
           COALESCE({{doctor}}, t.doctor_id) AS doctor_id,
           CASE WHEN EXISTS (SELECT 1 FROM patients_patient p
                             WHERE p.id = t.patient_id AND p.status <> 'active') THEN 'patient_inactive'
                WHEN {{refused}} THEN 'consent_refused'
                {{gone}}
                WHEN NOT rule.is_active OR rule.occasion <> '{{occasion}}'
                  OR rule.site_id IS NOT NULL AND rule.site_id <> {{site}}
                  OR rule.speciality_id IS NOT NULL AND rule.speciality_id IS DISTINCT FROM {{speciality}}
                  OR rule.diagnosis_prefix <> '' AND NOT EXISTS (
                     SELECT 1 FROM records_diagnosis d
                     JOIN unnest(%(u_rule)s::bigint[], %(u_pattern)s::text[]) AS u(rule_id, pattern)
                       ON u.rule_id = rule.id AND d.code LIKE u.pattern
                     WHERE d.patient_id = t.patient_id AND {{encounter}})
                THEN 'rule_stopped'
                WHEN t.due_on < d.today - %(give_up_days)s AND {{anchor}} = t.anchor_on THEN 'too_late'
           END AS reason,
           t.anchor_on AS old_anchor_on, t.due_on AS old_due_on, t.site_id AS old_site_id,
           t.doctor_id AS old_doctor_id,
           {claimed_sql("t")} AS is_held
    FROM care_caretask t
    JOIN care_carerule rule ON rule.id = t.rule_id
    {{source}}
    JOIN unnest(%(d_site)s::bigint[], %(d_today)s::date[]) AS d(site_id, today) ON d.site_id = t.site_id
    LEFT JOIN unnest(%(c_rule)s::bigint[], %(c_site)s::bigint[], %(c_anchor)s::date[], %(c_due)s::date[])
        AS c(rule_id, site_id, anchor_on, due_on)
        ON c.site_id = {{site}} AND c.anchor_on = {{anchor}} AND c.rule_id IS NOT DISTINCT FROM t.rule_id
    WHERE t.status = 'open' AND t.source_kind = '{{source_kind}}'
      AND (%(only_rule)s::bigint IS NULL OR t.rule_id = %(only_rule)s)
      AND (%(only_patient)s::bigint IS NULL OR t.patient_id = %(only_patient)s)
), wanted AS (
    SELECT *,
           reason IS NULL AND (
               anchor_on <> old_anchor_on
               OR due_on <> old_due_on AND (due_on > today OR old_due_on > today)) AS moves
    FROM state
    WHERE reason IS NOT NULL AND NOT is_held
       OR reason IS NULL AND (
               anchor_on <> old_anchor_on OR site_id <> old_site_id
               OR doctor_id IS DISTINCT FROM old_doctor_id
               OR due_on <> old_due_on AND (due_on > today OR old_due_on > today))
), picked AS (
    SELECT id FROM care_caretask WHERE id IN (SELECT id FROM wanted) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE care_caretask t
SET anchor_on = CASE WHEN w.moves THEN w.anchor_on ELSE t.anchor_on END,
    due_on = CASE WHEN w.moves THEN w.due_on ELSE t.due_on END,
    site_id = COALESCE(w.site_id, t.site_id),
    doctor_id = w.doctor_id,
    {_CLOSING_SETTLED}
FROM wanted w JOIN picked USING (id)
WHERE t.id = w.id AND t.status = 'open'
  AND (w.reason IS NULL OR NOT {claimed_sql("t")})
RETURNING t.rule_id, t.site_id, (w.reason IS NOT NULL)::int, w.moves::int"""

_OF_ENCOUNTER = "(SELECT e.{column} FROM records_encounter e WHERE e.id = t.encounter_id)"

SETTLE_BY_SOURCE: tuple[dict[str, str], ...] = (
    {
        "refused": contact_refused("t.patient_id"),
        "source_kind": "reexamination",
        "occasion": "before_reexamination",
        "source": "LEFT JOIN records_reexamination r ON r.id = t.source_id",
        "anchor": "r.due_on",
        "site": "r.site_id",
        "target": "r.due_on - rule.days",
        # The visit is looked up only for what the re-examination does not say of itself.
        "doctor": f"COALESCE(r.doctor_id, {_OF_ENCOUNTER.format(column='doctor_id')})",
        "speciality": f"COALESCE(r.speciality_id, {_OF_ENCOUNTER.format(column='speciality_id')})",
        "gone": """WHEN r.id IS NULL OR r.status = 'cancelled' THEN 'reexamination_cancelled'
                WHEN r.status = 'done' THEN 'reexamination_done'""",
        "encounter": BEFORE_ENCOUNTER,
    },
    {
        "refused": contact_refused("t.patient_id"),
        "source_kind": "encounter",
        "occasion": "after_encounter",
        "source": """LEFT JOIN records_encounter e ON e.id = t.source_id
    LEFT JOIN facility_site s ON s.id = e.site_id""",
        "anchor": "(COALESCE(e.ended_at, e.started_at) AT TIME ZONE s.time_zone)::date",
        "site": "e.site_id",
        "target": "(COALESCE(e.ended_at, e.started_at) AT TIME ZONE s.time_zone)::date + rule.days",
        "doctor": "e.doctor_id",
        "speciality": AFTER_SPECIALITY,
        "gone": "WHEN e.id IS NULL OR e.status <> 'finished' THEN 'encounter_cancelled'",
        "encounter": AFTER_ENCOUNTER,
    },
)

# Patients who answered since yesterday: their open contacts learn when they are best reached. Contacts someone has
# locked learn it the next time.
BEST_HOURS = f"""
WITH hours AS (
    SELECT a.patient_id, mode() WITHIN GROUP (ORDER BY {_HOUR_BAND}) AS hour
    FROM care_callattempt a JOIN facility_site z ON z.id = a.site_id
    WHERE a.result = 'answered'
      AND a.patient_id IN (SELECT patient_id FROM care_callattempt
                           WHERE made_at > now() - interval '1 day' AND result = 'answered')
    GROUP BY a.patient_id
), picked AS (
    SELECT t.id, h.hour FROM care_caretask t JOIN hours h USING (patient_id)
    WHERE t.status = 'open' AND t.best_hour <> h.hour
    ORDER BY t.id FOR NO KEY UPDATE OF t SKIP LOCKED
)
UPDATE care_caretask t SET best_hour = picked.hour FROM picked WHERE t.id = picked.id"""

# Contacts no rule stands behind (the follow-up of a worrying call) end only with the patient, or with their no.
CLOSE_FOLLOW_UPS = f"""
WITH picked AS (
    SELECT t.id, CASE WHEN p.status <> 'active' THEN 'patient_inactive' ELSE 'consent_refused' END AS reason
    FROM care_caretask t JOIN patients_patient p ON p.id = t.patient_id
    WHERE t.status = 'open' AND t.rule_id IS NULL
      AND (p.status <> 'active' OR {contact_refused("t.patient_id")})
      AND NOT {claimed_sql("t")}
      AND (%(only_patient)s::bigint IS NULL OR t.patient_id = %(only_patient)s)
    ORDER BY t.id FOR NO KEY UPDATE OF t SKIP LOCKED
)
UPDATE care_caretask t SET {closing("picked.reason")}
FROM picked WHERE t.id = picked.id
RETURNING t.id, t.closed_reason"""
