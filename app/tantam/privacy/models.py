from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tantam.accounts.models import Member
from tantam.lib import crypto
from tantam.lib.append_only import append_only
from tantam.lib.fields import EncryptedTextField
from tantam.lib.scans import ScanKind
from tantam.patients.models import Patient, Relationship


class Purpose(models.TextChoices):
    """What personal data is used for; each needs its own consent (Law 91/2025/QH15 Art. 9, Decree 356/2025 Art. 6)."""

    CARE_CONTACT = "care_contact", _("Care calls and reminders")
    HEALTH_RECORD = "health_record", _("Keeping the health record for treatment")
    MARKETING = "marketing", _("News and promotions")
    THIRD_PARTY = "third_party", _("Passing data to another care provider or insurer")
    RESEARCH = "research", _("Research and teaching")

    @property
    def rests_on_care(self) -> bool:
        """Whether looking after the patient is ground enough until they say no (Law 91/2025 Art. 19.1).

        Every other purpose needs a yes.
        """
        return self in (Purpose.CARE_CONTACT, Purpose.HEALTH_RECORD)


class ShredReason(models.TextChoices):
    """Why a person's data are destroyed; the journal keeps it."""

    ASKED = "asked", _("The patient asked for it")
    PERIOD_OVER = "period_over", _("The period of keeping is over")
    BY_MISTAKE = "by_mistake", _("The record was made by mistake")


class ConsentText(models.Model):
    """One version of the words a patient is asked to agree to; never changed once used."""

    purpose = models.CharField(_("Purpose"), max_length=20, choices=Purpose.choices)
    language = models.CharField(_("Language"), max_length=10, default="vi")
    version = models.PositiveIntegerField()
    text = models.TextField(_("Text"))
    sha256 = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    created_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["purpose", "language", "version"], name="consent_text_version_once"
            ),
        )
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.purpose} {self.language} v{self.version}"


class ConsentDecision(models.TextChoices):
    GIVEN = "given", pgettext_lazy("consent", "Given")
    REFUSED = "refused", pgettext_lazy("consent", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("consent", "Withdrawn")


class ConsentChannel(models.TextChoices):
    PAPER = "paper", _("Signed on paper")
    SPOKEN = "spoken", _("Said on a recorded call")
    IN_PERSON = "in_person", _("Said at the desk, noted by staff")
    SMS = "sms", _("By SMS")
    ZALO = "zalo", _("By Zalo")
    EMAIL = "email", _("By email")
    WEB = "web", _("On the website")


class ConsentActor(models.TextChoices):
    SELF = "self", _("The patient")
    REPRESENTATIVE = "representative", _("A legal representative")
    BOTH = "both", _("The patient and a representative")


class Consent(models.Model):
    """One decision of a patient on one purpose. Rows are added, never changed: the latest is in force.

    Only shredding a patient takes them away (see privacy.py). `submission` names the form it came with: sent twice,
    it decides once; the ticks of one form are one decision for each purpose.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(_("Purpose"), max_length=20, choices=Purpose.choices)
    decision = models.CharField(_("Decision"), max_length=10, choices=ConsentDecision.choices)
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, null=True, related_name="+")
    channel = models.CharField(_("In which way"), max_length=10, choices=ConsentChannel.choices)
    decided_by = models.CharField(
        _("Who decided"), max_length=20, choices=ConsentActor.choices, default="self"
    )
    representative_name = EncryptedTextField(_("Name of the representative"), blank=True, default="")
    representative_relation = models.CharField(
        _("Relation to the patient"), max_length=20, choices=Relationship.choices, blank=True
    )
    evidence = EncryptedTextField(_("Evidence"), blank=True, default="")
    decided_at = models.DateTimeField(_("When"), db_default=Now())
    recorded_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    submission = models.UUIDField(null=True, editable=False)

    class Meta:
        indexes = (models.Index(fields=["patient", "purpose", "-id"], name="consent_in_force"),)
        constraints = (
            models.UniqueConstraint(fields=["submission", "patient", "purpose"], name="consent_sent_once"),
        )
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.purpose}: {self.decision}"


class ConsentEvidence(models.Model):
    """The scan or photograph that proves a decision. Added, never changed; only shredding takes it away.

    It lies in the database, sealed: it comes and goes with its decision in one transaction and one backup,
    and every web node has it.
    """

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(_("Kind"), max_length=10, choices=ScanKind.choices)
    size = models.PositiveIntegerField()  # bytes, unsealed
    sha256 = models.CharField(max_length=64)
    sealed = models.BinaryField()
    added_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(db_default=Now(), editable=False)
    submission = models.UUIDField(null=True, unique=True, editable=False)

    SEALED_FOR = b"privacy.consent_evidence"

    class Meta:
        constraints = (models.UniqueConstraint(fields=["consent", "sha256"], name="evidence_once"),)
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.kind} {self.size}"

    @property
    def content(self) -> bytes:
        """The file as it was given to us."""
        return crypto.default_keyring().decrypt_bytes(self.sealed, context=self.SEALED_FOR)
