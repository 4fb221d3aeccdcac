"""The tool that keeps the catalogues: python -m tantam.catalogues."""

from __future__ import annotations

import gettext
import json
import os
import threading

import pytest

from tantam import catalogues
from tantam.catalogues import CatalogueError, Entry, Key

PYTHON = """
from django.utils.translation import gettext as _, ngettext, pgettext_lazy
BUSY = _("The line is busy.")
LONG = _(
    "One sentence "
    "over two lines."
)
def called(count):
    return ngettext("%(count)s call", "%(count)s calls", count) % {"count": count}
DUE = pgettext_lazy("care task", "Due")
"""
TEMPLATE = """{% load i18n %}
  <h1 title="{% trans "Next call" %}">{{ _("Who") }}</h1>
    {# Translators: said "aloud" #}
{% blocktrans trimmed with name=patient.name count n=n %}
    {{ name }} has
    {{ n }} visit
  {% plural %}
    {{ name }} has {{ n }} visits
{% endblocktrans %}
<c-field :label="_('Don\\'t call')" :hint='_("Before noon")' />
{% translate "100% sure" context "doctor" %}
It's {{ not_translated }}
"""
FOUND = {
    Key(None, "The line is busy."): None,
    Key(None, "One sentence over two lines."): None,
    Key(None, "%(count)s call"): "%(count)s calls",
    Key("care task", "Due"): None,
    Key(None, "Next call"): None,
    Key(None, "Who"): None,
    Key(None, "%(name)s has %(n)s visit"): "%(name)s has %(n)s visits",
    Key(None, "Don't call"): None,
    Key(None, "Before noon"): None,
    Key("doctor", "100%% sure"): None,
}


@pytest.fixture
def root(tmp_path):
    room = tmp_path / "app" / "tantam" / "care"
    (room / "templates" / "care").mkdir(parents=True)
    (room / "tests").mkdir()
    (room / "errors.py").write_text(PYTHON)
    (room / "tests" / "test_x.py").write_text("_('Not for people')")
    (room / "templates" / "care" / "call.html").write_text(TEMPLATE)
    return tmp_path


def translate(root, words, name="words.json"):
    path = root / name
    path.write_text(json.dumps(words, ensure_ascii=False))
    return path


def both(said):
    return {"vi": said, "zh_Hans": said}


EVERYTHING = {
    "The line is busy.": both("Máy bận."),
    "One sentence over two lines.": both("Một câu."),
    "%(count)s call": {"plural": "%(count)s calls", **both("%(count)s cuộc gọi")},
    "Due": {"context": "care task", **both("Đến hạn")},
    "Next call": both("Cuộc gọi tiếp theo"),
    "Who": both("Ai"),
    "%(name)s has %(n)s visit": both("%(name)s có %(n)s lượt khám"),
    "Don't call": both("Không gọi"),
    "Before noon": both("Trước trưa"),
    "100%% sure": {"context": "doctor", **both("Chắc chắn 100%%")},
}


def test_the_words_of_sources_and_templates_are_found(root):
    assert catalogues.words_in_sources(root) == FOUND


def test_a_translation_reaches_the_binary_catalogue(root):
    assert catalogues.merge([translate(root, EVERYTHING)], root) == []
    assert catalogues.check(root) == []

    binary, _other = catalogues.compile_all(root)

    with binary.open("rb") as file:
        said = gettext.GNUTranslations(file)
    assert said.gettext("The line is busy.") == "Máy bận."
    assert said.ngettext("%(count)s call", "%(count)s calls", 5) == "%(count)s cuộc gọi"
    assert said.pgettext("care task", "Due") == "Đến hạn"
    assert said.gettext("Due") == "Due"


def test_only_what_is_older_is_compiled_again(root):
    catalogues.merge([translate(root, EVERYTHING)], root)
    assert len(catalogues.compile_all(root)) == 2
    assert catalogues.compile_all(root) == []

    text = catalogues.catalogue_path(root, "vi")
    later = text.with_suffix(".mo").stat().st_mtime + 1
    os.utime(text, (later, later))

    assert catalogues.compile_all(root) == [text.with_suffix(".mo")]


def test_extracting_twice_changes_nothing_and_keeps_translations(root):
    catalogues.merge([translate(root, EVERYTHING)], root)
    path = catalogues.catalogue_path(root, "vi")
    before = path.read_bytes()

    assert catalogues.extract(root) == {"vi": 0, "zh_Hans": 0}

    assert path.read_bytes() == before
    assert b"care/errors" not in before
    assert b"Plural-Forms: nplurals=1; plural=0;" in before


def test_words_no_source_uses_wait_for_the_next_extract(root):
    words = {**EVERYTHING, "Not written yet": both("Chưa viết")}
    assert catalogues.merge([translate(root, words)], root) == ["Not written yet"]
    assert catalogues.merge([translate(root, EVERYTHING)], root) == []
    path = catalogues.catalogue_path(root, "vi")
    assert Key(None, "Not written yet") in catalogues.read_words(path, "vi")

    catalogues.extract(root)

    assert set(catalogues.read_words(path, "vi")) == set(FOUND)


def test_what_is_missing_is_listed(root):
    words = dict(EVERYTHING)
    del words["Who"]
    words["Next call"] = {"vi": "Tiếp"}
    assert len(catalogues.check(root)) == 2 * len(FOUND)

    catalogues.merge([translate(root, words)], root)

    assert catalogues.check(root) == [
        "vi: not translated: 'Who'",
        "zh_Hans: not translated: 'Next call'",
        "zh_Hans: not translated: 'Who'",
    ]


@pytest.mark.parametrize(
    ("msgid", "said", "wrong"),
    [
        ("Hello %(name)s", "Chào %(name)s", None),
        ("Hello %(name)s", "Chào", "placeholders differ"),
        ("Hello %(name)s", "Chào %(ten)s", "placeholders differ"),
        ("%s of %s", "%s trên %s", None),
        ("%s of %s", "%s", "placeholders differ"),
        ("{name} called", "{name} đã gọi", None),
        ("{name} called", "{ten} đã gọi", "placeholders differ"),
        ("%(n)s %%", "%(n)s %%", None),
        ("%(n)s %%", "%(n)s %", "a lone % that must be %%"),
        ("100%% sure", "chắc chắn", "%% differs"),
        ("50% off", "giảm 50%", None),
        ("Fine", "  ", "not translated"),
        ("Line\n", "Dòng", "line end differs"),
    ],
)
def test_a_translation_keeps_its_places(msgid, said, wrong):
    assert catalogues.fault(Key(None, msgid), Entry(said=said)) == wrong


def test_a_plural_may_say_one_in_words():
    assert catalogues.fault(Key(None, "one day"), Entry("%(n)s days", "%(n)s ngày")) is None
    assert catalogues.fault(Key(None, "one day"), Entry("%(n)s days", "ngày")) == "placeholders differ"
    assert catalogues.fault(Key(None, "a"), Entry(said="b", fuzzy=True)) == "fuzzy"


def test_libraries_words_are_listed_by_hand(root):
    (root / "locale").mkdir()
    (root / "locale" / catalogues.EXTRA).write_text(
        "# forms\nEnter a whole number.\n[field label] Login\n%(num)d day\t%(num)d days\n"
    )

    assert {
        Key(None, "Enter a whole number."): None,
        Key("field label", "Login"): None,
        Key(None, "%(num)d day"): "%(num)d days",
    }.items() <= catalogues.words_in_sources(root).items()


def test_a_half_saved_source_loses_no_words(root):
    catalogues.merge([translate(root, EVERYTHING)], root)
    before = catalogues.catalogue_path(root, "vi").read_bytes()
    (root / "app" / "tantam" / "care" / "errors.py").write_text(PYTHON + "_(")

    with pytest.raises(CatalogueError, match=r"care/errors\.py"):
        catalogues.extract(root)

    assert catalogues.catalogue_path(root, "vi").read_bytes() == before


@pytest.mark.parametrize("content", ["{", "[1]", '{"a": {"fr": "x"}}', '{"a": "b"}'])
def test_a_wrong_file_of_translations_is_named(root, content):
    (root / "wrong.json").write_text(content)

    with pytest.raises(CatalogueError, match=r"wrong\.json"):
        catalogues.merge([root / "wrong.json"], root)


def test_people_merging_at_once_do_not_undo_each_other(root):
    files = [
        translate(root, {msgid: said}, f"{place}.json")
        for place, (msgid, said) in enumerate(EVERYTHING.items())
    ]
    merges = [threading.Thread(target=catalogues.merge, args=([file], root)) for file in files]
    for merge in merges:
        merge.start()
    for merge in merges:
        merge.join()

    assert catalogues.check(root) == []
