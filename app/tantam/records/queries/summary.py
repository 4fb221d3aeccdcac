from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from tantam.accounts.models import Member
from tantam.patients.models import Patient
from tantam.records.models import (
    Allergy,
    ConditionChange,
    Diagnosis,
    Encounter,
    PrescriptionLine,
    Reexamination,
    Trend,
)
from tantam.records.queries.lines import (
    AllergyLine,
    DiagnosisLine,
    EncounterLine,
    MedicineLine,
    ReexaminationLine,
)
from tantam.records.visibility import record_sites

LAST_ENCOUNTERS = 5
MOST_DIAGNOSES = 40
MOST_MEDICINES = 40
MOST_ALLERGIES = 40
MOST_REEXAMINATIONS = 10
MOST_CHANGES = 5


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


@dataclass(frozen=True, slots=True)
class RecordSummary:
    """What anyone who cares for the patient now has to know, as far as the member may see it.

    `conditions`: the active diagnoses of the last visits and those of no visit, each once, main ones first.
    `medicines`: in use today. `allergies`: those that warn, then the refuted ones. `reexaminations`: the open
    ones, next first, one that was missed before it. Everything is empty when `is_visible` is False.
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
    """The summary of one patient for one member, in six queries; in none when they may not see records."""
    sites = record_sites(member)
    if not sites:
        return RecordSummary()
    today = timezone.localdate()
    visits = _visits(patient.pk, member)
    diagnoses = _diagnoses(patient.pk, member)
    by_visit: dict[int | None, list[DiagnosisLine]] = {}
    for row in diagnoses:
        by_visit.setdefault(row.encounter_id, []).append(DiagnosisLine.of(row))
    medicines = (
        PrescriptionLine.objects.visible_to(member)
        .standing()
        .in_use_on(today)
        .filter(patient=patient)
        .order_by("-started_on", "pk")[:MOST_MEDICINES]
    )
    allergies = Allergy.objects.visible_to(member).filter(patient=patient).order_by("-pk")[:MOST_ALLERGIES]
    advised = next((visit for visit in visits if visit.advice), None)
    return RecordSummary(
        is_visible=True,
        encounters=tuple(EncounterLine.of(visit, tuple(by_visit.get(visit.pk, ()))) for visit in visits),
        conditions=_conditions(diagnoses, {visit.pk for visit in visits}),
        medicines=tuple(MedicineLine.of(row) for row in medicines),
        allergies=tuple(
            sorted(
                (AllergyLine.of(row) for row in allergies), key=lambda line: (not line.warns, -_weight(line))
            )
        ),
        reexaminations=_reexaminations(patient.pk, member, today),
        changes=_changes(patient.pk, sites),
        advice=Advice(advised.advice, advised.started_at, str(advised.doctor or "")) if advised else None,
    )


def _weight(line: AllergyLine) -> int:
    return {"severe": 3, "moderate": 2, "unknown": 1}.get(line.severity, 0)


def _visits(patient_id: int, member: Member) -> list[Encounter]:
    return list(
        Encounter.objects.visible_to(member)
        .standing()
        .filter(patient=patient_id)
        .exclude(status="planned")
        .select_related("doctor", "speciality")
        .defer("clinical_notes")
        .order_by("-started_at", "-pk")[:LAST_ENCOUNTERS]
    )


def _diagnoses(patient_id: int, member: Member) -> list[Diagnosis]:
    return list(
        Diagnosis.objects.visible_to(member)
        .standing()
        .filter(patient=patient_id)
        .order_by("-noted_on", "-is_main", "pk")[:MOST_DIAGNOSES]
    )


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


def _reexaminations(patient_id: int, member: Member, today: date) -> tuple[ReexaminationLine, ...]:
    # A date long missed says nothing about what comes next.
    rows = (
        Reexamination.objects.visible_to(member)
        .open()
        .filter(patient=patient_id, due_on__gt=date.fromordinal(today.toordinal() - 90))
        .select_related("doctor")
        .order_by("due_on", "pk")[:MOST_REEXAMINATIONS]
    )
    return tuple(ReexaminationLine.of(row) for row in rows)


def _changes(patient_id: int, sites: list[int]) -> tuple[ChangeLine, ...]:
    rows = (
        ConditionChange.objects.filter(Q(site__in=sites) | Q(site__isnull=True), patient=patient_id)
        .select_related("reported_to")
        .order_by("-reported_at", "-pk")[:MOST_CHANGES]
    )
    return tuple(
        ChangeLine(
            row.trend,
            str(Trend(row.trend).label),
            row.text,
            row.reported_at,
            row.reported_to.full_name if row.reported_to else "",
        )
        for row in rows
    )
