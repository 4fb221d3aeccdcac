"""Read models of the record: what pages above show, in few queries."""

from tantam.records.queries.allergies import allergies_of, warning_allergies
from tantam.records.queries.encounters import WholeEncounter, need_told, whole_encounter
from tantam.records.queries.lines import (
    AllergyLine,
    DiagnosisLine,
    EncounterLine,
    MedicineLine,
    ReexaminationLine,
)
from tantam.records.queries.medicines import running_lines
from tantam.records.queries.reexaminations import expected_on
from tantam.records.queries.summary import RecordSummary, record_summary
from tantam.records.queries.timeline import TimelinePage, kinds_for, timeline
from tantam.records.queries.warnings import AllergyWarning, ClosedDay, allergy_warnings, closed_day
from tantam.records.registries.timeline import Cursor, TimelineEntry

__all__ = [
    "AllergyLine",
    "AllergyWarning",
    "ClosedDay",
    "Cursor",
    "DiagnosisLine",
    "EncounterLine",
    "MedicineLine",
    "RecordSummary",
    "ReexaminationLine",
    "TimelineEntry",
    "TimelinePage",
    "WholeEncounter",
    "allergies_of",
    "allergy_warnings",
    "closed_day",
    "expected_on",
    "kinds_for",
    "need_told",
    "record_summary",
    "running_lines",
    "timeline",
    "warning_allergies",
    "whole_encounter",
]
