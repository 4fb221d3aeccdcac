"""What this room keeps about a person, to give out and to destroy. The privacy room registers it."""

from __future__ import annotations

from typing import Any

from tantam.patients.models import ContactPoint, Identifier, Patient, Relative
from tantam.patients.rules.keys import name_keys


def export(patient_id: int) -> dict[str, Any]:
    patient = Patient.objects.filter(pk=patient_id).first()
    if patient is None:
        return {}
    return {
        "code": patient.code,
        "full_name": patient.full_name,
        "birth": patient.birth_date.isoformat() if patient.birth_date else patient.birth_year,
        "sex": patient.sex,
        "identity_number": patient.identity_number,
        "insurance_number": patient.insurance_number,
        "address": {"province": patient.province, "commune": patient.commune, "line": patient.address_line},
        "language": patient.language,
        "salutation": patient.salutation,
        "vulnerability": patient.vulnerability,
        "notes": patient.notes,
        "status": patient.status,
        "deceased_on": patient.deceased_on.isoformat() if patient.deceased_on else None,
        "allergies_asked_on": patient.allergies_asked_on.isoformat() if patient.allergies_asked_on else None,
        "registered_at": patient.created_at.isoformat(),
        "contact_points": [
            {
                "kind": point.kind,
                "value": point.value,
                "owner": point.owner,
                "owner_name": point.owner_name,
                "preferred": point.is_preferred,
                "wrong": point.is_wrong,
                "note": point.note,
            }
            for point in ContactPoint.objects.filter(patient=patient).order_by("id")
        ],
        "identifiers": [
            {
                "system": identifier.system,
                "label": identifier.label,
                "value": identifier.value,
                "valid_from": identifier.valid_from.isoformat() if identifier.valid_from else None,
                "valid_until": identifier.valid_until.isoformat() if identifier.valid_until else None,
            }
            for identifier in Identifier.objects.filter(patient=patient).order_by("id")
        ],
        "relatives": [
            {
                "full_name": relative.full_name,
                "relationship": relative.relationship,
                "is_guardian": relative.is_guardian,
            }
            for relative in Relative.objects.filter(patient=patient).order_by("id")
        ],
    }


def shred(patient_id: int) -> None:
    """Leave a row without a person: medical records point at it, nothing in it names anybody."""
    patient = Patient.objects.select_for_update(of=("self",)).filter(pk=patient_id).first()
    if patient is None:
        return
    Relative.objects.filter(patient=patient).delete()
    ContactPoint.objects.filter(patient=patient).delete()
    Identifier.objects.filter(patient=patient).delete()
    patient.full_name = patient.code
    patient.name_key, patient.name_key_reversed = name_keys(patient.code)
    blank = (
        "identity_number",
        "insurance_number",
        "province",
        "commune",
        "address_line",
        "salutation",
        "notes",
    )
    for name in blank:
        setattr(patient, name, "")
    none = ("birth_date", "identity_index", "insurance_index", "deceased_on", "form_key")
    for name in none:
        setattr(patient, name, None)
    patient.vulnerability = []
    patient.status = "inactive"
    patient.version += 1
    patient.save(
        update_fields=[
            "full_name", "name_key", "name_key_reversed", "vulnerability", "status", "version", *blank, *none,
        ]
    )  # fmt: skip
