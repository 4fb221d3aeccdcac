from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import pghistory
from django.db import models
from django.db.models import Case, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from tantam.accounts.models import Member
from tantam.patients.models import Patient
from tantam.records.models.rows import RowsOfARecord
from tantam.records.rules.visibility import record_sites


class AllergyKind(models.TextChoices):
    DRUG = "drug", _("Medicine")
    FOOD = "food", _("Food")
    ENVIRONMENT = "environment", _("Environment")
    OTHER = "other", _("Other")


class Severity(models.TextChoices):
    UNKNOWN = "unknown", _("Severity not known")
    MILD = "mild", _("Mild")
    MODERATE = "moderate", _("Moderate")
    SEVERE = "severe", _("Severe")


# An unknown severity may be a severe one: it stands before a mild one.
GRAVEST_FIRST = (Severity.SEVERE, Severity.MODERATE, Severity.UNKNOWN, Severity.MILD)


class Certainty(models.TextChoices):
    SUSPECTED = "suspected", _("Suspected")
    CONFIRMED = "confirmed", _("Confirmed")
    REFUTED = "refuted", _("Refuted")


class AllergyQuerySet(RowsOfARecord["Allergy"]):
    def visible_to(self, member: Member) -> Self:
        return self.visible_at(record_sites(member))

    def visible_at(self, sites: Sequence[int]) -> Self:
        """All of them for whoever may see records anywhere: an allergy does not stop at a branch's door."""
        return self if sites else self.none()

    def warning(self) -> Self:
        return self.exclude(certainty=Certainty.REFUTED)

    def gravest_first(self) -> Self:
        """Those that warn before the refuted ones, the severe ones before the others, the newest before the older."""
        return self.order_by(
            Case(When(certainty=Certainty.REFUTED, then=1), default=0),
            Case(*(When(severity=one, then=place) for place, one in enumerate(GRAVEST_FIRST))),
            "-pk",
        )


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Allergy(models.Model):
    """An allergy or intolerance (B7; FHIR AllergyIntolerance). Refuted ones are kept and no longer warn.

    `submission` names the form that noted it last, so that a form sent twice notes it once.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="allergies")
    kind = models.CharField(_("Kind"), max_length=15, choices=AllergyKind.choices, default=AllergyKind.DRUG)
    agent = models.CharField(_("Allergic to"), max_length=200)
    agent_key = models.CharField(max_length=200, editable=False)
    reaction = models.CharField(_("Reaction"), max_length=300, blank=True)
    severity = models.CharField(
        _("Severity"), max_length=10, choices=Severity.choices, default=Severity.UNKNOWN
    )
    certainty = models.CharField(
        _("Certainty"), max_length=10, choices=Certainty.choices, default=Certainty.SUSPECTED
    )
    note = models.CharField(_("Note"), max_length=300, blank=True)
    noted_at = models.DateTimeField(db_default=Now())
    noted_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    submission = models.UUIDField(null=True, unique=True, editable=False)
    came_from = models.CharField(max_length=120, blank=True, editable=False)

    objects = AllergyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "allergies"
        constraints = (
            models.UniqueConstraint(fields=["patient", "agent_key"], name="allergy_agent_once_a_patient"),
        )

    def __str__(self) -> str:
        return self.agent

    @property
    def warns(self) -> bool:
        return self.certainty != Certainty.REFUTED
