"""What an examination slip holds before it is a row: the shape a form, a test and an import hand to the acts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from tantam.accounts.models import Practitioner
from tantam.facility.models import Department, Site, Speciality
from tantam.lib.text import clean_text
from tantam.records.models import EncounterKind, EncounterStatus, MealRelation
from tantam.records.rules import icd10


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
    anyway: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Slip:
    """The examination slip (B2). `submission` names the form sent, so that sending it twice writes one visit.

    `replaces` are the medicines of former prescriptions whose place this one takes; the others are taken beside it.
    """

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
    replaces: Sequence[int] = ()

    @property
    def written_diagnoses(self) -> list[DiagnosisDraft]:
        return [draft for draft in self.diagnoses if not draft.is_blank]

    @property
    def written_lines(self) -> list[PrescriptionDraft]:
        return [draft for draft in self.prescription if not draft.is_blank]

    @property
    def is_empty(self) -> bool:
        return not (self.reason.strip() or self.symptoms.strip() or self.written_diagnoses)
