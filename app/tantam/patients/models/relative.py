from __future__ import annotations

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from tantam.patients.models.contact_point import ContactPoint
from tantam.patients.models.patient import Patient


class Relationship(models.TextChoices):
    MOTHER = "mother", _("Mother")
    FATHER = "father", _("Father")
    SPOUSE = "spouse", _("Wife or husband")
    CHILD = "child", _("Son or daughter")
    SIBLING = "sibling", _("Brother or sister")
    GRANDPARENT = "grandparent", _("Grandparent")
    GUARDIAN = "guardian", _("Guardian")
    CARER = "carer", _("Carer")
    OTHER = "other", _("Other")


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Relative(models.Model):
    """A relative or guardian (FHIR RelatedPerson), with the contact point they answer."""

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="relatives")
    full_name = models.CharField(_("Full name"), max_length=160)
    relationship = models.CharField(
        _("Relationship"), max_length=20, choices=Relationship.choices, default="other"
    )
    is_guardian = models.BooleanField(_("Guardian: decides for the patient"), default=False)
    contact_point = models.ForeignKey(
        ContactPoint, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("-is_guardian", "id")

    def __str__(self) -> str:
        return f"{self.full_name} ({self.get_relationship_display()})"
