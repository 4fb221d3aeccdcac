from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PatientsEvent(models.TextChoices):
    """What can happen to a patient's directory entry. The journal keeps the value; pages show the label."""

    REGISTERED = "patients.patient:registered", _("Patient registered")
    REGISTERED_DESPITE_LIKENESS = (
        "patients.patient:registered_despite_likeness",
        _("Registered as another person in spite of a likeness"),
    )
    CORRECTED = "patients.patient:corrected", _("Details corrected")
    VIEWED = "patients.patient:viewed", _("Record looked at")
    MARKED_DECEASED = "patients.patient:deceased", _("Marked as deceased")
    MARKED_INACTIVE = "patients.patient:inactive", _("Marked as no longer our patient")
    MARKED_ACTIVE = "patients.patient:active", _("Active again")
    CONTACT_ADDED = "patients.contact_point:added", _("Contact point added")
    CONTACT_CORRECTED = "patients.contact_point:corrected", _("Contact point corrected")
    CONTACT_REMOVED = "patients.contact_point:removed", _("Contact point removed")
    CONTACT_PREFERRED = "patients.contact_point:preferred", _("Preferred contact point chosen")
    CONTACT_WRONG = "patients.contact_point:wrong", _("Number marked as wrong")
    CONTACT_RIGHT = "patients.contact_point:right", _("Number works again")
    CONTACT_VERIFIED = "patients.contact_point:verified", _("Number checked with the patient")
    RELATIVE_ADDED = "patients.relative:added", _("Relative added")
    RELATIVE_CORRECTED = "patients.relative:corrected", _("Relative corrected")
    RELATIVE_REMOVED = "patients.relative:removed", _("Relative removed")
    IDENTIFIER_ADDED = "patients.identifier:added", _("Number of another system added")
    IDENTIFIER_ENDED = "patients.identifier:ended", _("Number of another system no longer valid")
