"""Who of a run's new patients looks like somebody known: marked for people to look at, never merged (B5)."""

from __future__ import annotations

from django.db import connection

from tantam.exchange.models import ImportRun, LikelyDuplicate, RunPart

_AT_ONCE = 5_000
_TABLE = LikelyDuplicate._meta.db_table

# The same name without accents, and birth or a contact point in common (or no birth known), with nothing against it.
_LIKELY = f"""
    INSERT INTO {_TABLE} (run_id, patient_id, known_id)
    SELECT %(run)s, made.id, other.id
    FROM patients_patient made CROSS JOIN LATERAL (
        SELECT known.id FROM patients_patient known
        WHERE known.name_key = made.name_key AND known.id <> made.id
          AND (known.id < made.id OR NOT known.id = ANY(%(made)s))
          AND NOT (known.sex IN ('male', 'female') AND made.sex IN ('male', 'female') AND known.sex <> made.sex)
          AND (known.identity_index IS NULL OR made.identity_index IS NULL
               OR known.identity_index = made.identity_index)
          AND (known.birth_year IS NULL OR made.birth_year IS NULL OR known.birth_year = made.birth_year)
          AND (known.birth_date IS NULL OR made.birth_date IS NULL OR known.birth_date = made.birth_date)
        ORDER BY (known.birth_date = made.birth_date) DESC NULLS LAST, known.birth_year IS NOT DISTINCT FROM
          made.birth_year DESC, known.id LIMIT 1
    ) other
    WHERE made.id = ANY(%(made)s)
    ON CONFLICT DO NOTHING
"""


def mark_likely(run: ImportRun) -> int:
    """Mark the patients a run made who look like somebody; answers how many. Doing it again changes nothing."""
    made = [
        pk
        for part in RunPart.objects.filter(run=run, kind="patient").values_list("made", flat=True)
        for pk in part.get("patients.patient", ())
    ]
    with connection.cursor() as cursor:
        for start in range(0, len(made), _AT_ONCE):
            cursor.execute(_LIKELY, {"run": run.pk, "made": made[start : start + _AT_ONCE]})
    return LikelyDuplicate.objects.filter(run=run).count()
