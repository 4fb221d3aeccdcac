"""How rows of the record read on a page: small, frozen, already in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tantam.accounts.models import Practitioner
from tantam.facility.queries import sites_by_id
from tantam.records.models import (
    Allergy,
    Certainty,
    Diagnosis,
    Encounter,
    EncounterKind,
    MealRelation,
    PrescriptionLine,
    Reexamination,
    ReexaminationStatus,
    Severity,
)
from tantam.records.models.encounters import REPLACED


def site_name(site_id: int | None) -> str:
    site = sites_by_id().get(site_id) if site_id is not None else None
    return site.name if site is not None else ""


def doctor_name(doctor: Practitioner | None) -> str:
    return str(doctor) if doctor is not None else ""


@dataclass(frozen=True, slots=True)
class DiagnosisLine:
    id: int
    code: str
    text: str
    is_main: bool
    is_active: bool
    noted_on: date | None

    def __str__(self) -> str:
        return f"{self.text} ({self.code})" if self.code else self.text

    @classmethod
    def of(cls, row: Diagnosis) -> DiagnosisLine:
        return cls(row.pk, row.code, row.text, row.is_main, row.status == "active", row.noted_on)


@dataclass(frozen=True, slots=True)
class MedicineLine:
    id: int
    drug: str
    dosage: str
    started_on: date | None
    is_active: bool
    note: str = ""
    despite_allergy: str = ""
    stop_reason: str = ""

    def __str__(self) -> str:
        return f"{self.drug}: {self.dosage}" if self.dosage else self.drug

    @classmethod
    def of(cls, row: PrescriptionLine) -> MedicineLine:
        return cls(
            row.pk,
            row.drug,
            dosage_in_words(row.amount, row.times_a_day, row.days, row.meals),
            row.started_on,
            row.status == "active",
            row.note,
            row.despite_allergy,
            _("replaced by a newer prescription") if row.stop_reason == REPLACED else row.stop_reason,
        )


def dosage_in_words(amount: str, times_a_day: int | None, days: int | None, meals: str) -> str:
    """“1 viên × 2 lần/ngày × 7 ngày, sau ăn”, as far as it is known."""
    parts = [amount] if amount else []
    if times_a_day:
        parts.append(
            ngettext("%(times)s time a day", "%(times)s times a day", times_a_day) % {"times": times_a_day}
        )
    if days:
        parts.append(ngettext("%(days)s day", "%(days)s days", days) % {"days": days})
    words = " × ".join(parts)
    if meals in MealRelation.values and meals != MealRelation.ANY:
        words = ", ".join(part for part in (words, str(MealRelation(meals).label).lower()) if part)
    return words


@dataclass(frozen=True, slots=True)
class AllergyLine:
    """As the patient header wants it: `agent`, `severity_label`, `certainty_label`."""

    id: int
    agent: str
    reaction: str
    severity: str
    certainty: str
    severity_label: str
    certainty_label: str
    warns: bool
    noted_at: datetime

    @classmethod
    def of(cls, row: Allergy) -> AllergyLine:
        return cls(
            row.pk,
            row.agent,
            row.reaction,
            row.severity,
            row.certainty,
            str(Severity(row.severity).label),
            str(Certainty(row.certainty).label),
            row.warns,
            row.noted_at,
        )


@dataclass(frozen=True, slots=True)
class ReexaminationLine:
    COLUMNS: ClassVar = (
        "due_on", "at_time", "purpose", "status", "site", "encounter", "doctor__title", "doctor__full_name",
    )  # fmt: skip

    id: int
    due_on: date
    at_time: time | None
    purpose: str
    status: str
    status_label: str
    is_open: bool
    is_confirmed: bool
    site_id: int
    site: str
    doctor_id: int | None
    doctor: str
    encounter_id: int | None

    @classmethod
    def of(cls, row: Reexamination) -> ReexaminationLine:
        return cls(
            row.pk,
            row.due_on,
            row.at_time,
            row.purpose,
            row.status,
            str(ReexaminationStatus(row.status).label),
            row.is_open,
            row.status == ReexaminationStatus.CONFIRMED,
            row.site_id,
            site_name(row.site_id),
            row.doctor_id,
            doctor_name(row.doctor),
            row.encounter_id,
        )


@dataclass(frozen=True, slots=True)
class EncounterLine:
    """A visit in a list: no clinical notes here, whoever looks."""

    COLUMNS: ClassVar = (
        "started_at", "kind", "site", "reason", "symptoms", "advice", "doctor__title", "doctor__full_name",
        "speciality__name", "speciality__name_en", "speciality__name_zh",
    )  # fmt: skip

    id: int
    started_at: datetime
    kind: str
    kind_label: str
    site_id: int
    site: str
    doctor_id: int | None
    doctor: str
    speciality: str
    reason: str
    symptoms: str
    advice: str
    diagnoses: tuple[DiagnosisLine, ...] = ()

    @classmethod
    def of(cls, row: Encounter, diagnoses: tuple[DiagnosisLine, ...] = ()) -> EncounterLine:
        return cls(
            row.pk,
            row.started_at,
            row.kind,
            str(EncounterKind(row.kind).label),
            row.site_id,
            site_name(row.site_id),
            row.doctor_id,
            doctor_name(row.doctor),
            str(row.speciality) if row.speciality else "",
            row.reason,
            row.symptoms,
            row.advice,
            diagnoses,
        )

    @property
    def what_for(self) -> str:
        """The main diagnosis, else why the patient came, else the kind of visit."""
        main = next((line for line in self.diagnoses if line.is_main), None) or next(
            iter(self.diagnoses), None
        )
        return str(main) if main else self.reason or self.kind_label or _("Visit")
