from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PrivacyEvent(models.TextChoices):
    """What can happen to consents and personal data. The journal keeps the value; pages show the label."""

    TEXT_PUBLISHED = "privacy.consent_text:published", _("Consent text published")
    CONSENT_GIVEN = "privacy.consent:given", _("Consent given")
    CONSENT_REFUSED = "privacy.consent:refused", _("Consent refused")
    CONSENT_WITHDRAWN = "privacy.consent:withdrawn", _("Consent withdrawn")
    EVIDENCE_ADDED = "privacy.consent:evidence-added", _("Proof of a decision added")
    LOOKS_EXPORTED = "privacy.looks:exported", _("List of who looked saved as a file")
    EXPORTED = "privacy.patient:exported", _("Copy of a patient's data made")
    KEY_ADDED = "privacy.key:added", _("Encryption key added")
    KEY_TAKEN_UP = "privacy.key:taken-up", _("Everything sealed with the new key")
    MANY_LOOKS = "privacy.looks:many", _("Unusually many looks by one member")
    SHREDDED = "privacy.patient:shredded", _("A patient's personal data destroyed")
    # Written by the database itself (tantam_destroy_kept), whoever asked it to.
    KEPT_DESTROYED = "privacy.kept:destroyed", _("Kept history of a patient destroyed")
