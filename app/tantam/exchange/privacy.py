"""What this room keeps about a person: what sources call them and theirs, and what waits to be taken in (A10)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from tantam.exchange.engine.drafts import Kind
from tantam.exchange.models import ImportedIdentity, LikelyDuplicate, Question, RunPart, StagedItem
from tantam.patients.models import ContactPoint, Identifier, Relative
from tantam.records.models import (
    Allergy,
    CarePlan,
    Diagnosis,
    Encounter,
    PrescriptionLine,
    Reexamination,
    VitalSign,
)

_THEIRS: dict[str, type[Any]] = {
    Kind.RELATIVE: Relative,
    Kind.ENCOUNTER: Encounter,
    Kind.DIAGNOSIS: Diagnosis,
    Kind.ALLERGY: Allergy,
    Kind.PRESCRIPTION: PrescriptionLine,
    Kind.VITAL: VitalSign,
    Kind.REEXAMINATION: Reexamination,
    Kind.CARE_PLAN: CarePlan,
}


def export(patient_id: int) -> dict[str, Any]:
    """Where everything about the patient came from: source, file, and what the source calls it."""
    identities = _identities(patient_id).select_related("source").order_by("pk")
    return {
        "came_from": [
            {
                "source": identity.source.name,
                "kind": identity.kind,
                "external_id": identity.external_id,
                "file": identity.file,
                "taken_at": identity.taken_at.isoformat(),
            }
            for identity in identities
        ]
    }


def shred(patient_id: int) -> None:
    """Forget what was imported, and see to it that the next import does not bring the person back.

    Of the patient only the name the source has for them stays, pointing at nobody; with it an import of
    the same person is refused. Safe to repeat.
    """
    _forget_changes(patient_id)
    Question.objects.filter(patient=patient_id).delete()
    LikelyDuplicate.objects.filter(Q(patient=patient_id) | Q(known=patient_id)).delete()
    people = ImportedIdentity.objects.filter(kind=Kind.PATIENT, object_id=patient_id)
    for source_id, external_id in people.values_list("source_id", "external_id"):
        Question.objects.filter(
            Q(external_id=external_id) | Q(other_id=external_id), run__source_id=source_id
        ).delete()
        StagedItem.objects.filter(
            Q(kind=Kind.PATIENT, external_id=external_id) | Q(patient_ref=external_id),
            run__source_id=source_id,
        ).delete()
    _identities(patient_id).exclude(kind=Kind.PATIENT).delete()
    people.update(object_id=None, digest=b"", marks={}, facts=None, file="")


def _forget_changes(patient_id: int) -> None:
    """What imports changed of the person is kept to be set back; nothing of it stays."""
    models: tuple[type[Any], ...] = (*_THEIRS.values(), ContactPoint, Identifier)
    theirs = {
        (model._meta.label_lower, pk)
        for model in models
        for pk in model._default_manager.filter(patient_id=patient_id).values_list("pk", flat=True)
    } | {("patients.patient", patient_id)}
    named = _identities(patient_id)
    theirs |= {(ImportedIdentity._meta.label_lower, pk) for pk in named.values_list("pk", flat=True)}
    sources = named.values("source_id")
    parts = RunPart.objects.filter(run__source_id__in=sources, changed__isnull=False)
    for part in parts.iterator(chunk_size=20):
        left = [change for change in part.changed or () if (change[0], change[1]) not in theirs]
        if len(left) != len(part.changed or ()):
            part.changed = left or None
            part.save(update_fields=["changed"])


def _identities(patient_id: int) -> Any:
    about = Q(kind=Kind.PATIENT, object_id=patient_id)
    for kind, model in _THEIRS.items():
        ids = model._default_manager.filter(patient_id=patient_id).values("pk")
        about |= Q(kind=kind, object_id__in=ids)
    return ImportedIdentity.objects.filter(about)
