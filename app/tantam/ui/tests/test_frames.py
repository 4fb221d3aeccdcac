import re
from pathlib import Path

import pytest
from django.template.loader import get_template, render_to_string

from tantam.ui import menu, sources
from tantam.ui.menu import Group, MenuItem, register
from tantam.ui.tests.pages import Encounter, Place, Places, Somebody, template

TEMPLATES = Path(__file__).parents[1] / "templates"
PAGE = (
    '{% extends "ui/staff.html" %}{% block title %}Cuộc gọi{% endblock %}{% block content %}…{% endblock %}'
)


@pytest.fixture(autouse=True)
def own_registry(settings, monkeypatch):
    settings.ROOT_URLCONF = Places
    monkeypatch.setattr(menu, "_entries", {})
    monkeypatch.setattr(sources, "_sources", {})
    register(
        MenuItem(Group.PATIENTS, "Bệnh nhân", "patients", "users", key="p", phone=True),
        MenuItem(Group.CARE, "Cuộc gọi", "calls", "phone", permission="care.see", phone=True),
    )
    yield
    menu.forget()


def staff_page(encounter: Encounter) -> str:
    return str(template(PAGE).render({}, encounter.request()))


def test_the_frame_has_its_landmarks_and_one_heading_taken_from_the_title():
    page = staff_page(Encounter())

    assert page.count("<main") == page.count("<header") == 1
    assert page.count("<h1>") == 1
    assert "<h1>Cuộc gọi</h1>" in page
    assert "<title>Cuộc gọi · Tận Tâm</title>" in page
    assert 'href="#content"' in page


def test_the_current_place_is_marked_once_in_each_navigation():
    page = staff_page(Encounter(path="/calls/7/", permissions=frozenset({"care.see"})))

    marked = re.findall(r'<a class="([\w-]+)" href="/calls/"[^>]*aria-current="page"', page)
    assert marked == ["t-nav-link", "t-bar-link"]
    assert page.count("aria-current") == 2


def test_the_frame_of_one_member_shows_nothing_of_another():
    first = staff_page(Encounter(permissions=frozenset({"care.see"})))
    second = staff_page(Encounter(member=Somebody("Trần <b>Dũng</b>"), sites=(Place(3, "Thủ Đức"),)))

    assert "Lê Thị Mai" in first
    assert "Lê Thị Mai" not in second
    assert "Quận 5" not in second
    assert "Cuộc gọi</a>" not in second
    assert "Trần &lt;b&gt;Dũng&lt;/b&gt;" in second
    assert "%%" not in first + second


@pytest.mark.parametrize("text", ["%%avatar%%", "%%csrf%%", "%%name%%", "%%search%%"])
def test_no_name_is_taken_for_a_part_of_the_frame(text):
    named = staff_page(Encounter(member=Somebody(full_name=text), sites=(Place(1, text), Place(2, "B"))))

    assert f"<strong>{text}</strong>" in named
    assert f"<span>{text}</span>" in named


def test_theme_and_language_are_the_members():
    assert 'data-bs-theme="dark"' in staff_page(Encounter())
    assert 'data-bs-theme="auto"' in staff_page(Encounter(member=Somebody(theme="purple")))


def test_someone_who_is_not_signed_in_meets_the_public_frame_on_error_pages():
    page = render_to_string("404.html", request=Encounter(member=None).request())

    assert "t-public" in page
    assert "t-side" not in page
    assert "t-staff" in render_to_string("404.html", request=Encounter().request())


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
def test_error_pages_need_nothing_to_be_shown(name):
    page = get_template(name).render({})

    assert "<h1>" in page
    assert 'href="/"' in page


def test_live_updates_are_announced_only_with_a_ticket(settings):
    settings.LIVE_URL = "http://127.0.0.1:8001"
    assert "live-ticket" not in staff_page(Encounter())

    sources.provide(live_ticket=lambda request: "a-ticket")
    page = staff_page(Encounter())
    assert '<meta name="live-url" content="http://127.0.0.1:8001/live/">' in page
    assert '<meta name="live-ticket" content="a-ticket">' in page


def test_an_unknown_source_is_refused():
    with pytest.raises(LookupError, match="weather"):
        sources.provide(weather=lambda request: "rain")


_INLINE = re.compile(r"""\sstyle=|<style|\son[a-z]+=["']|javascript:|hx-on|hx-vals=["']js:""")
_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)")


@pytest.mark.parametrize(
    "path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES))
)
def test_no_template_needs_an_exception_from_the_content_policy(path):
    source = path.read_text()

    assert not _INLINE.search(source)
    assert not _SCRIPT.search(source)
