"""What this room keeps about a person: contacts planned and made, what was said, what was learnt (A10)."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet

from tantam.care.models import CallAttempt, CareTask, Conversation, Finding, Question, UnmetNeed

_SHOWN: dict[str, tuple[type[Model], str]] = {
    "contacts": (
        CareTask,
        "occasion action anchor_on due_on status closed_reason closed_at attempts best_hour created_at",
    ),
    "attempts": (CallAttempt, "task_id channel result note made_at"),
    "conversations": (
        Conversation,
        "task_id spoke_with experience experience_note health symptoms_before symptoms_after confirmation note"
        " held_at",
    ),
    "questions": (Question, "text answer asked_at answered_at"),
    "unmet_needs": (UnmetNeed, "need explanation noted_at"),
    "findings": (Finding, "kind summary details learnt_at seen_at"),
}
# What points at a contact goes before the contact.
_DESTROYED: tuple[type[Model], ...] = (Finding, UnmetNeed, Question, Conversation)


def export(patient_id: int) -> dict[str, Any]:
    """Everything care holds about the patient, as plain values; opened, since it is given to them."""
    return {
        name: [
            {column: _plain(getattr(row, column)) for column in columns.split()}
            for row in _rows(model, patient_id)
        ]
        for name, (model, columns) in _SHOWN.items()
    }


def shred(patient_id: int) -> None:
    """Destroy all of it with its kept history; the figures of the past lose these contacts. Safe to repeat."""
    for model in _DESTROYED:
        _rows(model, patient_id).delete()
    CallAttempt.objects.filter(task__patient_id=patient_id).delete()
    CareTask.objects.filter(patient_id=patient_id).delete()
    apps.get_model("care", "CareTaskEvent")._default_manager.filter(patient_id=patient_id).delete()


def _rows(model: type[Model], patient_id: int) -> QuerySet[Model]:
    return model._default_manager.filter(patient_id=patient_id).order_by("pk")


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str | list | dict):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
