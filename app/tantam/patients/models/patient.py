from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tantam.accounts.models import Member
from tantam.facility.models import Site
from tantam.lib.append_only import track
from tantam.lib.dates import Birth, age_in_words, age_years
from tantam.lib.fields import EncryptedTextField
from tantam.patients.models.words import words_of


class Sex(models.TextChoices):
    MALE = "male", _("Male")
    FEMALE = "female", _("Female")
    OTHER = "other", _("Other")
    UNKNOWN = "unknown", _("Not known")


class Language(models.TextChoices):
    VIETNAMESE = "vi", _("Vietnamese")
    ENGLISH = "en", _("English")
    CHINESE = "zh-hans", _("Chinese")
    OTHER = "other", _("Another language")


class Vulnerability(models.TextChoices):
    """Marks that change how we speak to and receive a patient (C7)."""

    FRAIL = "frail", _("Frail")
    ANXIOUS = "anxious", _("Anxious")
    PREGNANT = "pregnant", _("Pregnant")
    DISABLED = "disabled", _("Disability")
    HARD_OF_HEARING = "hearing", _("Hard of hearing")
    LOW_VISION = "vision", _("Low vision")
    LANGUAGE = "language", _("Needs an interpreter")
    CHILD = "child", _("Child: speak with the guardian")
    DECIDES_WITH_HELP = "decides_with_help", _("Someone else decides for them")


class Salutation(models.TextChoices):
    """How the patient wishes to be addressed; blank means by age and sex."""

    ANH = "anh", "anh"
    CHI = "chị", "chị"
    CO = "cô", "cô"
    CHU = "chú", "chú"
    BAC = "bác", "bác"
    ONG = "ông", "ông"
    BA = "bà", "bà"
    EM = "em", "em"
    BE = "bé", "bé"


class PatientStatus(models.TextChoices):
    ACTIVE = "active", pgettext_lazy("patient", "Active")
    DECEASED = "deceased", _("Deceased")
    INACTIVE = "inactive", _("No longer our patient")


LAST_SEEN = models.F("last_encounter_on").desc(nulls_last=True)


def _first_word(column: str) -> models.Func:
    return models.Func(models.F(column), models.Value(" "), models.Value(1), function="split_part")


class PatientQuerySet(models.QuerySet["Patient"]):
    def held(self, patient_id: int) -> Patient:
        """The patient as they are now, locked until the act ends.

        Every act that touches several rows of one patient takes this lock first, then the rows in key order: then
        no two such acts can wait for each other. Rows that only point at the patient may still be added meanwhile.
        """
        return self.select_for_update(of=("self",), no_key=True).get(pk=patient_id)

    def held_if_free(self, patient_id: int) -> bool:
        """`held` for who must not wait: False when another act holds the patient at this moment."""
        locked = self.select_for_update(of=("self",), no_key=True, skip_locked=True).filter(pk=patient_id)
        return bool(locked.values_list("pk"))

    def hold(self, patient_ids: Iterable[int]) -> None:
        """Lock several patients, as `held` does one: in the order of their keys, until the act ends."""
        rows = self.select_for_update(of=("self",), no_key=True).filter(pk__in=set(patient_ids))
        list(rows.order_by("pk").values_list("pk"))


# History keeps the row as it was before each change, so the first values are never lost.
@track(
    pghistory.UpdateEvent(row=pghistory.Old),
    pghistory.DeleteEvent(),
    exclude=["last_encounter_on", "allergies_asked_on", "form_key"],
)
class Patient(models.Model):
    """One person we care for (FHIR Patient; A9, B1).

    The name is kept as written and never split; `name_key` and `name_key_reversed` are for finding only.
    Identity and insurance numbers are encrypted, with a blind index for exact look-up. An identity number
    may be re-issued, so it is unique among active patients only.

    `allergies_asked_on` is the day on which somebody last asked which medicines they do not tolerate: without it nobody
    knows, and no page may say that there are none.

    `version` counts corrections: an edit made in another tab meanwhile is seen by it. `form_key` is that of
    the registration form, so that a form sent twice makes one patient.
    """

    code = models.CharField(_("Patient code"), max_length=30, unique=True, editable=False)
    full_name = models.CharField(_("Full name"), max_length=160)
    name_key = models.CharField(max_length=160, editable=False)
    name_key_reversed = models.CharField(max_length=160, editable=False)
    birth_year = models.SmallIntegerField(_("Year of birth"), null=True, blank=True)
    birth_date = models.DateField(_("Date of birth"), null=True, blank=True)
    sex = models.CharField(_("Sex"), max_length=10, choices=Sex.choices, default=Sex.UNKNOWN)
    identity_number = EncryptedTextField(_("Identity number"), blank=True, default="")
    identity_index = models.BigIntegerField(null=True, editable=False)
    insurance_number = EncryptedTextField(_("Health insurance number"), blank=True, default="")
    insurance_index = models.BigIntegerField(null=True, editable=False)
    province = models.CharField(_("Province or city"), max_length=80, blank=True)
    commune = models.CharField(_("Commune or ward"), max_length=80, blank=True)
    address_line = models.CharField(_("Address"), max_length=300, blank=True)
    language = models.CharField(
        _("Preferred language"), max_length=10, choices=Language.choices, default="vi"
    )
    salutation = models.CharField(_("Addressed as"), max_length=10, choices=Salutation.choices, blank=True)
    vulnerability = ArrayField(
        models.CharField(max_length=30, choices=Vulnerability.choices),
        default=list,
        blank=True,
        verbose_name=_("Needs particular care"),
    )
    notes = EncryptedTextField(_("Notes"), blank=True, default="")
    status = models.CharField(max_length=10, choices=PatientStatus.choices, default=PatientStatus.ACTIVE)
    deceased_on = models.DateField(_("Date of death"), null=True, blank=True)
    home_site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    last_encounter_on = models.DateField(null=True, editable=False)
    allergies_asked_on = models.DateField(null=True, editable=False)
    came_from = models.CharField(max_length=120, blank=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    created_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", editable=False, db_index=False
    )
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    form_key = models.UUIDField(null=True, editable=False)

    objects = PatientQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(birth_date__isnull=True) | models.Q(birth_year__isnull=False),
                name="birth_date_has_its_year",
            ),
            models.UniqueConstraint(
                fields=["identity_index"],
                name="identity_once_among_active",
                condition=models.Q(identity_index__isnull=False, status="active"),
            ),
            models.UniqueConstraint(
                fields=["form_key"],
                name="patient_once_a_form",
                condition=models.Q(form_key__isnull=False),
            ),
        )
        indexes = (
            # How each of these serves the search stands in queries/search.py.
            models.Index(OpClass("name_key", "text_pattern_ops"), LAST_SEEN, name="patient_name_key"),
            models.Index(OpClass("full_name", "text_pattern_ops"), LAST_SEEN, name="patient_name_written"),
            models.Index(_first_word("name_key"), LAST_SEEN, name="patient_first_word"),
            models.Index(
                _first_word("name_key_reversed"),
                LAST_SEEN,
                name="patient_last_word",
                include=["id", "name_key_reversed", "birth_year", "birth_date"],
            ),
            models.Index(
                LAST_SEEN, name="patient_last_seen", include=["id", "name_key", "birth_year", "birth_date"]
            ),
            GinIndex(RawSQL(words_of(""), ()), name="patient_words"),  # nosec B611 - our own constant
            models.Index(
                "birth_date",
                LAST_SEEN,
                name="patient_birth_date",
                condition=models.Q(birth_date__isnull=False),
            ),
            models.Index(
                fields=["identity_index"],
                name="patient_identity",
                condition=models.Q(identity_index__isnull=False),
            ),
            models.Index(
                fields=["insurance_index"],
                name="patient_insurance",
                condition=models.Q(insurance_index__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.full_name} ({self.code})"

    @property
    def birth(self) -> Birth | None:
        return Birth(self.birth_year, self.birth_date) if self.birth_year is not None else None

    def age_on(self, day: date) -> int | None:
        """Whole years on `day`, or None when no year of birth is known."""
        return age_years(self.birth, day) if self.birth else None

    def age_in_words(self, day: date) -> str:
        return age_in_words(self.birth, day) if self.birth else ""

    @property
    def may_be_contacted(self) -> bool:
        return self.status == PatientStatus.ACTIVE
