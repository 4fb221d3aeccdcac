from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from tantam.accounts.models import Member
from tantam.care.models.tasks import CareTask
from tantam.facility.models import Site
from tantam.lib.fields import EncryptedTextField
from tantam.patients.models import Patient


class Question(models.Model):
    """A question the patient asked that waits for an answer, and then the answer (B6, D3)."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="questions")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    task = models.ForeignKey(CareTask, on_delete=models.PROTECT, null=True, related_name="questions")
    text = EncryptedTextField(_("Question"))
    answer = EncryptedTextField(_("Answer"), blank=True, default="")
    asked_at = models.DateTimeField(db_default=Now())
    asked_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
