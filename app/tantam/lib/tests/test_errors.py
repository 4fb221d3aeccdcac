from __future__ import annotations

import pickle

import pytest
from django.utils import translation

from tantam.lib.errors import NotVisible, Refusal
from tantam.lib.phones import PhoneInvalid


class SlotAlreadyTaken(Refusal):
    message = "%(doctor)s has somebody else at %(hour)s."
    status = 409


class Renamed(Refusal):
    code = "an_older_code"
    message = "100% refused."


def test_a_refusal_is_a_sentence_with_its_facts():
    refusal = SlotAlreadyTaken(doctor="Bs. Lan", hour="09:00", field="starts_at")

    assert str(refusal) == "Bs. Lan has somebody else at 09:00."
    assert (refusal.code, refusal.status, refusal.field) == ("slot_already_taken", 409, "starts_at")
    assert refusal.params == {"doctor": "Bs. Lan", "hour": "09:00"}


def test_a_sentence_without_facts_may_hold_a_percent_sign():
    assert str(Renamed()) == "100% refused."
    assert Renamed.code == "an_older_code"


def test_a_refusal_survives_the_way_to_another_process():
    refusal = pickle.loads(pickle.dumps(SlotAlreadyTaken(doctor="A", hour="1", field="x")))

    assert (str(refusal), refusal.field) == ("A has somebody else at 1.", "x")


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "is not a telephone number"), ("vi", "không phải là số điện thoại"), ("zh-hans", "不是电话号码")],
)
def test_a_refusal_speaks_the_language_of_the_reader(language, words):
    refusal = PhoneInvalid(value="abc")

    with translation.override(language):
        assert words in str(refusal)


def test_absent_and_forbidden_look_the_same():
    assert (NotVisible.code, NotVisible.status) == ("not_visible", 404)
