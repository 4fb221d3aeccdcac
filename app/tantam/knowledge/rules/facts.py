"""The facts of a patient in the words a guide shows them (C5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Protocol

from django.utils import timezone
from django.utils.translation import gettext as _

from tantam.knowledge.models import PatientFact
from tantam.lib.dates import format_day, weekday_name
from tantam.lib.names import given_name
from tantam.patients.models import Patient, Vulnerability
from tantam.patients.queries.header import addressed_as
from tantam.records.queries import RecordSummary


class Coming(Protocol):
    """A re-examination date, as a row or as a line of the summary."""

    @property
    def due_on(self) -> date: ...


def facts_of_record(
    patient: Patient, record: RecordSummary, reexamination: Coming | None
) -> dict[str, list[str]]:
    """Every fact a guide may ask for, except what only care knows; unknown ones are empty."""
    makers: dict[PatientFact, Callable[[], list[str]]] = {
        PatientFact.LAST_ENCOUNTER: lambda: _last_encounter(record),
        PatientFact.DIAGNOSES: lambda: [str(line) for line in record.conditions],
        PatientFact.MEDICINES: lambda: [str(line) for line in record.medicines],
        PatientFact.ALLERGIES: lambda: [
            f"{line.agent}: {line.reaction}" if line.reaction else line.agent
            for line in record.warning_allergies
        ],
        PatientFact.ADVICE: lambda: [record.advice.text] if record.advice else [],
        PatientFact.REEXAMINATION: lambda: [day_in_words(reexamination.due_on)] if reexamination else [],
        PatientFact.VULNERABILITY: lambda: [
            str(Vulnerability(mark).label) for mark in patient.vulnerability if mark in Vulnerability
        ],
    }
    return {fact.value: make() for fact, make in makers.items()}


def places_for(
    patient: Patient, reexamination: Coming | None, doctor: object | None, *, guardian: str = ""
) -> dict[str, str]:
    """What stands in the places of a guide's lines for this patient: Vietnamese, as the guides are.

    `guardian` is what the relative who answers for a child is to the child (“mẹ”); empty for everyone else.
    """
    called = addressed_as(patient, timezone.localdate())
    # "anh/chị Hằng" would be odd; who we know too little about is addressed without a name.
    name = f"{called} {given_name(patient.full_name)}" if "/" not in called else called
    return {
        "{xưng hô}": name,
        "{người nghe máy}": f"{guardian} {name}" if guardian else name,
        "{ngày tái khám}": day_in_words(reexamination.due_on) if reexamination else "",
        "{bác sĩ}": str(doctor) if doctor else "",
    }


def day_in_words(day: date) -> str:
    return f"{weekday_name(day)} {format_day(day)}"


def _last_encounter(record: RecordSummary) -> list[str]:
    encounter = record.last_encounter
    if encounter is None:
        return []
    day = format_day(timezone.localdate(encounter.started_at))
    if encounter.doctor:
        return [
            _("%(day)s, %(doctor)s: %(what)s")
            % {"day": day, "doctor": encounter.doctor, "what": encounter.what_for}
        ]
    return [f"{day}: {encounter.what_for}"]
