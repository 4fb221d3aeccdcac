"""What both readers (FHIR, sheets) hand to the engine: one draft for each thing a file says.

A field that is None was not said, and nothing the engine writes ever erases what was not said. Values are
already ours: phones in E.164, choices as in the rooms' enums, texts cleaned. `tantam.exchange.engine.filling`
does that and notes what was wrong. Places where another thing is meant (`patient_ref`, `encounter_ref`, …)
hold its external id within the same source.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time
from decimal import Decimal
from operator import attrgetter
from typing import Any, ClassVar, Self

import orjson
from django.db import models
from django.utils.translation import gettext_lazy as _

from tantam.exchange.engine.problems import Problem
from tantam.lib import crypto

MAX_EXTERNAL_ID = 200


class Kind(models.TextChoices):
    """Kinds of drafts and what they are called. `rank` is the order of writing: what is pointed at comes first."""

    PRACTITIONER = "practitioner", _("Doctors")
    ROLE = "role", _("Doctors' specialities")
    MEDICATION = "medication", _("Medicines")
    PATIENT = "patient", _("Patients")
    RELATIVE = "relative", _("Relatives")
    ENCOUNTER = "encounter", _("Visits")
    DIAGNOSIS = "diagnosis", _("Diagnoses")
    ALLERGY = "allergy", _("Allergies")
    PRESCRIPTION = "prescription", _("Prescription lines")
    VITAL = "vital", _("Vital signs")
    REEXAMINATION = "reexamination", _("Re-examinations")
    CARE_PLAN = "care_plan", _("Care plans")
    UNREADABLE = "unreadable", _("Unreadable")

    @property
    def rank(self) -> int:
        """Even, so that a mere mention can stand right behind what it mentions."""
        return _RANKS[self]


_RANKS = {kind: 2 * place for place, kind in enumerate(Kind)}


def external_id(raw: object) -> str:
    """An id of another system as we keep it: one line, at most 200 characters, unlike ids kept unlike."""
    text = " ".join(str(raw).replace("\x00", "").split())
    if len(text) <= MAX_EXTERNAL_ID:
        return text
    return text[:150] + "…" + crypto.keyed_digest("import:external-id", text.encode(errors="replace")).hex()


def opaque_id(purpose: str, value: str) -> str:
    """An external id made from something nobody may read back (an identity number, a name and a birth)."""
    return f"={crypto.blind_index('import:' + purpose, value) & (2**64 - 1):016x}"


@dataclass(frozen=True, slots=True)
class Contact:
    """One way to reach a person: kind and owner as in patients.ContactKind and ContactOwner."""

    kind: str
    value: str
    owner: str = "self"
    owner_name: str = ""
    note: str = ""


def _utc(raw: str) -> datetime:
    return datetime.fromisoformat(raw)


_READ_BACK: dict[str, Callable[[Any], Any]] = {
    "birth_date": date.fromisoformat,
    "deceased_on": date.fromisoformat,
    "noted_on": date.fromisoformat,
    "started_on": date.fromisoformat,
    "due_on": date.fromisoformat,
    "starts_on": date.fromisoformat,
    "ends_on": date.fromisoformat,
    "at_time": time.fromisoformat,
    "started_at": _utc,
    "ended_at": _utc,
    "noted_at": _utc,
    "measured_at": _utc,
    "measure": Decimal,
    "contacts": lambda rows: [Contact(**row) for row in rows],
}
_ABOUT_THE_DRAFT = frozenset({"external_id", "file", "row", "problems", "aliases", "is_mention"})


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(type(value).__name__)


@dataclass(slots=True, kw_only=True)
class Draft:
    """What is common to all drafts.

    `external_id` names the thing within its source; drafts of one kind with one external id are one thing,
    and a later one adds to an earlier one. `aliases` are other names it may be referred to by. `file` and
    `row` (line, row or entry, from 1) are for people to find it. `withdrawn` is True when the source says it
    was entered in error. A draft `is_mention` when another thing merely names it: enough to make it when
    nothing better comes, never enough to change it.
    """

    kind: ClassVar[Kind]
    external_id: str
    file: str = ""
    row: int | None = None
    aliases: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    withdrawn: bool | None = None
    is_mention: bool = False

    @property
    def rank(self) -> int:
        return _RANKS[self.kind] + self.is_mention

    @property
    def is_refused(self) -> bool:
        return bool(self.problems) and any(problem.refuses for problem in self.problems)

    def said(self) -> dict[str, Any]:
        """Everything the source says of it, by field."""
        names, values_of = _SAID[self.kind]
        return {
            name: value
            for name, value in zip(names, values_of(self), strict=True)
            if value is not None and value != []
        }

    def payload(self) -> bytes:
        """`said()` as canonical JSON: equal sayings give equal bytes."""
        return orjson.dumps(self.said(), default=_plain, option=orjson.OPT_SORT_KEYS)

    @classmethod
    def read_back(cls, said: Mapping[str, Any], *, external_id: str, file: str, row: int | None) -> Self:
        """The draft from its payload."""
        values = dict(said)
        for name, read in _NOT_PLAIN[cls.kind]:
            if name in values:
                values[name] = read(values[name])
        return cls(external_id=external_id, file=file, row=row, **values)


def digest(payload: bytes) -> bytes:
    """Sixteen bytes that differ when what the source says differs."""
    return crypto.keyed_digest("import:payload", payload)


@dataclass(slots=True, kw_only=True)
class PractitionerDraft(Draft):
    """Somebody the records name as responsible (accounts.Practitioner). `speciality` is its name or code."""

    kind: ClassVar[Kind] = Kind.PRACTITIONER
    full_name: str | None = None
    title: str | None = None
    licence_number: str | None = None
    speciality: str | None = None
    is_active: bool | None = None


@dataclass(slots=True, kw_only=True)
class RoleDraft(Draft):
    """What a practitioner does where (FHIR PractitionerRole): here, their speciality."""

    kind: ClassVar[Kind] = Kind.ROLE
    practitioner_ref: str | None = None
    speciality: str | None = None


@dataclass(slots=True, kw_only=True)
class MedicationDraft(Draft):
    """A medicine that prescriptions refer to."""

    kind: ClassVar[Kind] = Kind.MEDICATION
    drug: str | None = None
    drug_code: str | None = None


@dataclass(slots=True, kw_only=True)
class PatientDraft(Draft):
    """A patient (patients.Patient). `code` is the source's own patient code, where it has one."""

    kind: ClassVar[Kind] = Kind.PATIENT
    code: str | None = None
    full_name: str | None = None
    birth_year: int | None = None
    birth_date: date | None = None
    sex: str | None = None
    identity_number: str | None = None
    insurance_number: str | None = None
    province: str | None = None
    commune: str | None = None
    address_line: str | None = None
    language: str | None = None
    notes: str | None = None
    status: str | None = None
    deceased_on: date | None = None
    contacts: list[Contact] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class ForPatient(Draft):
    """A draft that belongs to a patient."""

    patient_ref: str = ""
    encounter_ref: str | None = None


@dataclass(slots=True, kw_only=True)
class RelativeDraft(ForPatient):
    """A relative or guardian (patients.Relative)."""

    kind: ClassVar[Kind] = Kind.RELATIVE
    full_name: str | None = None
    relationship: str | None = None
    is_guardian: bool | None = None
    contacts: list[Contact] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class EncounterDraft(ForPatient):
    """A visit (records.Encounter). `encounter_kind` and `status` as in records' enums."""

    kind: ClassVar[Kind] = Kind.ENCOUNTER
    practitioner_ref: str | None = None
    encounter_kind: str | None = None
    status: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    speciality: str | None = None
    department: str | None = None
    reason: str | None = None
    symptoms: str | None = None
    advice: str | None = None
    clinical_notes: str | None = None
    main_diagnosis_ref: str | None = None


@dataclass(slots=True, kw_only=True)
class DiagnosisDraft(ForPatient):
    """A diagnosis (records.Diagnosis)."""

    kind: ClassVar[Kind] = Kind.DIAGNOSIS
    code: str | None = None
    code_system: str | None = None
    text: str | None = None
    is_main: bool | None = None
    status: str | None = None
    noted_on: date | None = None


@dataclass(slots=True, kw_only=True)
class AllergyDraft(ForPatient):
    """An allergy (records.Allergy)."""

    kind: ClassVar[Kind] = Kind.ALLERGY
    agent: str | None = None
    allergy_kind: str | None = None
    reaction: str | None = None
    severity: str | None = None
    certainty: str | None = None
    noted_at: datetime | None = None


@dataclass(slots=True, kw_only=True)
class PrescriptionDraft(ForPatient):
    """One medicine of a prescription (records.PrescriptionLine)."""

    kind: ClassVar[Kind] = Kind.PRESCRIPTION
    medication_ref: str | None = None
    drug: str | None = None
    drug_code: str | None = None
    amount: str | None = None
    times_a_day: int | None = None
    days: int | None = None
    meals: str | None = None
    note: str | None = None
    status: str | None = None
    started_on: date | None = None


@dataclass(slots=True, kw_only=True)
class VitalDraft(ForPatient):
    """One measurement (records.VitalSign): `vital` is a VitalKind value, `measure` in our `unit`."""

    kind: ClassVar[Kind] = Kind.VITAL
    vital: str | None = None
    measure: Decimal | None = None
    unit: str | None = None
    measured_at: datetime | None = None


@dataclass(slots=True, kw_only=True)
class ReexaminationDraft(ForPatient):
    """A date on which the patient is to come again (records.Reexamination)."""

    kind: ClassVar[Kind] = Kind.REEXAMINATION
    practitioner_ref: str | None = None
    speciality: str | None = None
    due_on: date | None = None
    at_time: time | None = None
    purpose: str | None = None
    status: str | None = None


@dataclass(slots=True, kw_only=True)
class CarePlanDraft(ForPatient):
    """A plan of treatment or care (records.CarePlan)."""

    kind: ClassVar[Kind] = Kind.CARE_PLAN
    title: str | None = None
    activities: list[str] = field(default_factory=list)
    is_active: bool | None = None
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(slots=True, kw_only=True)
class UnreadableDraft(Draft):
    """A line, row or entry that could not become anything: it carries only its problems."""

    kind: ClassVar[Kind] = Kind.UNREADABLE


DRAFTS: dict[str, type[Draft]] = {
    draft.kind: draft
    for draft in (
        PractitionerDraft,
        RoleDraft,
        MedicationDraft,
        PatientDraft,
        RelativeDraft,
        EncounterDraft,
        DiagnosisDraft,
        AllergyDraft,
        PrescriptionDraft,
        VitalDraft,
        ReexaminationDraft,
        CarePlanDraft,
        UnreadableDraft,
    )
}


def _saying(draft: type[Draft]) -> tuple[tuple[str, ...], Callable[[Draft], tuple[Any, ...]]]:
    """The names of what a draft says, and what gets all their values at once."""
    names = tuple(item.name for item in fields(draft) if item.name not in _ABOUT_THE_DRAFT)
    # One name alone would be given as the value itself; `withdrawn` twice does no harm.
    return (names, attrgetter(*names)) if len(names) > 1 else (names * 2, attrgetter(*names * 2))


_NOT_PLAIN = {
    kind: tuple((item.name, _READ_BACK[item.name]) for item in fields(draft) if item.name in _READ_BACK)
    for kind, draft in DRAFTS.items()
}
_SAID = {kind: _saying(draft) for kind, draft in DRAFTS.items()}


@dataclass(frozen=True, slots=True)
class Counted:
    """Something the files hold and we do not keep: only its type is counted (`Claim`, `empty row`)."""

    type: str


Found = Draft | Counted
