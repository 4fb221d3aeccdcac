"""Questions about consents, their words, and who looked at a record."""

from tantam.privacy.queries.consents import (
    ConsentState,
    consents_of,
    contact_refused,
    effective_consent,
    history_of,
    may_contact,
    may_use,
)
from tantam.privacy.queries.looks import Look, LooksAsked, every_look, looks_at, onlookers
from tantam.privacy.queries.texts import text_in_force, texts_in_force

__all__ = [
    "ConsentState",
    "Look",
    "LooksAsked",
    "consents_of",
    "contact_refused",
    "effective_consent",
    "every_look",
    "history_of",
    "looks_at",
    "may_contact",
    "may_use",
    "onlookers",
    "text_in_force",
    "texts_in_force",
]
