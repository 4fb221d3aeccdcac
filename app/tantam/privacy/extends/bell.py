"""What privacy tells members in the bell; and a person's share of what members were told there."""

from __future__ import annotations

from typing import Any

from tantam.journal.models import BellItem
from tantam.journal.registries.bell import register
from tantam.privacy.operations.watching import MANY_LOOKS

register(MANY_LOOKS, "privacy/bell_items/many_looks.html", icon="eye")


def export(patient_id: int) -> dict[str, Any]:
    """What members were told about the patient, and when."""
    items = BellItem.objects.filter(patient_id=patient_id).order_by("pk")
    return {"bell": [{"kind": item.kind, "told_at": item.created_at.isoformat()} for item in items]}


def shred(patient_id: int) -> None:
    BellItem.objects.filter(patient_id=patient_id).delete()
