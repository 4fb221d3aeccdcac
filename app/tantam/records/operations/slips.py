"""What an examination slip holds before it is a row: the shape a form, a test and an import hand to the acts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from tantam.accounts.models import Practitioner
from tantam.facility.models import Department, Site, Speciality
from tantam.lib.text import clean_text
from tantam.patients.models import Patient
from tantam.records import icd10
from tantam.records.errors import AllergyMet
from tantam.records.models import (
    Diagnosis,
    Encounter,
    EncounterKind,
    EncounterStatus,
    MealRelation,
    PrescriptionLine,
)
from tantam.records.queries.warnings import allergy_warnings


@dataclass(frozen=True, slots=True)
class DiagnosisDraft:
    """A diagnosis to write: a code, words, or both. `id` names the row it corrects."""

    code: str = ""
    text: str = ""
    is_main: bool = False
    id: int | None = None

    @property
    def words(self) -> str:
        """The words; for a code alone the name we know it by, else the code itself."""
        text = clean_text(self.text, max_length=300)
        return text or icd10.name_of(self.code) or self.code.strip()

    @property
    def is_blank(self) -> bool:
        return not (self.code.strip() or self.text.strip())


@dataclass(frozen=True, slots=True)
class PrescriptionDraft:
    """A medicine to prescribe. `despite_allergy` is why, when it meets a known allergy. `id` is the row corrected."""

    drug: str
    amount: str = ""
    times_a_day: int | None = None
    days: int | None = None
    meals: str = MealRelation.ANY
    note: str = ""
    despite_allergy: str = ""
    id: int | None = None

    @property
    def is_blank(self) -> bool:
        return not self.drug.strip()


@dataclass(frozen=True, slots=True)
class ReexaminationDraft:
    due_on: date
    at_time: time | None = None
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Slip:
    """The examination slip (B2). `submission` names the form sent, so that sending it twice writes one visit."""

    site: Site
    started_at: datetime
    doctor: Practitioner | None = None
    ended_at: datetime | None = None
    department: Department | None = None
    speciality: Speciality | None = None
    kind: str = EncounterKind.OUTPATIENT
    status: str = EncounterStatus.FINISHED
    reason: str = ""
    symptoms: str = ""
    advice: str = ""
    clinical_notes: str = ""
    diagnoses: Sequence[DiagnosisDraft] = ()
    prescription: Sequence[PrescriptionDraft] = ()
    reexamination: ReexaminationDraft | None = None
    submission: UUID | None = None

    @property
    def written_diagnoses(self) -> list[DiagnosisDraft]:
        return [draft for draft in self.diagnoses if not draft.is_blank]

    @property
    def written_lines(self) -> list[PrescriptionDraft]:
        return [draft for draft in self.prescription if not draft.is_blank]

    @property
    def is_empty(self) -> bool:
        return not (self.reason.strip() or self.symptoms.strip() or self.written_diagnoses)


def check_allergies(patient: Patient, slip: Slip) -> list[str]:
    """The medicines that are prescribed in spite of a warning, with a reason.

    Refuses with AllergyMet, naming the first one that meets a known allergy and says no reason.
    """
    lines = slip.written_lines
    in_spite: list[str] = []
    warned = allergy_warnings(patient.pk, [line.drug for line in lines])
    for line in lines:
        for warning in warned.get(line.drug, ()):
            if not warning.level.needs_reason:
                continue
            if not line.despite_allergy.strip():
                raise AllergyMet(drug=line.drug, agent=warning.agent)
            in_spite.append(line.drug)
            break
    return in_spite


def write_diagnoses(visit: Encounter, drafts: Sequence[DiagnosisDraft], noted_on: date) -> None:
    """Make the visit's diagnoses what the slip says. The first one is the main one when none is marked."""
    present = {row.pk: row for row in visit.diagnoses.all()}
    main = next((index for index, draft in enumerate(drafts) if draft.is_main), 0)
    for index, draft in enumerate(drafts):
        row = present.pop(draft.id, None) if draft.id else None
        if row is None:
            row = Diagnosis(patient_id=visit.patient_id, encounter=visit, noted_on=noted_on)
        written = {
            "code": draft.code.strip().upper()[:30],
            "text": draft.words,
            "is_main": index == main,
        }
        _write(row, written)
    Diagnosis.objects.filter(pk__in=present).delete()


def write_prescription(visit: Encounter, drafts: Sequence[PrescriptionDraft], started_on: date) -> None:
    """Make the visit's prescription what the slip says."""
    present = {row.pk: row for row in visit.prescription_lines.all()}
    for draft in drafts:
        row = present.pop(draft.id, None) if draft.id else None
        if row is None:
            row = PrescriptionLine(patient_id=visit.patient_id, encounter=visit, started_on=started_on)
        written = {
            "drug": clean_text(draft.drug, max_length=300),
            "amount": clean_text(draft.amount, max_length=80),
            "times_a_day": draft.times_a_day,
            "days": draft.days,
            "meals": draft.meals,
            "note": clean_text(draft.note, max_length=300),
            "despite_allergy": clean_text(draft.despite_allergy, max_length=300),
        }
        _write(row, written)
    PrescriptionLine.objects.filter(pk__in=present).delete()


def _write(row: Diagnosis | PrescriptionLine, written: Mapping[str, object]) -> None:
    changed = [name for name, value in written.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, written[name])
    if row._state.adding:
        row.save(force_insert=True)
    elif changed:
        row.save(update_fields=changed)
