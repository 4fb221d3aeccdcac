"""What the journal's room holds about a person that is not the journal itself: lines in members' bells."""

from __future__ import annotations

from typing import Any

from tantam.journal.models import BellItem


def export(patient_id: int) -> dict[str, Any]:
    """What members were told about the patient, and when."""
    items = BellItem.objects.filter(patient_id=patient_id).order_by("pk")
    return {"bell": [{"kind": item.kind, "told_at": item.created_at.isoformat()} for item in items]}


def shred(patient_id: int) -> None:
    BellItem.objects.filter(patient_id=patient_id).delete()
