"""What is measured within Django: the statements of a search, and the planner beside its bare statement."""

from __future__ import annotations

import os
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bench.needles import Request
from bench.servers import production

# The bare statement for the bench's only rule: three days before the date, from the first date it takes to the last.
BARE_INSERT = """
INSERT INTO care_caretask (
    rule_id, source_kind, source_id, occurrence, patient_id, site_id, speciality_id, encounter_id, reexamination_id,
    doctor_id, occasion, action, priority, anchor_on, due_on, best_hour, status, assigned_role, attempts,
    needs_supervisor, closed_reason)
SELECT 1, 'reexamination', r.id, 0, r.patient_id, r.site_id, r.speciality_id, r.encounter_id, r.id, r.doctor_id,
       'before_reexamination', 'call', 3, r.due_on, greatest(r.due_on - 3, %(today)s), 24, 'open', 'care_agent', 0,
       false, ''
FROM records_reexamination r JOIN patients_patient p ON p.id = r.patient_id
WHERE r.status IN ('planned', 'confirmed') AND p.status = 'active'
  AND r.due_on BETWEEN %(first)s AND %(last)s"""
FINGERPRINT = """
SELECT count(*), COALESCE(bit_xor(hashtextextended(concat_ws('|', source_kind, source_id, rule_id, occurrence,
       patient_id, site_id, doctor_id, anchor_on), 0)), 0) FROM care_caretask"""


def begin(url: str) -> None:
    """Set Django up over the database at `url`; a process works with one."""
    import django

    _installation, values = production(url)
    os.environ.update(values)
    django.setup()


def let_go() -> None:
    """Give back this process's connections to the database: what their servers hold is not the product's."""
    from django.db import connections

    for one in connections.all():
        database: Any = one
        database.close()
        database.close_pool()


def planner() -> dict[str, Any]:
    """The planner over an empty work list, the bare statement for the same rows, and the planner run again.

    Each in a transaction that is taken back, so that the database stays as it was.
    """
    from django.db import connection, transaction

    from bench.rows import local_today
    from tantam.care.operations.planning import plan_all

    today = local_today()
    found: dict[str, Any] = {}

    def timed(act: Any) -> float:
        began = time.perf_counter()
        act()
        return time.perf_counter() - began

    def emptied() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("TRUNCATE care_caretask CASCADE")

    with connection.cursor() as cursor:
        # Once before, so that neither of them reads the tables into memory for the other.
        cursor.execute(
            "SELECT count(*) FROM records_reexamination r JOIN patients_patient p ON p.id = r.patient_id"
        )
    with transaction.atomic():
        emptied()
        found["planner_s"] = round(timed(lambda: plan_all(today=today)), 3)
        with connection.cursor() as cursor:
            cursor.execute(FINGERPRINT)
            planned = cursor.fetchone()
            cursor.execute("SELECT min(anchor_on), max(anchor_on) FROM care_caretask")
            first, last = cursor.fetchone()
        found["again_s"] = round(timed(lambda: plan_all(today=today)), 3)
        transaction.set_rollback(True)
    with transaction.atomic():
        emptied()
        with connection.cursor() as cursor:
            found["bare_insert_s"] = round(
                timed(lambda: cursor.execute(BARE_INSERT, {"today": today, "first": first, "last": last})), 3
            )
            cursor.execute(FINGERPRINT)
            bare = cursor.fetchone()
        transaction.set_rollback(True)
    return found | {"rows": planned[0], "same_rows": planned == bare, "bare_rows": bare[0]}


def statements(requests: list[Request]) -> dict[str, list[tuple[str, Any]]]:
    """The statement behind each search that needs only one: query and values, by kind."""
    from django.db import connection

    from tantam.patients.queries.search import search_patients

    asked: dict[str, list[tuple[str, Any]]] = {}
    for kind, path, _marker in requests:
        text = parse_qs(urlsplit(path).query)["q"][0]
        seen: list[tuple[str, Any]] = []

        def keep(execute: Any, query: str, values: Any, many: bool, context: Any, seen: Any = seen) -> Any:
            seen.append((query, values))
            return execute(query, values, many, context)

        with connection.execute_wrapper(keep):
            search_patients(text)
        if len(seen) == 1:
            asked.setdefault(kind, []).append(seen[0])
    return asked
