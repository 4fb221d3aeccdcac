from __future__ import annotations

from tantam.privacy.models import (
    ConsentText,
    Purpose,
)
from tantam.privacy.operations.texts import ensure_consent_texts
from tantam.privacy.rules.texts import TEXT_LANGUAGES


def text_in_force(purpose: str, language: str) -> ConsentText:
    """The words to show in a language; Vietnamese where there are none. Publishes the shipped ones at first use."""
    wanted = language if language in TEXT_LANGUAGES else "vi"
    texts = ConsentText.objects.filter(purpose=purpose, language=wanted).order_by("-version")
    found = texts.first()
    if found is None:
        ensure_consent_texts()
        found = texts.get()
    return found


def texts_in_force() -> dict[str, dict[str, ConsentText]]:
    """The newest words by purpose and language. Publishes the shipped ones at first use."""
    rows = _newest()
    if {row.purpose for row in rows} != set(Purpose.values):
        ensure_consent_texts()
        rows = _newest()
    found: dict[str, dict[str, ConsentText]] = {str(purpose): {} for purpose in Purpose}
    for row in rows:
        found[row.purpose][row.language] = row
    return found


def _newest() -> list[ConsentText]:
    return list(
        ConsentText.objects.select_related("created_by")
        .order_by("purpose", "language", "-version")
        .distinct("purpose", "language")
    )
