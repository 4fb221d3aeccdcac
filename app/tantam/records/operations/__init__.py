"""The acts on a record, by noun: encounters, re-examinations, allergies, conditions."""

from tantam.records.operations.allergies import (
    correct_allergy,
    note_allergy,
    note_no_allergies,
    refute_allergy,
)
from tantam.records.operations.conditions import (
    note_condition_change,
    resolve_diagnosis,
    stop_prescription_line,
)
from tantam.records.operations.doctors import change_responsible_doctor
from tantam.records.operations.encounters import (
    cancel_encounter,
    correct_encounter,
    receive_with_need,
    write_encounter,
)
from tantam.records.operations.reexaminations import (
    cancel_reexamination,
    close_met_reexaminations,
    confirm_reexamination,
    move_reexamination,
    plan_reexamination,
)

__all__ = [
    "cancel_encounter",
    "cancel_reexamination",
    "change_responsible_doctor",
    "close_met_reexaminations",
    "confirm_reexamination",
    "correct_allergy",
    "correct_encounter",
    "move_reexamination",
    "note_allergy",
    "note_condition_change",
    "note_no_allergies",
    "plan_reexamination",
    "receive_with_need",
    "refute_allergy",
    "resolve_diagnosis",
    "stop_prescription_line",
    "write_encounter",
]
