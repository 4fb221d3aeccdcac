"""Words of the glossary hold in code, and one word of English is not two in Vietnamese."""

from __future__ import annotations

from tests.house import words
from tests.house.tree import HOUSE

AVOIDED = words.avoided_in_code(words.GLOSSARY.read_text())

# Words of one meaning wherever they stand. A verb, or a word that Vietnamese or Chinese says differently from place
# to place, is not for this list: give it a context ({% trans "Stop" context "medicine" %}, pgettext).
ONE_MEANING = frozenset({
    "Add", "Address", "Advice", "All", "Allergies", "Allergy", "Answer", "Back", "Better", "Born", "Call",
    "Came", "Cancel", "Care", "Certainty", "Change", "Chinese", "Close", "Closed", "Code", "Confirmed",
    "Consents", "Correct", "Dark", "Date", "Day", "Days", "Department", "Details", "Diagnoses", "Done", "Due",
    "Diagnosis", "Doctor", "Edit", "Email", "End", "English", "Friday", "From", "Goals", "Guardian",
    "Guide", "Height", "History", "Kind", "Language", "Light", "Medicine", "Medicines", "Members", "Mine",
    "Monday", "Name", "New", "Note", "Notices", "Organisation", "Other", "Overdue", "Password", "Patient",
    "Patients", "Phone", "Preferred", "Print", "Publish",
    "Published", "Question", "Reached", "Reason", "Relationship", "Relatives", "Remove",
    "Role", "Room", "Saturday", "Save", "Search", "Severity", "Sex", "Show", "Site", "Sites", "Speciality",
    "Sunday", "Symptoms", "Temperature", "Thursday", "Time", "Timeline", "To", "Today", "Tuesday",
    "Vietnamese", "Visit", "Visits", "Wednesday", "Weight", "What", "When", "Who", "Worse", "Zalo", "yes",
})  # fmt: skip


def test_the_glossary_keeps_words_out_of_code():
    assert ("visit",) in AVOIDED
    assert words.avoided_in_code("| care call | cuộc gọi | 电话 | — | phone call (in code), ring |") == [
        ("phone", "call")
    ]


def test_code_uses_the_words_of_the_glossary():
    assert words.avoided_words(HOUSE, AVOIDED) == []


def test_templates_use_the_words_of_the_glossary():
    assert words.avoided_words_in_templates(HOUSE, AVOIDED) == []


def test_an_avoided_word_in_code_is_found(plant):
    text = (
        '"""The next visit."""\n'
        "last_visit_on = 1  # a visit\n"
        "def visited(revisit): ...\n"
        "class VisitRow: ...\n"
        'words = f"{row.visits} visits"\n'
        "def ring(phone_call_id, phone, call): ...\n"
        "BEFORE_VISIT = 2\n"
    )
    house = plant(
        {"care/queries.py": text, "records/visits.py": "", "care/migrations/0001_visit.py": "visit = 1"}
    )
    assert sorted(words.avoided_words(house, [("visit",), ("phone", "call")])) == [
        "care/queries.py:2 last_visit_on",
        "care/queries.py:4 VisitRow",
        "care/queries.py:5 visits",
        "care/queries.py:6 phone_call_id",
        "care/queries.py:7 BEFORE_VISIT",
        "records/visits.py is called visits.py",
    ]


def test_an_avoided_word_in_a_template_is_found(plant):
    text = (
        '{# visit #}{% trans "visit" %} visit {{ day|date_vn }}{% if last_visit %}{{ row.visits }}{% endif %}'
    )
    house = plant({"care/templates/care/a.html": text})
    assert words.avoided_words_in_templates(house, [("visit",)]) == [
        "care/templates/care/a.html last_visit",
        "care/templates/care/a.html visits",
    ]


def test_one_word_shared_by_rooms_has_one_meaning():
    shared = words.words_in_several_rooms(HOUSE)
    assert {word: rooms for word, rooms in shared.items() if word not in ONE_MEANING} == {}


def test_a_word_that_rooms_share_is_found(plant):
    house = plant(
        {
            "care/models.py": "from django.utils.translation import gettext as _, pgettext\n"
            'a = _("Stop")\nb = pgettext("medicine", "End")\nc = _("Stop it")\nd = _("Alone")\n',
            "records/templates/records/a.html": '{% load i18n %}{% trans "Stop" %}{% trans "End" %}'
            '{% trans "Stop it" %}',
        }
    )
    assert words.words_in_several_rooms(house) == {"Stop": ["care", "records"]}
