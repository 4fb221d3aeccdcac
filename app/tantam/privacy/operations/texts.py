"""The words patients are asked to agree to."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from django.db import connection
from django.db.models import Max

from tantam.accounts.models import Member
from tantam.facility.queries import organisation
from tantam.journal.operations import nothing_changed, operation, record_many
from tantam.lib.text import clean_text
from tantam.privacy.errors import (
    TextChangedMeanwhile,
    TextNeeded,
    TextUnchanged,
)
from tantam.privacy.events import PrivacyEvent
from tantam.privacy.models import (
    ConsentText,
    Purpose,
)
from tantam.privacy.rules.decisions import LONGEST_TEXT
from tantam.privacy.rules.texts import TEXT_LANGUAGES, shipped_text


@operation
def publish_consent_text(
    purpose: str, *, texts: Mapping[str, str], seen: int | None = None, actor: Member | None
) -> list[ConsentText]:
    """Publish a new version of the words for one purpose, in every language together.

    Consents given keep the version they were given to. `seen` is the version the editor started from: the same
    words sent twice from there are published once.
    Refuses with TextNeeded, TextUnchanged or TextChangedMeanwhile.
    """
    clean = {
        language: clean_text(texts.get(language, ""), max_length=LONGEST_TEXT) for language in TEXT_LANGUAGES
    }
    for language, text in clean.items():
        if not text:
            raise TextNeeded(field=f"text_{language.replace('-', '_')}")
    _one_publisher()
    version = ConsentText.objects.filter(purpose=purpose).aggregate(latest=Max("version"))["latest"] or 0
    in_force = list(ConsentText.objects.filter(purpose=purpose, version=version).order_by("pk"))
    is_same = clean == {row.language: row.text for row in in_force}
    if seen is not None and seen != version:
        if is_same:
            nothing_changed()
            return in_force
        raise TextChangedMeanwhile(version=version)
    if is_same:
        raise TextUnchanged
    return _publish({purpose: clean}, version + 1, actor)


@operation
def ensure_consent_texts(*, actor: Member | None = None) -> int:
    """Publish the texts we ship for purposes that have none. Safe to run at every start, and before first use."""
    _one_publisher()
    present = set(ConsentText.objects.values_list("purpose", flat=True))
    company = organisation()
    missing = {
        str(purpose): {
            language: shipped_text(
                purpose,
                language,
                organisation=company.name if company else "Tận Tâm",
                hotline=company.hotline if company else "",
            )
            for language in TEXT_LANGUAGES
        }
        for purpose in Purpose
        if purpose not in present
    }
    if missing:
        _publish(missing, 1, actor)
    else:
        nothing_changed()
    return len(missing)


def _publish(texts: Mapping[str, Mapping[str, str]], version: int, actor: Member | None) -> list[ConsentText]:
    rows = ConsentText.objects.bulk_create(
        [
            ConsentText(
                purpose=purpose,
                language=language,
                version=version,
                text=text,
                sha256=sha256(text.encode()).hexdigest(),
                created_by=actor,
            )
            for purpose, by_language in texts.items()
            for language, text in by_language.items()
        ]
    )
    record_many(PrivacyEvent.TEXT_PUBLISHED, rows, actor=actor, version=version)
    return rows


def _one_publisher() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [0x7E87])
