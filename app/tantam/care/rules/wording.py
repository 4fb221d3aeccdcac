from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.utils import translation


@contextmanager
def in_the_records_language() -> Iterator[None]:
    """Words that stay in the record are in the organisation's language, whatever the writer's screen speaks."""
    with translation.override(settings.LANGUAGE_CODE):
        yield
