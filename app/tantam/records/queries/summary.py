"""What anyone who cares for the patient now has to know: six questions, prepared, since it stands on the pages people
live in (see 0073). Every list is filtered in the database before it is cut."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, F, Q, When
from django.utils import timezone

from tantam.accounts.models import Member
from tantam.lib.names import fold
from tantam.lib.prepared import Prepared
from tantam.patients.models import Patient
from tantam.records.models import (
    Allergy,
    ConditionChange,
    Diagnosis,
    DiagnosisStatus,
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
from tantam.records.rules.visibility import record_sites

LAST_ENCOUNTERS = 5
MOST_DIAGNOSES = 200
MOST_MEDICINES = 200
MOST_ALLERGIES = 100
MOST_REEXAMINATIONS = 10
MOST_CHANGES = 5
MISSED_DAYS = 90

_last_encounters = Prepared(
    lambda patient_id, sites: (
        Encounter.objects.visible_at(sites)
        .took_place()
        .filter(patient=patient_id)
        .select_related("doctor", "speciality")
        .only(*EncounterLine.COLUMNS)
        .order_by("-started_at", "-pk")[:LAST_ENCOUNTERS]
    )
)
_diagnoses = Prepared(
    lambda patient_id, sites, encounters: (
        Diagnosis.objects.visible_at(sites)
        .filter(
            Q(encounter__in=encounters) | Q(encounter__isnull=True, status=DiagnosisStatus.ACTIVE),
            patient=patient_id,
        )
        .order_by("status", F("noted_on").desc(nulls_last=True), "-is_main", "pk")[:MOST_DIAGNOSES]
    )
)
_medicines_in_use = Prepared(
    lambda patient_id, sites, today: (
        PrescriptionLine.objects.visible_at(sites)
        .standing()
        .in_use_on(today)
        .filter(patient=patient_id)
        .order_by(F("started_on").desc(nulls_first=True), "pk")[:MOST_MEDICINES]
    )
)
_allergies = Prepared(
    lambda patient_id, sites: (
        Allergy.objects.visible_at(sites).filter(patient=patient_id).gravest_first()[:MOST_ALLERGIES]
    )
)
# Those to come before those missed: of the former the nearest are kept, of the latter the last.
_open_dates = Prepared(
    lambda patient_id, sites, today, missed_since: (
        Reexamination.objects.visible_at(sites)
        .open()
        .filter(patient=patient_id, due_on__gt=missed_since)
        .select_related("doctor")
        .only(*ReexaminationLine.COLUMNS)
        .order_by(Case(When(due_on__gte=today, then=F("due_on"))).asc(nulls_last=True), "-due_on", "pk")[
            :MOST_REEXAMINATIONS
        ]
    )
)
_changes = Prepared(
    lambda patient_id, sites: (
        ConditionChange.objects.visible_at(sites)
        .filter(patient=patient_id)
        .select_related("reported_to")
        .only("trend", "text", "reported_at", "reported_to__full_name")
        .order_by("-reported_at", "-pk")[:MOST_CHANGES]
    )
)


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
    today = timezone.localdate()
    encounters = _last_encounters(patient.pk, sites)
    seen = [encounter.pk for encounter in encounters]
    # No visit has the number 0: without any, only the diagnoses of no visit are asked for.
    diagnoses = _diagnoses(patient.pk, sites, seen or [0])
    by_encounter: dict[int | None, list[DiagnosisLine]] = {}
    for row in diagnoses:
        by_encounter.setdefault(row.encounter_id, []).append(DiagnosisLine.of(row))
    advised = next((encounter for encounter in encounters if encounter.advice), None)
    dates = _open_dates(patient.pk, sites, today, today - timedelta(days=MISSED_DAYS))
    return RecordSummary(
        is_visible=True,
        encounters=tuple(
            EncounterLine.of(encounter, tuple(by_encounter.get(encounter.pk, ()))) for encounter in encounters
        ),
        conditions=_conditions(diagnoses),
        medicines=_medicines(_medicines_in_use(patient.pk, sites, today)),
        allergies=tuple(AllergyLine.of(row) for row in _allergies(patient.pk, sites)),
        reexaminations=tuple(
            ReexaminationLine.of(row) for row in sorted(dates, key=lambda row: (row.due_on, row.pk))
        ),
        changes=tuple(ChangeLine.of(row) for row in _changes(patient.pk, sites)),
        advice=Advice(advised.advice, advised.started_at, str(advised.doctor or "")) if advised else None,
    )


def _medicines(rows: list[PrescriptionLine]) -> tuple[MedicineLine, ...]:
    """A medicine prescribed again before its days were over stands once; in another dose it is another line."""
    lines: dict[tuple[str, str, str], MedicineLine] = {}
    for row in rows:
        line = MedicineLine.of(row)
        lines.setdefault((fold(line.drug), line.dosage, line.despite_allergy), line)
    return tuple(lines.values())


def _conditions(diagnoses: list[Diagnosis]) -> tuple[DiagnosisLine, ...]:
    """The active ones, each once as it was noted last, main ones first."""
    lines: dict[str, DiagnosisLine] = {}
    for row in diagnoses:
        if row.status == DiagnosisStatus.ACTIVE:
            line = DiagnosisLine.of(row)
            lines.setdefault(line.code or line.text.casefold(), line)
    return tuple(sorted(lines.values(), key=lambda line: not line.is_main))
