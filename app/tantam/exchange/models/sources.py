from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from tantam.accounts.models import Member
from tantam.facility.models import Site
from tantam.patients.models.identifier import OWN_CODE, source_system


class SourceKind(models.TextChoices):
    FHIR = "fhir", _("FHIR")
    SHEET = "sheet", _("Sheets (CSV, Excel)")


class Source(models.Model):
    """A system or an office that data comes from (B5). Its name is what "came from" says.

    What one source calls a patient, a visit or a doctor is remembered per source, so the same files under
    another name are another source and would be taken in a second time.

    `columns` remembers how the headers of this source's sheets were matched: {signature of the headers:
    {header: field}}; it belongs to the sheets reader.
    """

    name = models.CharField(
        _("Name of the source"),
        max_length=60,
        unique=True,
        error_messages={"unique": _("There is already a source of this name.")},
    )
    kind = models.CharField(_("Kind"), max_length=10, choices=SourceKind.choices, default=SourceKind.FHIR)
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, related_name="+", verbose_name=_("Visits belong to the site")
    )
    columns = models.JSONField(default=dict, blank=True)
    numbers_are_ours = models.BooleanField(_("Its patient codes are our patient codes"), default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    created_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def code_space(self) -> str:
        """In which its patient codes mean somebody: its own, or ours."""
        return OWN_CODE if self.numbers_are_ours else source_system(self.pk)


@dataclass(frozen=True, slots=True)
class NewSource:
    """A source that nobody has named before, as a form says it."""

    name: str
    site: Site
    kind: str = SourceKind.FHIR
    numbers_are_ours: bool = False
