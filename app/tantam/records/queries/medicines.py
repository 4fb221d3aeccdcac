"""The medicines a patient takes now, row by row: what a new prescription takes the place of, or stands beside."""

from __future__ import annotations

from django.utils import timezone

from tantam.accounts.models import Member
from tantam.patients.models import Patient
from tantam.records.models import PrescriptionLine

MOST = 60


def running_lines(patient: Patient, member: Member) -> list[PrescriptionLine]:
    """Every line in use today that the member may see, the newest prescription first; at most sixty."""
    lines = PrescriptionLine.objects.visible_to(member).standing().in_use_on(timezone.localdate())
    return list(lines.filter(patient=patient).order_by("-started_on", "pk")[:MOST])
