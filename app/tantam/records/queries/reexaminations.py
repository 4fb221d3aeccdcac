"""Who is to come again on a day."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from tantam.accounts.models import Member
from tantam.facility.models import Site
from tantam.patients.models import Patient
from tantam.records.models import Reexamination


def expected_on(day: date, site: Site, *, limit: int) -> list[Reexamination]:
    """Re-examinations of the day at the site, by time, those given up left out; with patient and doctor."""
    due = Reexamination.objects.standing().filter(site=site, due_on=day)
    return list(due.select_related("patient", "doctor").order_by("at_time", "pk")[:limit])


def next_date(patient: Patient, member: Member) -> date | None:
    """The patient's next re-examination from today on, as far as the member may see."""
    dates = (
        Reexamination.objects.visible_to(member)
        .open()
        .filter(patient=patient, due_on__gte=timezone.localdate())
    )
    return dates.order_by("due_on").values_list("due_on", flat=True).first()
