from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from tantam.accounts.models import Member
from tantam.lib.names import fold
from tantam.patients.models import Patient
from tantam.records.models import ConditionChange, Diagnosis, PrescriptionLine, Trend
from tantam.records.queries.lines import (
    AllergyLine,
    DiagnosisLine,
    EncounterLine,
    MedicineLine,
    ReexaminationLine,
)
from tantam.records.queries.statements import RecordReader
from tantam.records.rules.visibility import record_sites

LAST_ENCOUNTERS = 5
MOST_DIAGNOSES = 40
MOST_MEDICINES = 40
MOST_ALLERGIES = 40
MOST_REEXAMINATIONS = 10
MOST_CHANGES = 5
MISSED_DAYS = 90


@dataclass(frozen=True, slots=True)
class Advice:
    text: str
    given_at: datetime
    doctor: str


@dataclass(frozen=True, slots=True)
class ChangeLine:
    trend: str
    trend_label: str
    text: str
    reported_at: datetime
    reported_to: str

    @classmethod
    def of(cls, row: ConditionChange) -> ChangeLine:
        told = row.reported_to.full_name if row.reported_to else ""
        return cls(row.trend, str(Trend(row.trend).label), row.text, row.reported_at, told)


@dataclass(frozen=True, slots=True)
class RecordSummary:
    """What anyone who cares for the patient now has to know, as far as the member may see it.

    `conditions`: the active diagnoses of the last visits and those of no visit, each once, main ones first.
    `medicines`: in use today, each once, as prescribed last. `allergies`: those that warn, then the refuted ones.
    `reexaminations`: the open ones, next first, one that was missed before it. Everything is
    empty when `is_visible` is False.
    """

    is_visible: bool = False
    encounters: tuple[EncounterLine, ...] = ()
    conditions: tuple[DiagnosisLine, ...] = ()
    medicines: tuple[MedicineLine, ...] = ()
    allergies: tuple[AllergyLine, ...] = ()
    reexaminations: tuple[ReexaminationLine, ...] = ()
    changes: tuple[ChangeLine, ...] = ()
    advice: Advice | None = None

    @property
    def warning_allergies(self) -> tuple[AllergyLine, ...]:
        return tuple(line for line in self.allergies if line.warns)

    @property
    def last_encounter(self) -> EncounterLine | None:
        return self.encounters[0] if self.encounters else None

    @property
    def next_reexamination(self) -> ReexaminationLine | None:
        """The next date from today on, else the latest one that was missed."""
        today = timezone.localdate()
        coming = next((line for line in self.reexaminations if line.due_on >= today), None)
        return coming or (self.reexaminations[-1] if self.reexaminations else None)


def record_summary(patient: Patient, member: Member) -> RecordSummary:
    """The summary of one patient for one member, in six statements; in none when they may not see records."""
    sites = record_sites(member)
    if not sites:
        return RecordSummary()
    reader = RecordReader(patient.pk, sites, timezone.localdate())
    visits = reader.last_visits(LAST_ENCOUNTERS)
    diagnoses = reader.diagnoses(MOST_DIAGNOSES)
    by_visit: dict[int | None, list[DiagnosisLine]] = {}
    for row in diagnoses:
        by_visit.setdefault(row.encounter_id, []).append(DiagnosisLine.of(row))
    allergies = [AllergyLine.of(row) for row in reader.allergies(MOST_ALLERGIES)]
    advised = next((visit for visit in visits if visit.advice), None)
    dates = reader.open_dates(MOST_REEXAMINATIONS, missed_days=MISSED_DAYS)
    return RecordSummary(
        is_visible=True,
        encounters=tuple(EncounterLine.of(visit, tuple(by_visit.get(visit.pk, ()))) for visit in visits),
        conditions=_conditions(diagnoses, {visit.pk for visit in visits}),
        medicines=_medicines(reader.medicines_in_use(MOST_MEDICINES)),
        allergies=tuple(sorted(allergies, key=lambda line: (not line.warns, -_weight(line)))),
        reexaminations=tuple(ReexaminationLine.of(row) for row in dates),
        changes=tuple(ChangeLine.of(row) for row in reader.changes(MOST_CHANGES)),
        advice=Advice(advised.advice, advised.started_at, str(advised.doctor or "")) if advised else None,
    )


def _weight(line: AllergyLine) -> int:
    return {"severe": 3, "moderate": 2, "unknown": 1}.get(line.severity, 0)


def _medicines(rows: list[PrescriptionLine]) -> tuple[MedicineLine, ...]:
    """A medicine prescribed again before its days were over stands once; in another dose it is another line."""
    lines: dict[tuple[str, str, str], MedicineLine] = {}
    for row in rows:
        line = MedicineLine.of(row)
        lines.setdefault((fold(line.drug), line.dosage, line.despite_allergy), line)
    return tuple(lines.values())


def _conditions(diagnoses: list[Diagnosis], last_visits: set[int]) -> tuple[DiagnosisLine, ...]:
    seen: set[str] = set()
    conditions: list[DiagnosisLine] = []
    for row in diagnoses:
        line = DiagnosisLine.of(row)
        same = line.code or line.text.casefold()
        if (
            line.is_active
            and (row.encounter_id is None or row.encounter_id in last_visits)
            and same not in seen
        ):
            seen.add(same)
            conditions.append(line)
    return tuple(sorted(conditions, key=lambda line: not line.is_main))
