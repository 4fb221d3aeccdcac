"""Read models of the record: what pages above show, in few queries."""

from tantam.records.queries.warnings import AllergyWarning, ClosedDay, allergy_warnings, closed_day

__all__ = ["AllergyWarning", "ClosedDay", "allergy_warnings", "closed_day"]
