"""Read models of the record: what pages above show, in few queries."""

from tantam.records.queries.lines import (
    AllergyLine,
    DiagnosisLine,
    EncounterLine,
    MedicineLine,
    ReexaminationLine,
)
from tantam.records.queries.summary import RecordSummary, record_summary
from tantam.records.queries.warnings import AllergyWarning, ClosedDay, allergy_warnings, closed_day
from tantam.records.timeline import Cursor, TimelineEntry, TimelinePage, timeline

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
    "record_summary",
    "timeline",
]
