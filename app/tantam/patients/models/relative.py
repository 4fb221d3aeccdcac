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


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent(), exclude=["form_key"])
class Relative(models.Model):
    """A relative or guardian (FHIR RelatedPerson), with the contact point they answer.

    `form_key` is that of the form they were written on: sent twice it makes one relative.
    """

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="relatives")
    full_name = models.CharField(_("Full name"), max_length=160)
    relationship = models.CharField(
        _("Relationship"), max_length=20, choices=Relationship.choices, default="other"
    )
    is_guardian = models.BooleanField(_("Guardian: decides for the patient"), default=False)
    contact_point = models.ForeignKey(
        ContactPoint, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    form_key = models.UUIDField(null=True, editable=False)

    class Meta:
        ordering = ("-is_guardian", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["form_key"], condition=models.Q(form_key__isnull=False), name="relative_once_a_form"
            ),
        )

    def __str__(self) -> str:
        return f"{self.full_name} ({self.get_relationship_display()})"
