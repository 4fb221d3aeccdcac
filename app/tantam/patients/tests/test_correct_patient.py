"""Correcting who a patient is, with two tabs open and a history that forgets nothing (D9)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tantam.journal.models import Entry
from tantam.lib.dates import Birth
from tantam.patients.errors import ChangedMeanwhile, DiedBeforeBirth, DiedInFuture, IdentityNumberHeld
from tantam.patients.models import Patient, PatientStatus
from tantam.patients.operations import (
    correct_patient,
    mark_active,
    mark_deceased,
    mark_inactive,
    mark_vulnerability,
)
from tantam.patients.queries.search import search_patients
from tests.factories.patients import PatientFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient(site) -> Patient:
    return PatientFactory(full_name="Trần Thị Bưởi", birth_year=1985, notes="Thích gọi buổi sáng")


def test_only_what_differs_is_written_and_named(patient, mai):
    correct_patient(
        patient, changes={"full_name": "Trần Thị Bưởi", "birth": Birth(1986), "sex": "female"}, actor=mai
    )

    entry = Entry.objects.get(event="patients.patient:corrected")
    assert entry.details == {"fields": ["birth_year"], "version": 2}


def test_saving_without_a_change_leaves_no_trace(patient, mai):
    correct_patient(patient, changes={"full_name": "Trần Thị Bưởi"}, version=1, actor=mai)

    assert not Entry.objects.exists()
    assert Patient.objects.get().version == 1


def test_a_corrected_name_is_found_and_the_old_one_is_not(patient, mai):
    correct_patient(patient, changes={"full_name": "Trần Thị Cam"}, actor=mai)

    assert search_patients("tran thi cam").patients
    assert not search_patients("tran thi buoi").patients


def test_a_second_tab_hears_what_the_first_changed(patient, mai, receptionist):
    correct_patient(patient, changes={"province": "Thành phố Huế"}, version=1, actor=mai)

    with pytest.raises(ChangedMeanwhile) as refused:
        correct_patient(patient, changes={"notes": "Gọi buổi chiều"}, version=1, actor=receptionist)

    assert str(Patient._meta.get_field("province").verbose_name) in str(refused.value)
    assert Patient.objects.get().notes == "Thích gọi buổi sáng"


def test_history_keeps_the_first_value(patient, mai):
    from django.apps import apps

    correct_patient(patient, changes={"full_name": "Trần Thị Cam"}, actor=mai)

    kept = apps.get_model("patients", "PatientEvent").objects.get(pgh_obj_id=patient.pk)
    assert kept.full_name == "Trần Thị Bưởi"
    assert kept.notes == "Thích gọi buổi sáng"


def test_another_patients_identity_number_is_refused(patient, mai):
    PatientFactory(identity_number="087084000999")

    with pytest.raises(IdentityNumberHeld):
        correct_patient(patient, changes={"identity_number": "087084000999"}, actor=mai)


def test_ones_own_identity_number_is_not(patient, mai):
    correct_patient(patient, changes={"identity_number": "087085000999"}, actor=mai)
    correct_patient(patient, changes={"identity_number": "087085000999", "sex": "male"}, actor=mai)

    assert Patient.objects.get().identity_number == "087085000999"


def test_an_unknown_field_is_a_programming_error(patient, mai):
    with pytest.raises(TypeError):
        correct_patient(patient, changes={"code": "BN-1"}, actor=mai)


def test_marks_of_vulnerability_are_kept_in_one_order(patient, mai):
    """C7."""
    mark_vulnerability(patient, marks=["anxious", "frail", "nonsense"], actor=mai)

    assert Patient.objects.get().vulnerability == ["frail", "anxious"]


def test_a_death_ends_contact_and_can_be_taken_back(patient, mai):
    mark_deceased(patient, on=date(2026, 1, 2), actor=mai)
    gone = Patient.objects.get()
    assert (gone.status, gone.deceased_on, gone.may_be_contacted) == (
        PatientStatus.DECEASED,
        date(2026, 1, 2),
        False,
    )

    mark_active(gone, actor=mai)
    back = Patient.objects.get()
    assert (back.status, back.deceased_on, back.may_be_contacted) == (PatientStatus.ACTIVE, None, True)


def test_marking_twice_changes_nothing(patient, mai):
    mark_inactive(patient, actor=mai)
    mark_inactive(patient, actor=mai)

    assert Entry.objects.filter(event="patients.patient:inactive").count() == 1


def test_nobody_dies_tomorrow_or_before_being_born(patient, mai):
    with pytest.raises(DiedInFuture):
        mark_deceased(patient, on=timezone.localdate() + timedelta(days=1), actor=mai)
    with pytest.raises(DiedBeforeBirth):
        mark_deceased(patient, on=date(1984, 12, 31), actor=mai)
