from __future__ import annotations

from typing import Final

import pghistory
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from tantam.lib.fields import EncryptedTextField
from tantam.patients.models.patient import Patient

# The code spaces that stand in columns of Patient: each person has one at most.
OWN_CODE: Final = "code"
IDENTITY_NUMBER: Final = "identity"
INSURANCE_NUMBER: Final = "insurance"
_SOURCE: Final = "source:"


def source_system(source_id: int) -> str:
    """The code space of a source of data: "source:7". Two sources may number alike and mean other people."""
    return f"{_SOURCE}{source_id}"


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Identifier(models.Model):
    """What another system calls a patient, in that system's own code space (B5; FHIR Identifier).

    Our own code, the identity number and the insurance number are columns of Patient; `queries.identifiers` answers
    for all of them alike. A row that is current (`valid_until` empty) belongs to one patient only: within its code
    space a code means one person. A code that was taken back or given anew keeps its row, with its last day.

    Whoever copies rows in by the thousand writes: `patient_id`; `system` (see `source_system`); `value`, as
    `rules.keys.clean_identifier` gives it, sealed by this column's field; `value_index`, from
    `rules.keys.identifier_index(value)`; `label`, whose number it is, in words ("Bệnh viện Hoa Sen");
    `valid_from` and `valid_until`, days or null. `noted_at` is the database's own.
    """

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="identifiers")
    system = models.CharField(max_length=40)
    value = EncryptedTextField(_("Number or code"), context="patients.identifier")
    value_index = models.BigIntegerField(editable=False)
    label = models.CharField(_("Whose number"), max_length=120, blank=True)
    valid_from = models.DateField(_("Valid from"), null=True, blank=True)
    valid_until = models.DateField(_("Valid until"), null=True, blank=True)
    noted_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["value_index", "system"],
                condition=models.Q(valid_until__isnull=True),
                name="identifier_means_one_patient",
            ),
        )
        indexes = (models.Index(fields=["value_index"], name="identifier_by_value"),)

    def __str__(self) -> str:
        return f"{self.label or self.system} #{self.pk}"
