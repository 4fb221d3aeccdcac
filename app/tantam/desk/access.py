"""Looks at several patients at once, noted in the journal as the page is shown (D9)."""

from __future__ import annotations

from tantam.accounts.models import Member
from tantam.desk.queries.doctor_day import DoctorDay
from tantam.patients import access


def note_looks(day: DoctorDay, member: Member) -> None:
    """Write into the journal whose findings were shown, each patient once a day and member (D9)."""
    access.note_looks(day.patients, "doctor_day", actor=member)
