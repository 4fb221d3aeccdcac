from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from tantam.accounts.models import Member, Practitioner
from tantam.care.models.tasks import CareTask
from tantam.facility.models import Site
from tantam.lib.fields import EncryptedTextField
from tantam.patients.models import Patient


class FindingKind(models.TextChoices):
    CONDITION_CHANGED = "condition_changed", _("Condition changed")
    ALLERGY = "allergy", _("Drug allergy")
    REEXAMINATION_MOVED = "reexamination_moved", _("Re-examination date moved")
    DOCTOR_CHANGED = "doctor_changed", _("Responsible doctor changed")
    NEED_UNMET = "need_unmet", _("A need we cannot meet")
    CONVERSATION = "conversation", _("Care call")
    QUESTION = "question", _("Question for the doctor")


class Finding(models.Model):
    """One thing care learnt since the last visit, on the responsible doctor's "before the visit" list (B9).

    `summary` is what the doctor reads; `details` holds codes and ids. It stays unread until the doctor has seen it.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="findings", db_index=False)
    doctor = models.ForeignKey(
        Practitioner, on_delete=models.PROTECT, null=True, related_name="findings", db_index=False
    )
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", db_index=False)
    task = models.ForeignKey(CareTask, on_delete=models.PROTECT, null=True, related_name="findings")
    kind = models.CharField(max_length=25, choices=FindingKind.choices)
    summary = EncryptedTextField()
    details = models.JSONField(default=dict)
    learnt_at = models.DateTimeField(db_default=Now())
    learnt_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    seen_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        indexes = (
            models.Index(fields=["patient", "-learnt_at"], name="finding_by_patient"),
            models.Index(fields=["site", "-learnt_at"], name="finding_by_site"),
            models.Index(
                fields=["doctor", "-learnt_at"],
                name="finding_unseen",
                condition=models.Q(seen_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.learnt_at:%d/%m/%Y}"
