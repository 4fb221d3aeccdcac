"""What is served, and what the colours promise."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.http import HttpResponse
from django.urls import path, reverse

from tantam.ui import sources, views
from tantam.ui.finders import SERVED, NodeModulesFinder, node_modules
from tantam.ui.storage import StaticStorage
from tantam.ui.tests.pages import Encounter, Somebody
from tantam.ui.toasts import toast


@pytest.fixture(autouse=True)
def nothing_is_provided(monkeypatch):
    monkeypatch.setattr(sources, "_sources", {})


STATIC = Path(__file__).parents[1] / "static" / "ui"


@pytest.mark.parametrize("name", sorted(SERVED))
def test_every_listed_part_is_there(name):
    assert Path(finders.find(name)).is_file()


def test_nothing_else_of_node_modules_is_served():
    finder = NodeModulesFinder()

    assert {name for name, _storage in finder.list([])} == set(SERVED)
    assert not finder.find("vendor/../package.json")
    assert not finder.find("lucide-static/icons/phone.svg")
    assert node_modules().is_dir()


def test_imports_between_scripts_and_style_sheets_lead_somewhere():
    for script in STATIC.rglob("*.js"):
        for target in re.findall(r"""(?:from |import |import\()["'](\.[^"']+)["']""", script.read_text()):
            leads_to(script, target)
    for sheet in STATIC.rglob("*.css"):
        for target in re.findall(r"""url\(["'](\.[^"']+)["']\)""", sheet.read_text()):
            leads_to(sheet, target)


def leads_to(file, target):
    name = (file.parent / target).resolve().relative_to(STATIC.parent)
    assert finders.find(str(name)), f"{file.name} → {target}"


def test_files_are_collected_with_hashed_names_and_modules_follow(tmp_path):
    storage = StaticStorage(location=tmp_path, base_url="/static/")
    for name in ("ui/js/app.js", "ui/js/dom.js", "ui/css/tabler.css", "vendor/tabler/tabler.min.css"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "ui/js/dom.js").write_text("export const one = 1;\n")
    (tmp_path / "ui/js/app.js").write_text('import { one } from "./dom.js";\nimport("./dom.js");\n')
    (tmp_path / "vendor/tabler/tabler.min.css").write_text(
        "a{}\n/*# sourceMappingURL=tabler.min.css.map */\n"
    )
    (tmp_path / "ui/css/tabler.css").write_text(
        '@import url("../../vendor/tabler/tabler.min.css") layer(tabler);\n'
    )
    paths = {
        str(file.relative_to(tmp_path)): (storage, str(file.relative_to(tmp_path)))
        for file in tmp_path.rglob("*.*")
    }

    assert storage.url("ui/js/app.js") == "/static/ui/js/app.js"  # nothing is collected yet
    for _name, _hashed, outcome in storage.post_process(paths):
        assert not isinstance(outcome, Exception)

    collected = (tmp_path / storage.stored_name("ui/js/app.js")).read_text()
    assert re.search(r'from "\./dom\.[0-9a-f]{12}\.js"', collected)
    assert re.search(r'import\("\./dom\.[0-9a-f]{12}\.js"\)', collected)
    assert re.search(
        r"tabler\.min\.[0-9a-f]{12}\.css", (tmp_path / storage.stored_name("ui/css/tabler.css")).read_text()
    )
    assert isinstance(storage, ManifestStaticFilesStorage)


def colours(block):
    return dict(re.findall(r"(--[\w-]+):\s*(#[0-9a-f]{6})", block))


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


TOKENS = (STATIC / "css" / "tokens.css").read_text()
LIGHT = colours(TOKENS[: TOKENS.index('[data-bs-theme="dark"]')])
DARK = LIGHT | colours(TOKENS[TOKENS.index('[data-bs-theme="dark"]') :])

TEXTS = [
    *(
        (text, surface)
        for text in ("--ink", "--ink-2", "--ink-3", "--accent", "--danger", "--wait", "--good")
        for surface in ("--canvas", "--surface", "--surface-2")
    ),
    ("--ink", "--surface-3"),
    ("--ink-2", "--surface-3"),
    ("--on-accent", "--accent-fill"),
    ("--on-accent", "--accent-fill-hover"),
    ("--on-danger", "--danger-fill"),
    ("--accent-soft-ink", "--accent-soft"),
    ("--good", "--good-soft"),
    ("--info", "--info-soft"),
    ("--wait", "--wait-soft"),
    ("--danger", "--danger-soft"),
    *((f"--tint-ink-{place}", f"--tint-{place}") for place in range(6)),
]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_reaches_four_and_a_half_to_one_and_controls_three_to_one(theme):
    for text, surface in TEXTS:
        assert contrast(theme[text], theme[surface]) >= 4.5, (text, surface)
    for edge, surface in (
        ("--line-control", "--surface"),
        ("--focus", "--surface"),
        ("--focus", "--canvas"),
        ("--accent-fill", "--surface"),
    ):
        assert contrast(theme[edge], theme[surface]) >= 3, (edge, surface)


def test_toasts_join_what_an_answer_already_triggers():
    response = HttpResponse(headers={"HX-Trigger": "close-dialogs"})
    toast(toast(response, "Đã lưu"), "Nhưng chậm", kind="wait")

    assert response.headers["HX-Trigger"] == (
        '{"close-dialogs": null, "toast": {"items": [{"text": "\\u0110\\u00e3 l\\u01b0u", "kind": "good"},'
        ' {"text": "Nh\\u01b0ng ch\\u1eadm", "kind": "wait"}]}}'
    )


class WithGallery:
    urlpatterns = [
        path("ui/", views.gallery, name="ui_gallery"),
        path("ui/rows/", views.gallery_rows, name="ui_gallery_rows"),
        path("ui/frame/<str:name>/", views.gallery_frame, name="ui_gallery_frame"),
    ]


def test_the_gallery_exists_only_while_developing(settings):
    settings.ROOT_URLCONF = WithGallery
    request = Encounter(path=reverse("ui_gallery")).request()

    settings.DEBUG = True
    assert views.gallery(request).status_code == 200
    assert views.gallery_rows(request).content.count(b"row-link") == 50
    for name in ("public", "print", "400", "403", "403-csrf", "404", "500"):
        assert views.gallery_frame(request, name).status_code == 200

    settings.DEBUG = False
    with pytest.raises(views.Http404):
        views.gallery(request)


def test_a_form_that_came_too_late_is_told_kindly_and_htmx_asks_to_sign_in():
    request = Encounter(member=Somebody()).request()
    assert views.csrf_failure(request).status_code == 403

    request = Encounter(member=Somebody()).request()
    request.META["HTTP_HX_REQUEST"] = "true"
    assert views.csrf_failure(request).headers["HX-Trigger"] == "session-expired"
