"""Who is to come again on a day."""

from __future__ import annotations

from datetime import date

from tantam.facility.models import Site
from tantam.records.models import Reexamination


def expected_on(day: date, site: Site, *, limit: int) -> list[Reexamination]:
    """Re-examinations of the day at the site, by time, those given up left out; with patient and doctor."""
    due = Reexamination.objects.standing().filter(site=site, due_on=day)
    return list(due.select_related("patient", "doctor").order_by("at_time", "pk")[:limit])
