"""Acts stand in `operations`, are wrapped, and change what they name."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from tests.house import acts
from tests.house.tree import FACES, HOUSE, STAIRS


def test_every_act_stands_among_the_acts():
    assert acts.acts_elsewhere(HOUSE) == []


def test_an_act_elsewhere_is_found(plant):
    act = "@operation\ndef plan(patient, *, actor): ...\n"
    house = plant({"care/planning.py": act, "care/operations/calls.py": act, "privacy/operations.py": act})
    assert acts.acts_elsewhere(house) == ["care/planning.py:2 plan"]


def test_everything_public_among_the_acts_is_an_act():
    assert acts.others_among_acts(HOUSE) == []


def test_what_is_no_act_among_the_acts_is_found(plant):
    text = (
        "@operation\ndef complete(call): ...\ndef _close(call): ...\ndef best(call): ...\nclass Answer: ...\n"
    )
    house = plant({"care/operations/calls.py": text, "care/queries/calls.py": text})
    assert acts.others_among_acts(house) == [
        "care/operations/calls.py:4 best",
        "care/operations/calls.py:5 Answer",
    ]


def test_a_save_names_its_fields():
    assert acts.saves_of_everything(HOUSE) == []


def test_a_save_of_everything_is_found(plant):
    text = 'row.save()\nrow.save(update_fields=["a"])\nform.save()\nrow.save(force_insert=True)\n'
    assert acts.saves_of_everything(plant({"care/operations.py": text})) == ["care/operations.py:1"]


def test_business_flow_uses_no_signals():
    assert acts.signals(HOUSE) == []


def test_a_signal_is_found(plant):
    house = plant({"care/apps.py": "from django.db.models.signals import post_save\n", "care/models.py": ""})
    assert acts.signals(house) == ["care/apps.py"]


def test_a_reaction_has_a_name_that_stays():
    assert acts.reactions_without_a_name(HOUSE) == []


def test_a_reaction_without_a_name_of_its_own_is_found(plant):
    text = (
        '@on(E.A, name="care.plan")\ndef plan(entry): ...\n'
        "@on(E.A)\ndef other(entry): ...\n"
        '@on(E.B, name="care.plan")\ndef again(entry): ...\n'
    )
    assert acts.reactions_without_a_name(plant({"care/reactions.py": text})) == [
        "care/reactions.py:4 other has no name",
        "care/reactions.py:6 again has the name of care/reactions.py:2 plan",
    ]


@pytest.mark.parametrize("face", FACES)
def test_faces_own_no_tables(face):
    assert list(apps.get_app_config(face).get_models()) == []


def test_foreign_keys_point_down_the_stairs():
    upward = []
    for model in apps.get_models():
        room = model._meta.app_label
        if room not in STAIRS or model._meta.model_name.endswith("event"):
            continue
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey):
                other = field.related_model._meta.app_label
                is_actor = other == "accounts" and room == "journal"
                if other in STAIRS and STAIRS.index(other) < STAIRS.index(room) and not is_actor:
                    upward.append(f"{model.__name__}.{field.name} → {other}")
    assert upward == []


def test_every_room_with_personal_data_can_export_and_shred():
    """A10: what a room keeps about a patient can be given out and destroyed."""
    from tantam.patients.models import Patient
    from tantam.privacy.registries.personal_data import registered_rooms

    holding = set()
    for model in apps.get_models():
        room = model._meta.app_label
        if room not in STAIRS or model._meta.model_name.endswith("event"):
            continue
        if model is Patient or any(
            isinstance(field, models.ForeignKey) and field.related_model is Patient
            for field in model._meta.get_fields()
        ):
            holding.add(room)
    assert holding <= set(registered_rooms())
