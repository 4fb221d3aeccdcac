"""Every page, loaded once and resized to a phone, the clinic's ordinary PC and a desk, with axe on it.

Vietnamese and light in the full run. `TANTAM_SWEEP=dark`, `en` or `zh-hans` looks at another face of the same pages
(docs/runbooks/sweep.md).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.exceptions import NoReverseMatch

from tantam.accounts.permissions import Role
from tests.factories.accounts import MemberFactory
from tests.factories.world import one_of_everything
from tests.house.pages import methods_of
from tests.permissions.answers import ANSWERS

pytestmark = pytest.mark.django_db(transaction=True)

WIDTHS = ((390, 844), (1366, 768), (1440, 900))
NOT_PAGES = {"privacy:evidence"}
LOOK = (Path(__file__).parent / "sweep.js").read_text()
FACE = os.environ.get("TANTAM_SWEEP", "")


def _pages(patterns: list[URLPattern | URLResolver], inside: str = "") -> Iterator[tuple[str, list[str]]]:
    """Each page of ours that is read, with the ids its address takes."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _pages(pattern.url_patterns, pattern.namespace or inside)
        elif pattern.name and str(getattr(pattern.callback, "__module__", "")).startswith("tantam."):
            is_read = "GET" in (methods_of(pattern.callback) or {"GET"})
            if is_read:
                yield f"{inside}:{pattern.name}" if inside else pattern.name, list(pattern.pattern.converters)


def _addresses(ids: dict[str, int | str]) -> Iterator[str]:
    for name, wanted in _pages(get_resolver().url_patterns):
        rows = ANSWERS[name].ids if name in ANSWERS else {}
        values = {each: ids.get(rows.get(each, each)) for each in wanted}
        if name not in NOT_PAGES and None not in values.values():
            try:
                yield reverse(name, kwargs=values)
            except NoReverseMatch:
                continue


@pytest.mark.parametrize("colour_scheme", ["dark" if FACE == "dark" else "light"], indirect=True)
def test_every_page_at_every_width(page, context, sign_in, site, colour_scheme):
    language = FACE if FACE in ("en", "zh-hans") else "vi"
    sign_in(MemberFactory(username="tat-ca", language=language, roles=[(role, site) for role in Role]))
    ids = one_of_everything(site)
    wrong: list[str] = []
    seen = 0
    for address in _addresses(ids):
        page.set_viewport_size({"width": 1440, "height": 900})
        try:
            answer = page.goto(address)
        except Exception:  # a download is no page
            continue
        if (
            answer is None
            or answer.status != 200
            or "text/html" not in answer.headers.get("content-type", "")
        ):
            continue
        if page.locator("html[lang] > head > title").count() == 0:
            continue  # a fragment
        seen += 1
        for width, height in WIDTHS:
            page.set_viewport_size({"width": width, "height": height})
            wrong += [f"{address} at {width}: {what}" for what in page.evaluate(LOOK)]
            if width == WIDTHS[0][0]:
                found = Axe().run(page)
                wrong += [f"{address}: axe {each['id']}" for each in found.response["violations"]]
    assert seen > 40
    assert wrong == [], "\n".join(wrong)
