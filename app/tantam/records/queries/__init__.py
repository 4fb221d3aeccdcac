"""Read models of the record: what pages above show, in few queries."""

from tantam.records.queries.lines import (
    AllergyLine,
    DiagnosisLine,
    EncounterLine,
    MedicineLine,
    ReexaminationLine,
)
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
    "allergy_warnings",
    "closed_day",
    "kinds_for",
    "record_summary",
    "timeline",
]
