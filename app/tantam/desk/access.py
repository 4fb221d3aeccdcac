"""Looks at several patients at once, noted in the journal as the page is shown (D9)."""

from __future__ import annotations

from datetime import datetime, time

from django.utils import timezone

from tantam.accounts.models import Member
from tantam.desk.queries.doctor_day import DoctorDay
from tantam.journal.models import Entry
from tantam.journal.operations import record_many
from tantam.patients.events import PatientsEvent


def note_looks(day: DoctorDay, member: Member) -> None:
    """Write into the journal whose findings were shown, each patient once a day and member (D9).

    The page refreshes itself; a look each time would bury the looks that mean something.
    """
    shown = {patient.pk: patient for patient in day.patients}
    if not shown:
        return
    begins = timezone.make_aware(datetime.combine(timezone.localdate(), time()))
    known = Entry.objects.filter(
        patient_id__in=shown,
        actor=member,
        event=PatientsEvent.VIEWED,
        at__gte=begins,
        details__look="doctor_day",
    ).values_list("patient_id", flat=True)
    fresh = [patient for pk, patient in shown.items() if pk not in set(known)]
    if fresh:
        record_many(PatientsEvent.VIEWED, fresh, actor=member, look="doctor_day", site=member.current_site_id)
