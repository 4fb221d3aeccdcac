"""The patients a member looked at last."""

from __future__ import annotations

from typing import Final

from django.db import connection

from tantam.accounts.models import Member
from tantam.journal.models import Entry
from tantam.patients.events import PatientsEvent
from tantam.patients.queries.found import CARD, FoundPatient, found_patient

_LOOKS_READ: Final = 200


def recently_looked_at(member: Member, *, limit: int = 12) -> list[FoundPatient]:
    """The last patients whose pages the member opened, the latest first. Two statements."""
    looks = (
        Entry.objects.filter(actor=member, event=PatientsEvent.VIEWED, patient_id__isnull=False)
        .order_by("-id")
        .values_list("patient_id", flat=True)[:_LOOKS_READ]
    )
    ids = list(dict.fromkeys(pk for pk in looks if pk is not None))[:limit]
    return patients_by_id(ids)


def patients_by_id(ids: list[int]) -> list[FoundPatient]:
    """Lines for these patients, in this order."""
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {CARD} FROM unnest(%s::bigint[]) WITH ORDINALITY AS wanted (id, place)"
            " JOIN patients_patient p USING (id) ORDER BY wanted.place",
            [ids],
        )
        return [found_patient(row, ()) for row in cursor.fetchall()]
