"""What is kept about a person can be given out and destroyed (A10)."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.apps import apps
from django.utils import timezone

from tantam.journal.models import Entry
from tantam.lib.dates import Birth
from tantam.patients.models import ContactPoint, Patient, Relative
from tantam.patients.operations import correct_patient, register_patient
from tantam.patients.queries.search import search_patients
from tantam.patients.rules.details import NewContactPoint, NewRelative, PersonDetails
from tantam.privacy.errors import StillKept
from tantam.privacy.models import Consent, Purpose
from tantam.privacy.operations import HowDecided, export_person, record_consent, shred_person
from tantam.privacy.queries import text_in_force
from tantam.privacy.registries import personal_data as registry

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient(receptionist):
    patient = register_patient(
        PersonDetails("Trần Thị Bưởi", birth=Birth(1985), identity_number="087185000999", notes="Lo lắng"),
        contact_points=[NewContactPoint("phone", "0912345678")],
        relatives=[NewRelative("Lê Văn Cha", "father", phone="0987654321")],
        actor=receptionist,
    )
    correct_patient(patient, changes={"full_name": "Trần Thị Bưởi Hồng"}, actor=receptionist)
    record_consent(
        patient,
        Purpose.MARKETING,
        decision="given",
        how=HowDecided("paper", evidence="Tập 3"),
        text=text_in_force(Purpose.MARKETING, "vi"),
        actor=receptionist,
    )
    return Patient.objects.get(pk=patient.pk)


@pytest.fixture
def only_these_rooms(monkeypatch):
    """Rooms above hold nothing about this patient; what they must keep is theirs to test."""
    mine = {room: registry._holdings[room] for room in ("patients", "privacy")}
    monkeypatch.setattr(registry, "_holdings", mine)


def test_a_copy_holds_what_the_patient_gave_us(patient, receptionist):
    copy = export_person(patient, actor=receptionist)

    assert copy["patients"]["identity_number"] == "087185000999"
    assert [point["value"] for point in copy["patients"]["contact_points"]] == [
        "+84912345678",
        "+84987654321",
    ]
    assert copy["patients"]["relatives"][0]["full_name"] == "Lê Văn Cha"
    assert copy["privacy"]["consents"][0]["evidence"] == "Tập 3"
    assert json.dumps({room: copy[room] for room in ("patients", "privacy")})
    assert Entry.objects.filter(event="privacy.patient:exported").exists()


def test_shredding_leaves_nothing_that_names_the_person(patient, receptionist, only_these_rooms):
    shred_person(patient, actor=receptionist)

    left = Patient.objects.get()
    assert left.full_name == left.code
    assert (left.identity_number, left.identity_index, left.notes, left.birth_date) == ("", None, "", None)
    assert not ContactPoint.objects.exists()
    assert not Relative.objects.exists()
    assert not Consent.objects.exists()
    for kept in ("PatientEvent", "ContactPointEvent", "RelativeEvent"):
        assert not apps.get_model("patients", kept).objects.exists()
    for text in ("Bưởi", "0912345678", "5678"):
        assert not search_patients(text).patients
    assert Entry.objects.filter(event="privacy.patient:shredded").exists()


def test_shredding_twice_is_harmless(patient, receptionist, only_these_rooms):
    shred_person(patient, actor=receptionist)
    shred_person(patient, actor=receptionist)

    assert Patient.objects.count() == 1


def test_a_record_the_law_keeps_is_not_shredded(patient, receptionist, only_these_rooms):
    tomorrow = timezone.localdate() + timedelta(days=1)
    registry.register("records", export=lambda pk: {}, shred=lambda pk: None, kept_until=lambda pk: tomorrow)

    with pytest.raises(StillKept):
        shred_person(patient, actor=receptionist)

    assert Patient.objects.get().full_name == "Trần Thị Bưởi Hồng"
