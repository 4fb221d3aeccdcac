from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tantam.accounts.models.members import Member
from tantam.facility.models import Site, Speciality


class Practitioner(models.Model):
    """A doctor, dentist or nurse the records name as responsible (FHIR Practitioner)."""

    member = models.OneToOneField(
        Member, on_delete=models.SET_NULL, null=True, blank=True, related_name="practitioner"
    )
    full_name = models.CharField(_("Full name"), max_length=120)
    name_key = models.CharField(max_length=120, editable=False, db_index=True)
    title = models.CharField(_("Academic title"), max_length=40, blank=True)
    speciality = models.ForeignKey(Speciality, on_delete=models.PROTECT, null=True, blank=True)
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="practitioners"
    )
    licence_number = models.CharField(_("Licence number"), max_length=40, blank=True)
    is_active = models.BooleanField(_("Works here"), default=True)

    class Meta:
        ordering = ("full_name",)

    def __str__(self) -> str:
        return f"{self.title} {self.full_name}".strip()
