from __future__ import annotations

import re

import pghistory
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from tantam.accounts.models import Member
from tantam.accounts.permissions import Role
from tantam.facility.models import Site, Speciality
from tantam.knowledge.models import Guide, Occasion
from tantam.lib.append_only import track


class Action(models.TextChoices):
    CALL = "call", _("Call")
    MESSAGE = "message", _("Message")


# What of a rule is words or codes of diagnoses: kept in the rule's own history, never in the journal.
IN_WORDS = frozenset({"name", "diagnosis_prefix"})


class Priority(models.IntegerChoices):
    URGENT = 1, _("Urgent")
    HIGH = 2, _("High")
    NORMAL = 3, _("Normal")
    LOW = 4, _("Low")


# History keeps the rule as it was before each change, so the first values are never lost; the page of a rule reads
# its words from there.
@track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class CareRule(models.Model):
    """When a patient is to be contacted, how, and by whom (B4). `days` before the re-examination, or after the visit.

    `revision` counts the times it was saved, so that a form opened before someone else's change is noticed.
    """

    name = models.CharField(_("Name"), max_length=160)
    occasion = models.CharField(_("When"), max_length=30, choices=Occasion.choices)
    days = models.PositiveSmallIntegerField(_("Days"))
    action = models.CharField(_("What"), max_length=10, choices=Action.choices, default=Action.CALL)
    priority = models.SmallIntegerField(_("Priority"), choices=Priority.choices, default=Priority.NORMAL)
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("Site"), related_name="+"
    )
    speciality = models.ForeignKey(
        Speciality,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("Speciality"),
        related_name="+",
    )
    diagnosis_prefix = models.CharField(_("Diagnosis code begins with"), max_length=60, blank=True)
    assigned_role = models.CharField(_("Who"), max_length=30, choices=Role.choices, default=Role.CARE_AGENT)
    assigned_to = models.ForeignKey(
        Member,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("One colleague"),
        related_name="+",
    )
    guide = models.ForeignKey(
        Guide,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("Conversation guide"),
        related_name="+",
    )
    is_active = models.BooleanField(_("In use"), default=True)
    revision = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    created_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    submission = models.UUIDField(null=True, unique=True, editable=False)

    class Meta:
        ordering = ("occasion", "days", "name")

    def __str__(self) -> str:
        return self.name

    @property
    def diagnosis_prefixes(self) -> list[str]:
        """The code beginnings, upper case: "E10, E11" gives two."""
        return [prefix.upper() for prefix in re.split(r"[\s,;]+", self.diagnosis_prefix) if prefix]
