"""Ways to reach a patient, and who stands by them (B1, B12)."""

from __future__ import annotations

import pytest

from tantam.journal.models import Entry
from tantam.patients.errors import ContactPointKnown, ContactPointWrong
from tantam.patients.models import ContactPoint
from tantam.patients.operations import (
    add_contact_point,
    add_relative,
    correct_contact_point,
    correct_relative,
    mark_contact_right,
    mark_contact_wrong,
    prefer_contact_point,
    remove_contact_point,
    remove_relative,
    verify_contact_point,
)
from tantam.patients.queries.phones import best_phone
from tantam.patients.queries.search import search_patients
from tantam.patients.rules.details import NewContactPoint, NewRelative
from tests.factories.patients import PatientFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient(site):
    return PatientFactory(full_name="Trần Thị Bưởi", phone="0912345678")


def preferred(patient):
    return [point.value for point in patient.contact_points.filter(is_preferred=True, kind="phone")]


def test_the_first_of_a_kind_is_preferred(patient, mai):
    add_contact_point(patient, NewContactPoint("email", "buoi@example.vn"), actor=mai)
    add_contact_point(patient, NewContactPoint("phone", "0987654321", "mother"), actor=mai)

    assert preferred(patient) == ["+84912345678"]
    assert patient.contact_points.get(kind="email").is_preferred


def test_the_same_number_in_another_spelling_is_known(patient, mai):
    with pytest.raises(ContactPointKnown):
        add_contact_point(patient, NewContactPoint("phone", "+84 912.345.678"), actor=mai)


def test_a_corrected_number_is_found_and_must_be_checked_again(patient, mai):
    point = patient.contact_points.get()
    verify_contact_point(point, actor=mai)

    correct_contact_point(point, NewContactPoint("phone", "0987654321"), actor=mai)

    point.refresh_from_db()
    assert point.verified_at is None
    assert search_patients("0987654321").patients
    assert not search_patients("0912345678").patients
    assert Entry.objects.get(event="patients.contact_point:corrected").details["fields"] == ["value"]


def test_preferring_one_ends_the_preference_of_the_other(patient, mai):
    other = add_contact_point(patient, NewContactPoint("phone", "0987654321"), actor=mai)

    prefer_contact_point(other, actor=mai)

    assert preferred(patient) == ["+84987654321"]


def test_a_wrong_number_hands_its_place_on_and_is_not_tried(patient, mai):
    other = add_contact_point(patient, NewContactPoint("phone", "0987654321"), actor=mai)
    first = patient.contact_points.get(is_preferred=True)

    mark_contact_wrong(first, actor=mai)

    assert preferred(patient) == ["+84987654321"]
    assert best_phone(patient.contact_points.all()) == other
    with pytest.raises(ContactPointWrong):
        prefer_contact_point(first, actor=mai)
    with pytest.raises(ContactPointWrong):
        verify_contact_point(first, actor=mai)


def test_a_number_that_works_again_is_preferred_when_alone(patient, mai):
    point = patient.contact_points.get()
    mark_contact_wrong(point, actor=mai)

    mark_contact_right(point, actor=mai)

    assert preferred(patient) == ["+84912345678"]


def test_removing_the_preferred_one_prefers_another(patient, mai):
    add_contact_point(patient, NewContactPoint("phone", "0987654321"), actor=mai)

    remove_contact_point(patient.contact_points.get(is_preferred=True), actor=mai)

    assert preferred(patient) == ["+84987654321"]


def test_a_relatives_phone_is_a_contact_point_written_once(patient, mai):
    mother = add_relative(patient, NewRelative("Lê Thị Mẹ", "mother", True, "0987654321"), actor=mai)
    aunt = add_relative(patient, NewRelative("Lê Thị Dì", "other", False, "0987 654 321"), actor=mai)

    assert mother.contact_point == aunt.contact_point
    assert ContactPoint.objects.get(pk=mother.contact_point_id).owner == "mother"


def test_a_relative_is_corrected_and_taken_off_without_losing_the_number(patient, mai):
    relative = add_relative(patient, NewRelative("Lê Thị Mẹ", "mother", False, "0987654321"), actor=mai)

    correct_relative(relative, NewRelative("Lê Thị Mẹ", "guardian", True, "0987654321"), actor=mai)
    relative.refresh_from_db()
    assert (relative.relationship, relative.is_guardian) == ("guardian", True)

    remove_relative(relative, actor=mai)
    assert not patient.relatives.exists()
    assert patient.contact_points.count() == 2


def test_doing_nothing_is_not_journalled(patient, mai):
    point = patient.contact_points.get()
    correct_contact_point(point, NewContactPoint("phone", "0912345678"), actor=mai)
    prefer_contact_point(point, actor=mai)
    mark_contact_right(point, actor=mai)

    assert not Entry.objects.exists()
