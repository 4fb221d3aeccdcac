"""Forms sent twice, and equal forms sent at once by many hands."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connections

from tantam.lib.dates import Birth
from tantam.patients.errors import LikelyDuplicates, RelativeKnown
from tantam.patients.models import ContactPoint, Patient, Relative
from tantam.patients.operations import add_relative, register_patient
from tantam.patients.rules.details import NewContactPoint, NewRelative, PersonDetails
from tests.factories.patients import PatientFactory

AT_ONCE = 4


def at_once(act: Callable[[int], object]) -> list[object]:
    """What each of the threads got, or the refusal it met."""

    together = Barrier(AT_ONCE)

    def one(number: int) -> object:
        try:
            connections["default"].ensure_connection()
            together.wait(timeout=20)
            return act(number)
        except (LikelyDuplicates, RelativeKnown) as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(one, range(AT_ONCE)))


@pytest.mark.django_db(transaction=True)
def test_equal_registrations_from_many_forms_make_one_patient(receptionist):
    found = at_once(
        lambda number: register_patient(
            PersonDetails("Nguyễn Thị Lan", birth=Birth(1964)),
            contact_points=[NewContactPoint("phone", "0912345678")],
            form_key=uuid4(),
            actor=receptionist,
        )
    )

    assert Patient.objects.count() == 1
    assert sum(isinstance(one, LikelyDuplicates) for one in found) == AT_ONCE - 1


@pytest.mark.django_db(transaction=True)
def test_one_phone_and_names_alike_wait_for_each_other_too(receptionist):
    names = ["Nguyễn Thị Lan", "Nguyen Thi Lan", "NGUYỄN LAN", "Lan Nguyễn Thị"]
    kinds = ["phone", "zalo"] * 2

    at_once(
        lambda number: register_patient(
            PersonDetails(names[number]),
            contact_points=[NewContactPoint(kinds[number], "0912345678")],
            actor=receptionist,
        )
    )

    assert Patient.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_by_many_hands_makes_one_patient(receptionist):
    key = uuid4()

    found = at_once(
        lambda number: register_patient(
            PersonDetails("Nguyễn Thị Lan", birth=Birth(1964)), form_key=key, actor=receptionist
        )
    )

    assert {one.pk for one in found} == {Patient.objects.get().pk}


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_by_many_hands_makes_one_relative(receptionist):
    patient, key = PatientFactory(), uuid4()
    new = NewRelative("Lê Văn Cha", "father", phone="0987654321")

    found = at_once(lambda number: add_relative(patient, new, form_key=key, actor=receptionist))

    assert {one.pk for one in found} == {Relative.objects.get().pk}
    assert ContactPoint.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_equal_relatives_from_many_forms_make_one(receptionist):
    patient = PatientFactory()

    found = at_once(
        lambda number: add_relative(
            patient, NewRelative("Lê Văn Cha", "father"), form_key=uuid4(), actor=receptionist
        )
    )

    assert Relative.objects.count() == 1
    assert sum(isinstance(one, RelativeKnown) for one in found) == AT_ONCE - 1


@pytest.mark.django_db
def test_a_relative_of_another_relationship_or_name_is_another(receptionist):
    patient = PatientFactory()
    for name, relationship in [
        ("Lê Văn Hoa", "father"),
        ("Lê Văn Hòa", "father"),
        ("Lê Văn Hoa", "guardian"),
    ]:
        add_relative(patient, NewRelative(name, relationship), form_key=uuid4(), actor=receptionist)

    assert Relative.objects.count() == 3
