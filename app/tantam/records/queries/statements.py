"""The summary's six statements, written out: it stands on the pages people live in, and composing them through
the ORM costs more than running them. A test holds them together with the querysets' own rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tantam.accounts.models import Member, Practitioner
from tantam.facility.models import Speciality
from tantam.lib.prepared import read_prepared
from tantam.records.models import (
    Allergy,
    ConditionChange,
    Diagnosis,
    Encounter,
    PrescriptionLine,
    Reexamination,
)
from tantam.records.models.encounters import OPEN_ENDED_DAYS

_VISITS = """
SELECT e.id, e.started_at, e.kind, e.site_id, e.reason, e.symptoms, e.advice,
       d.id, d.title, d.full_name, s.id, s.name, s.name_en, s.name_zh
FROM records_encounter e
LEFT JOIN accounts_practitioner d ON d.id = e.doctor_id
LEFT JOIN facility_speciality s ON s.id = e.speciality_id
WHERE e.patient_id = %(patient)s AND e.site_id = ANY(%(sites)s) AND e.status NOT IN ('cancelled', 'planned')
ORDER BY e.started_at DESC, e.id DESC LIMIT %(limit)s"""

_OF_VISIBLE_VISITS = """
LEFT JOIN records_encounter e ON e.id = row.encounter_id
WHERE row.patient_id = %(patient)s
  AND (row.encounter_id IS NULL OR (e.site_id = ANY(%(sites)s) AND e.status <> 'cancelled'))"""

_DIAGNOSES = f"""
SELECT row.id, row.encounter_id, row.code, row.text, row.is_main, row.status, row.noted_on
FROM records_diagnosis row {_OF_VISIBLE_VISITS}
ORDER BY row.noted_on DESC, row.is_main DESC, row.id LIMIT %(limit)s"""

_MEDICINES = f"""
SELECT row.id, row.encounter_id, row.drug, row.amount, row.times_a_day, row.days, row.meals, row.note,
       row.status, row.started_on, row.despite_allergy, row.stop_reason
FROM records_prescriptionline row {_OF_VISIBLE_VISITS}
  AND row.status = 'active'
  AND (row.started_on IS NULL OR row.started_on + row.days > %(today)s
       OR (row.days IS NULL AND row.started_on > %(open_since)s))
ORDER BY row.started_on DESC, row.id LIMIT %(limit)s"""

_ALLERGIES = """
SELECT id, agent, reaction, severity, certainty, noted_at
FROM records_allergy WHERE patient_id = %(patient)s ORDER BY id DESC LIMIT %(limit)s"""

_DATES = """
SELECT r.id, r.due_on, r.at_time, r.purpose, r.status, r.site_id, r.encounter_id, d.id, d.title, d.full_name
FROM records_reexamination r
LEFT JOIN accounts_practitioner d ON d.id = r.doctor_id
WHERE r.patient_id = %(patient)s AND r.site_id = ANY(%(sites)s)
  AND r.status IN ('planned', 'confirmed') AND r.due_on > %(since)s
ORDER BY r.due_on, r.id LIMIT %(limit)s"""

_CHANGES = """
SELECT c.id, c.trend, c.text, c.reported_at, m.id, m.full_name
FROM records_conditionchange c
LEFT JOIN accounts_member m ON m.id = c.reported_to_id
WHERE c.patient_id = %(patient)s AND (c.site_id IS NULL OR c.site_id = ANY(%(sites)s))
ORDER BY c.reported_at DESC, c.id DESC LIMIT %(limit)s"""


def _doctor(pk: int | None, title: str, full_name: str) -> Practitioner | None:
    return Practitioner(id=pk, title=title, full_name=full_name) if pk is not None else None


def _speciality(pk: int | None, name: str, name_en: str, name_zh: str) -> Speciality | None:
    return Speciality(id=pk, name=name, name_en=name_en, name_zh=name_zh) if pk is not None else None


@dataclass(frozen=True, slots=True)
class RecordReader:
    """Reads the rows of one patient's record, at the sites whose visits somebody may see. One statement each.

    The rows hold the columns a summary shows; others must not be asked of them.
    """

    patient_id: int
    sites: Sequence[int]
    today: date

    def _values(self, limit: int) -> dict[str, Any]:
        return {"patient": self.patient_id, "sites": list(self.sites), "limit": limit}

    def last_visits(self, limit: int) -> list[Encounter]:
        """The last visits that took place."""
        names = ("id", "started_at", "kind", "site_id", "reason", "symptoms", "advice")
        return [
            Encounter(
                **dict(zip(names, row[:7], strict=True)),
                doctor=_doctor(*row[7:10]),
                speciality=_speciality(*row[10:]),
            )
            for row in read_prepared(_VISITS, self._values(limit))
        ]

    def diagnoses(self, limit: int) -> list[Diagnosis]:
        names = ("id", "encounter_id", "code", "text", "is_main", "status", "noted_on")
        return [
            Diagnosis(**dict(zip(names, row, strict=True)))
            for row in read_prepared(_DIAGNOSES, self._values(limit))
        ]

    def medicines_in_use(self, limit: int) -> list[PrescriptionLine]:
        names = (
            "id", "encounter_id", "drug", "amount", "times_a_day", "days", "meals", "note", "status",
            "started_on", "despite_allergy", "stop_reason",
        )  # fmt: skip
        open_since = self.today - timedelta(days=OPEN_ENDED_DAYS)
        rows = read_prepared(
            _MEDICINES, self._values(limit) | {"today": self.today, "open_since": open_since}
        )
        return [PrescriptionLine(**dict(zip(names, row, strict=True))) for row in rows]

    def allergies(self, limit: int) -> list[Allergy]:
        names = ("id", "agent", "reaction", "severity", "certainty", "noted_at")
        return [
            Allergy(**dict(zip(names, row, strict=True)))
            for row in read_prepared(_ALLERGIES, self._values(limit))
        ]

    def open_dates(self, limit: int, *, missed_days: int) -> list[Reexamination]:
        """Open re-examinations, next first; those missed longer ago say nothing about what comes next."""
        since = self.today - timedelta(days=missed_days)
        names = ("id", "due_on", "at_time", "purpose", "status", "site_id", "encounter_id")
        return [
            Reexamination(**dict(zip(names, row[:7], strict=True)), doctor=_doctor(*row[7:]))
            for row in read_prepared(_DATES, self._values(limit) | {"since": since})
        ]

    def changes(self, limit: int) -> list[ConditionChange]:
        return [
            ConditionChange(
                id=pk,
                trend=trend,
                text=text,
                reported_at=reported_at,
                reported_to=Member(id=member_id, full_name=full_name) if member_id is not None else None,
            )
            for pk, trend, text, reported_at, member_id, full_name in read_prepared(
                _CHANGES, self._values(limit)
            )
        ]
