from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from tantam.accounts.models import Member
from tantam.care.models.tasks import CareTask
from tantam.facility.models import Site
from tantam.lib.fields import EncryptedTextField
from tantam.patients.models import Patient


class UnmetNeed(models.Model):
    """A need we cannot meet, with the explanation given to the patient (B8)."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="unmet_needs")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    task = models.ForeignKey(CareTask, on_delete=models.PROTECT, null=True, related_name="unmet_needs")
    need = EncryptedTextField(_("What the patient needs"))
    explanation = EncryptedTextField(_("What we explained"))
    noted_at = models.DateTimeField(db_default=Now())
    noted_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
