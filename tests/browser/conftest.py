"""Chromium against a live server. A test gets `page`, `sign_in(member)`, `effort` (clicks, keys, page loads), `axe`.

The viewport is 1440 × 900; `@pytest.mark.parametrize("viewport", [PHONE], indirect=True)` makes it a phone, and
`colour_scheme` likewise "dark". A script error or a broken request on any page fails the test.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    sync_playwright,
)

from tantam.accounts.models import Member
from tests.browser.signing import carry, session_of

# Playwright's event loop lives in the test's thread; the database is still used by one thing at a time.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

DESK = (1440, 900)
PHONE = (390, 844)
_COUNT = """
addEventListener("click", (event) => { if (event.isTrusted && event.detail > 0) effort("click"); }, true);
addEventListener("keydown", (event) => { if (event.isTrusted && !event.repeat) effort("key"); }, true);
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = os.path.dirname(__file__)
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.fail("Chromium is missing: install Debian's package “chromium”, or name it in CHROMIUM")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--disable-dev-shm-usage", "--force-color-profile=srgb"],
        )
        yield browser
        browser.close()


@pytest.fixture
def server(live_server: Any) -> str:
    """Where the product answers."""
    return str(live_server.url)


@pytest.fixture
def viewport(request: pytest.FixtureRequest) -> tuple[int, int]:
    return getattr(request, "param", DESK)


@pytest.fixture
def colour_scheme(request: pytest.FixtureRequest) -> str:
    return getattr(request, "param", "light")


@dataclass
class Effort:
    """What a person does: presses of the mouse or finger, of keys, and how often a page is loaded."""

    clicks: int = 0
    keys: int = 0
    page_loads: int = 0
    urls: list[str] = field(default_factory=list)

    def reset(self) -> None:
        self.clicks = self.keys = self.page_loads = 0
        self.urls.clear()

    def count(self, kind: str) -> None:
        if kind == "click":
            self.clicks += 1
        else:
            self.keys += 1

    def loaded(self, url: str) -> None:
        self.page_loads += 1
        self.urls.append(url)


@pytest.fixture
def effort() -> Effort:
    return Effort()


@pytest.fixture
def context(
    chromium: Browser, viewport: tuple[int, int], colour_scheme: Any, server: str, effort: Effort
) -> Iterator[BrowserContext]:
    width, height = viewport
    context = chromium.new_context(
        base_url=server,
        viewport={"width": width, "height": height},
        color_scheme=colour_scheme,
        has_touch=width < 768,
        locale="vi-VN",
        timezone_id=settings.TIME_ZONE,
        reduced_motion="reduce",
    )
    context.set_default_timeout(10_000)
    context.expose_function("effort", effort.count)
    context.add_init_script(_COUNT)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, effort: Effort) -> Iterator[Page]:
    """A page that fails the test when a script breaks or the server does."""
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    page.on("console", lambda line: _note_policy(line, wrong))
    page.on("response", lambda answer: _note_failure(answer, wrong))
    page.on("request", lambda request: _note_load(request, effort))
    yield page
    page.goto("about:blank")
    assert not wrong, wrong


@pytest.fixture
def sign_in(context: BrowserContext, server: str) -> Callable[[Member], None]:
    """Sign a member in by session cookie; a second factor counts as given."""

    def sign(member: Member) -> None:
        carry(context, session_of(member), server=server)

    return sign


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Assert that axe-core finds nothing on the page as it stands."""

    def check(page: Page) -> None:
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()

    return check


def ready(page: Page, url: str) -> None:
    """Open a page and wait until its scripts have started."""
    page.goto(url)
    page.locator("html[data-ready]").wait_for(state="attached")


def _note_policy(line: ConsoleMessage, wrong: list[str]) -> None:
    # What tests themselves put into a page (axe, screenshots) has no address.
    if "Content Security Policy" in line.text and line.location.get("url"):
        wrong.append(f"policy: {line.text} {line.location}")


def _note_failure(answer: Response, wrong: list[str]) -> None:
    if answer.status >= 500 or (answer.status == 404 and "/static/" in answer.url):
        wrong.append(f"{answer.status} {answer.url}")


def _note_load(request: Request, effort: Effort) -> None:
    if request.is_navigation_request() and request.redirected_from is None and "about:" not in request.url:
        effort.loaded(request.url)
