from __future__ import annotations

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from tantam.lib.fields import EncryptedTextField
from tantam.patients.models.patient import Patient


class ContactKind(models.TextChoices):
    PHONE = "phone", _("Phone")
    EMAIL = "email", _("Email")
    ZALO = "zalo", _("Zalo")


class ContactOwner(models.TextChoices):
    SELF = "self", _("The patient")
    MOTHER = "mother", _("Mother")
    FATHER = "father", _("Father")
    SPOUSE = "spouse", _("Wife or husband")
    CHILD = "child", _("Son or daughter")
    SIBLING = "sibling", _("Brother or sister")
    GUARDIAN = "guardian", _("Guardian")
    OTHER = "other", _("Someone else")


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class ContactPoint(models.Model):
    """One way to reach a patient, and whose it is: families share phones (B1, B12).

    The value is encrypted: E.164 for phones and Zalo, lower case for email. `value_index` finds it exactly,
    `tail_index` by a phone's last four digits.
    """

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="contact_points")
    kind = models.CharField(_("Kind"), max_length=10, choices=ContactKind.choices, default=ContactKind.PHONE)
    value = EncryptedTextField(_("Number or address"))
    value_index = models.BigIntegerField(editable=False)
    tail_index = models.BigIntegerField(null=True, editable=False)
    owner = models.CharField(
        _("Whose"), max_length=10, choices=ContactOwner.choices, default=ContactOwner.SELF
    )
    owner_name = models.CharField(_("Their name"), max_length=120, blank=True)
    is_preferred = models.BooleanField(_("Preferred"), default=False)
    verified_at = models.DateTimeField(null=True, editable=False)
    is_wrong = models.BooleanField(_("Wrong number"), default=False)
    note = models.CharField(_("Best time, or a note"), max_length=120, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["patient", "kind", "value_index"], name="contact_point_once_a_patient"
            ),
            models.UniqueConstraint(
                fields=["patient", "kind"],
                condition=models.Q(is_preferred=True),
                name="one_preferred_contact_a_kind",
            ),
        )
        indexes = (
            models.Index(fields=["value_index"], name="contact_by_value"),
            models.Index(
                fields=["tail_index"], name="contact_by_tail", condition=models.Q(tail_index__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"
