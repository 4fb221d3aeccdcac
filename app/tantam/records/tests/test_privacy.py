from __future__ import annotations

from datetime import date

import pytest
from django.apps import apps

from tantam.privacy.registries.personal_data import destroy, registered_rooms
from tantam.records import privacy
from tantam.records.models import Allergy, ConditionChange, Encounter
from tantam.records.rules.icd10 import codes
from tests.factories.patients import PatientFactory
from tests.factories.records import (
    AllergyFactory,
    DiagnosisFactory,
    EncounterFactory,
    PrescriptionLineFactory,
    ReexaminationFactory,
)


@pytest.fixture
def encounter(db):
    encounter = EncounterFactory(patient=PatientFactory(), clinical_notes="Bí mật nghề nghiệp")
    DiagnosisFactory(encounter=encounter)
    PrescriptionLineFactory(encounter=encounter)
    AllergyFactory(patient=encounter.patient)
    ReexaminationFactory(patient=encounter.patient, encounter=encounter)
    ConditionChange.objects.create(
        patient=encounter.patient, encounter=encounter, trend="worse", text="Đau hơn"
    )
    return encounter


def test_the_patient_gets_everything_as_plain_values(encounter):
    """A10"""
    share = privacy.export(encounter.patient_id)
    assert share["encounters"][0]["clinical_notes"] == "Bí mật nghề nghiệp"
    assert share["prescriptions"][0]["drug"] == "Amlodipin 5 mg"
    assert {name: len(rows) for name, rows in share.items() if rows} == {
        "encounters": 1,
        "diagnoses": 1,
        "prescriptions": 1,
        "allergies": 1,
        "reexaminations": 1,
        "condition_changes": 1,
    }
    assert "records" in registered_rooms()


def test_shredding_leaves_nothing_not_even_in_the_history(encounter):
    other = EncounterFactory()
    encounter.reason = "Sửa"
    encounter.save(update_fields=["reason"])
    destroy(encounter.patient_id)
    destroy(encounter.patient_id)
    assert list(Encounter.objects.all()) == [other]
    assert not Allergy.objects.exists()
    assert (
        not apps.get_model("records", "EncounterEvent")
        .objects.filter(patient_id=encounter.patient_id)
        .exists()
    )


def test_the_law_keeps_a_record_ten_twenty_or_thirty_years(encounter):
    year = encounter.started_at.year
    assert privacy.kept_until(encounter.patient_id) == date(year + 10, 12, 31)
    DiagnosisFactory(encounter=encounter, code="F32.9", text="Trầm cảm")
    assert privacy.kept_until(encounter.patient_id) == date(year + 20, 12, 31)
    encounter.patient.status = "deceased"
    encounter.patient.save(update_fields=["status"])
    assert privacy.kept_until(encounter.patient_id) == date(year + 30, 12, 31)
    assert privacy.kept_until(PatientFactory().pk) is None


def test_the_starter_list_of_codes_is_whole():
    known = codes()
    assert len(known) >= 300
    assert all(code.vietnamese and code.english for code in known.values())
    assert {"I10", "E11.9", "K02.1", "K10.3", "Z01.2"} <= set(known)
