"""What can be done to a patient's directory entry."""

from tantam.patients.operations.contact_points import (
    add_contact_point,
    correct_contact_point,
    mark_contact_right,
    mark_contact_wrong,
    prefer_contact_point,
    remove_contact_point,
    verify_contact_point,
)
from tantam.patients.operations.identifiers import end_identifier, identify
from tantam.patients.operations.people import (
    correct_patient,
    mark_active,
    mark_deceased,
    mark_inactive,
    mark_vulnerability,
    register_patient,
)
from tantam.patients.operations.relatives import add_relative, correct_relative, remove_relative

__all__ = [
    "add_contact_point",
    "add_relative",
    "correct_contact_point",
    "correct_patient",
    "correct_relative",
    "end_identifier",
    "identify",
    "mark_active",
    "mark_contact_right",
    "mark_contact_wrong",
    "mark_deceased",
    "mark_inactive",
    "mark_vulnerability",
    "prefer_contact_point",
    "register_patient",
    "remove_contact_point",
    "remove_relative",
    "verify_contact_point",
]
