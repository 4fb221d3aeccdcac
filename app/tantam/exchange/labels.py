from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from tantam.exchange.drafts import Kind

KIND_LABELS: Final[dict[str, Any]] = {
    Kind.PRACTITIONER: _("Doctors"),
    Kind.ROLE: _("Doctors' specialities"),
    Kind.MEDICATION: _("Medicines"),
    Kind.PATIENT: _("Patients"),
    Kind.RELATIVE: _("Relatives"),
    Kind.ENCOUNTER: _("Visits"),
    Kind.DIAGNOSIS: _("Diagnoses"),
    Kind.ALLERGY: _("Allergies"),
    Kind.PRESCRIPTION: _("Prescription lines"),
    Kind.VITAL: _("Vital signs"),
    Kind.REEXAMINATION: _("Re-examinations"),
    Kind.CARE_PLAN: _("Care plans"),
    Kind.UNREADABLE: _("Unreadable"),
}


def kind_label(kind: str) -> str:
    """What a kind of draft is called on the screen."""
    return str(KIND_LABELS.get(kind, kind))
