"""Never two rows for one person, never two people in one row (B5)."""

from __future__ import annotations

from datetime import date

import pytest

from tantam.exchange.tests.fhir_files import bundle, hospital, patient, write, write_lines
from tantam.patients.models import Patient
from tests.factories.patients import PatientFactory

pytestmark = pytest.mark.django_db


def test_a_patient_registered_here_is_filled_up_and_not_doubled(tmp_path, take_in):
    known = PatientFactory(code="HN00001", full_name="NGUYỄN  THỊ HẰNG A", birth_year=1951, sex="female")

    run = take_in(write(tmp_path, "encounter.json", hospital(1)))

    known.refresh_from_db()
    assert Patient.objects.count() == 1
    assert (known.birth_date, known.province) == (date(1951, 3, 5), "Hà Nội")
    assert run.counts["verdicts"]["patient"] == {"changed": 1}
    assert known.encounters.count() == 1


def test_name_birth_and_telephone_together_find_the_patient(tmp_path, take_in):
    known = PatientFactory(
        full_name="NGUYỄN THỊ HẰNG A", birth_date=date(1951, 3, 5), phone="+84 912.345.601"
    )

    take_in(write(tmp_path, "encounter.json", bundle(patient(1, identifier=[]))))

    assert Patient.objects.get() == known


def _with_number(number, person):
    person["identifier"].append(
        {"type": {"coding": [{"code": "NI"}]}, "system": "http://example.vn/cccd", "value": number}
    )
    return person


def test_one_person_said_twice_in_one_file_is_put_together(tmp_path, take_in):
    first, second = patient(1), patient(1, telecom=[{"system": "phone", "value": "0987654321"}])
    del second["address"]

    run = take_in(write_lines(tmp_path, "twice.ndjson", [first, second]))

    person = Patient.objects.get()
    assert run.counts["verdicts"]["patient"] == {"new": 1, "repeated": 1}
    assert person.province == "Hà Nội"
    assert person.contact_points.get(is_preferred=True).value == "+84987654321"
    assert person.contact_points.count() == 2


def test_two_people_under_one_id_are_refused(tmp_path, check_files):
    other = patient(1, name=[{"text": "Lý Văn Khác"}], birthDate="1999-01-01")

    run = check_files(write_lines(tmp_path, "two.ndjson", [patient(1), other]))

    assert run.counts["verdicts"]["patient"] == {"refused": 2}
