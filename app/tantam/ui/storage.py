"""Static files with content hashes in their names, so that browsers may keep them for a year."""

from __future__ import annotations

from collections.abc import Callable
from re import Match
from typing import Any

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Compresses and hashes every file and rewrites `url(…)`, `@import` and the imports between our ES modules.

    Vendor files carry comments naming source maps which are not served, so these are not followed; and
    htmx's extensions name modules in comments that are not there, so their imports are left alone.
    """

    support_js_module_import_aggregation = True

    def stored_name(self, name: str) -> str:
        # Nothing has been collected yet (tests, a fresh checkout): plain names, served by the finders.
        if not self.hashed_files:
            return name
        return str(super().stored_name(name))

    patterns: Any = tuple(
        (
            extension,
            tuple(
                rule
                for rule in rules
                if "sourceMappingURL" not in (rule if isinstance(rule, str) else rule[0])
            ),
        )
        for extension, rules in ManifestStaticFilesStorage.patterns
    )

    def url_converter(self, name: str, *arguments: Any, **options: Any) -> Callable[[Match[str]], str]:
        if name.startswith("django_htmx/"):
            return lambda found: str(found[0])
        converter: Callable[[Match[str]], str] = super().url_converter(name, *arguments, **options)
        return converter
