from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RecordEvent(models.TextChoices):
    """What can happen to a record. The journal keeps the value; pages show the label."""

    ENCOUNTER_WRITTEN = "records.encounter:written", _("Visit written")
    ENCOUNTER_CORRECTED = "records.encounter:corrected", _("Visit corrected")
    ENCOUNTER_CANCELLED = "records.encounter:cancelled", _("Visit cancelled")
    NEED_TOLD = "records.encounter:need-told", _("Received with a need")
    REEXAMINATION_PLANNED = "records.reexamination:planned", _("Re-examination planned")
    REEXAMINATION_MOVED = "records.reexamination:moved", _("Re-examination moved")
    REEXAMINATION_CONFIRMED = "records.reexamination:confirmed", _("Re-examination confirmed")
    REEXAMINATION_CANCELLED = "records.reexamination:cancelled", _("Re-examination cancelled")
    REEXAMINATION_DONE = "records.reexamination:done", _("Came for the re-examination")
    REEXAMINATION_REOPENED = "records.reexamination:reopened", _("Re-examination open again")
    ALLERGY_NOTED = "records.allergy:noted", _("Allergy noted")
    ALLERGY_CORRECTED = "records.allergy:corrected", _("Allergy corrected")
    ALLERGIES_ASKED = "records.allergies:asked", _("Asked about allergies: none known")
    ALLERGY_REFUTED = "records.allergy:refuted", _("Allergy refuted")
    CONDITION_CHANGED = "records.condition:changed", _("Condition changed")
    DOCTOR_CHANGED = "records.doctor:changed", _("Responsible doctor changed")
    DIAGNOSIS_RESOLVED = "records.diagnosis:resolved", _("Diagnosis resolved")
    PRESCRIPTION_STOPPED = "records.prescription:stopped", _("Medicine stopped")
    PRESCRIBED_DESPITE_ALLERGY = (
        "records.prescription:despite_allergy",
        _("Prescribed in spite of an allergy"),
    )
