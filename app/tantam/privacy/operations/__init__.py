"""The acts about consent and personal data."""

from tantam.privacy.operations.consents import add_evidence, record_consent, withdraw_consent
from tantam.privacy.operations.persons import export_person, note_looks_file, shred_person
from tantam.privacy.operations.texts import ensure_consent_texts, publish_consent_text
from tantam.privacy.rules.decisions import MOST_EVIDENCE, HowDecided

__all__ = [
    "MOST_EVIDENCE",
    "HowDecided",
    "add_evidence",
    "ensure_consent_texts",
    "export_person",
    "note_looks_file",
    "publish_consent_text",
    "record_consent",
    "shred_person",
    "withdraw_consent",
]
