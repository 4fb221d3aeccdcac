"""The tables of the demonstration as they fill, and the few things every part of it looks up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from random import Random
from typing import Any

from tantam.accounts.models import Member, Practitioner, RoleGrant
from tantam.accounts.permissions import Role
from tantam.care.models import (
    CallAttempt,
    CareRule,
    CareTask,
    Conversation,
    Finding,
    Question,
    UnmetNeed,
)
from tantam.demo.days import Days
from tantam.demo.staff import Person
from tantam.demo.tables import Row, Table
from tantam.facility.models import Department, OpeningInterval, Room, Site, Speciality
from tantam.journal.models import BellItem, Entry
from tantam.patients.models import ContactPoint, Patient, Relative
from tantam.privacy.models import Consent
from tantam.records.models import (
    Allergy,
    ConditionChange,
    Diagnosis,
    Encounter,
    PrescriptionLine,
    Reexamination,
    VitalSign,
)


@dataclass(frozen=True, slots=True)
class Doctor:
    """A doctor who signs in: the practitioner the records name, the member, and where they work."""

    practitioner: Row
    member: Row
    site: Row
    person: Person

    @property
    def words(self) -> str:
        return f"{self.practitioner['title']} {self.practitioner['full_name']}"


@dataclass
class World:
    """Everything that is to be written. Tables stand in the order in which they are written."""

    days: Days
    chance: Random = field(default_factory=lambda: Random("tantam"))
    sites: Table = field(default_factory=lambda: Table(Site))
    specialities: Table = field(default_factory=lambda: Table(Speciality))
    departments: Table = field(default_factory=lambda: Table(Department))
    rooms: Table = field(default_factory=lambda: Table(Room))
    hours: Table = field(default_factory=lambda: Table(OpeningInterval))
    members: Table = field(default_factory=lambda: Table(Member))
    grants: Table = field(default_factory=lambda: Table(RoleGrant))
    practitioners: Table = field(default_factory=lambda: Table(Practitioner))
    patients: Table = field(default_factory=lambda: Table(Patient, lambda row: row["created_at"]))
    points: Table = field(default_factory=lambda: Table(ContactPoint))
    relatives: Table = field(default_factory=lambda: Table(Relative))
    consents: Table = field(default_factory=lambda: Table(Consent, lambda row: row["decided_at"]))
    encounters: Table = field(default_factory=lambda: Table(Encounter, lambda row: row["started_at"]))
    diagnoses: Table = field(default_factory=lambda: Table(Diagnosis, lambda row: row["noted_on"]))
    lines: Table = field(default_factory=lambda: Table(PrescriptionLine, lambda row: row["started_on"]))
    vitals: Table = field(default_factory=lambda: Table(VitalSign, lambda row: row["measured_at"]))
    reexaminations: Table = field(default_factory=lambda: Table(Reexamination, lambda row: row["created_at"]))
    allergies: Table = field(default_factory=lambda: Table(Allergy, lambda row: row["noted_at"]))
    changes: Table = field(default_factory=lambda: Table(ConditionChange, lambda row: row["reported_at"]))
    rules: Table = field(default_factory=lambda: Table(CareRule))
    tasks: Table = field(default_factory=lambda: Table(CareTask, lambda row: row["created_at"]))
    attempts: Table = field(default_factory=lambda: Table(CallAttempt, lambda row: row["made_at"]))
    conversations: Table = field(default_factory=lambda: Table(Conversation, lambda row: row["held_at"]))
    questions: Table = field(default_factory=lambda: Table(Question, lambda row: row["asked_at"]))
    needs: Table = field(default_factory=lambda: Table(UnmetNeed, lambda row: row["noted_at"]))
    findings: Table = field(default_factory=lambda: Table(Finding, lambda row: row["learnt_at"]))
    entries: Table = field(default_factory=lambda: Table(Entry, lambda row: row["at"]))
    bell_items: Table = field(default_factory=lambda: Table(BellItem, lambda row: row["created_at"]))
    site_of: dict[str, Row] = field(default_factory=dict)
    speciality_of: dict[str, Row] = field(default_factory=dict)
    department_of: dict[tuple[str, str], Row] = field(default_factory=dict)
    member_of: dict[str, Row] = field(default_factory=dict)
    colleagues: dict[tuple[Role, str], list[Row]] = field(default_factory=dict)
    doctors: list[Doctor] = field(default_factory=list)

    def all_tables(self) -> list[Table]:
        return [value for value in vars(self).values() if isinstance(value, Table)]

    def somebody(self, role: Role, place: str) -> Row:
        """Any colleague of the role at the place."""
        return self.chance.choice(self.colleagues[role, place])

    def tell(
        self, event: StrEnum | str, subject: Row, at: datetime, actor: Row | None, **details: Any
    ) -> Row:
        """A journal entry as the acts themselves would have written it then."""
        is_patient = subject.label == "patients.patient"
        return self.entries.add(
            at=at,
            event=str(event),
            actor=actor,
            subject_type=subject.label,
            subject_id=subject,
            patient_id=subject if is_patient else subject.get("patient"),
            site_id=subject.get("site"),
            details={name: _plain(value) for name, value in details.items()},
        )


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
