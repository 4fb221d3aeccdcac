"""The hospital's own system hands over a FHIR file; minutes later the front desk finds the patient."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.core.management import call_command
from django.utils import timezone

from tantam.patients.models import Patient

pytestmark = pytest.mark.django_db

LOINC = "http://loinc.org"


def _of(kind, key, **fields):
    return {"resource": {"resourceType": kind, "id": key, "subject": {"reference": "Patient/ma-1"}, **fields}}


def _hand_over():
    """One patient of a small clinic in the mountains: visit, diagnosis, medicine, allergy, blood pressure, return."""
    day = timezone.localdate() - timedelta(days=12)
    back = timezone.localdate() + timedelta(days=3)
    person = {
        "resourceType": "Patient",
        "id": "ma-1",
        "identifier": [
            {"type": {"coding": [{"code": "MR"}]}, "system": "urn:phong-kham", "value": "PK-77012"}
        ],
        "name": [{"use": "official", "text": "Ma Thị Huệ Đường"}],
        "gender": "female",
        "birthDate": "1949-10",
        "telecom": [{"system": "phone", "value": "0166.234.9087", "use": "mobile"}],
        "address": [{"text": "Bản Pác Ngòi, Ba Bể", "state": "Thái Nguyên"}],
        "contact": [
            {
                "relationship": [{"text": "Con gái"}],
                "name": {"text": "Ma Thị Lan"},
                "telecom": [{"system": "phone", "value": "+84 912 000 417"}],
            }
        ],
    }
    doctor = {"resourceType": "Practitioner", "id": "bs-1", "name": [{"text": "BS. Hoàng Thị Sim"}]}
    at = f"{day.isoformat()}T08:20:00+07:00"
    entries = [
        {"resource": person},
        {"resource": doctor},
        _of("Encounter", "lk-1", status="finished", period={"start": at},
            participant=[{"individual": {"reference": "Practitioner/bs-1"}}], **{"class": {"code": "AMB"}}),
        _of("Condition", "cd-1", encounter={"reference": "Encounter/lk-1"},
            code={"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "J45"}], "text": "Hen phế quản"}),
        _of("MedicationRequest", "dt-1", status="active", intent="order", authoredOn=day.isoformat(),
            encounter={"reference": "Encounter/lk-1"},
            medicationCodeableConcept={"text": "Salbutamol dạng hít 100 mcg"}),
        _of("Observation", "ha-1", status="final", effectiveDateTime=at, encounter={"reference": "Encounter/lk-1"},
            code={"coding": [{"system": LOINC, "code": "8867-4"}]}, valueQuantity={"value": 88, "unit": "/min"}),
        _of("Flag", "co-1", status="active", code={"text": "Nghe kém"}),
        {"resource": {
            "resourceType": "AllergyIntolerance", "id": "du-1", "patient": {"reference": "Patient/ma-1"},
            "code": {"text": "Aspirin"}, "criticality": "high",
            "reaction": [{"manifestation": [{"text": "Khó thở"}], "severity": "severe"}],
        }},
        {"resource": {
            "resourceType": "Appointment", "id": "tk-1", "status": "booked",
            "start": f"{back.isoformat()}T09:00:00+07:00", "description": "Tái khám hen",
            "participant": [{"actor": {"reference": "Patient/ma-1"}, "status": "accepted"},
                            {"actor": {"reference": "Practitioner/bs-1"}, "status": "accepted"}],
        }},
    ]  # fmt: skip
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def test_a_fhir_file_is_found_by_whatever_the_patient_says(tmp_path, capsys, visitor, site, receptionist):
    """B5, J1: a file through the command; then by name with and without accents, by digits, by code."""
    file = tmp_path / "ban-giao.json"
    file.write_text(json.dumps(_hand_over(), ensure_ascii=False), encoding="utf-8")

    call_command("import_data", str(file), "--site", site.code, "--language", "vi")

    printed = capsys.readouterr().out
    assert "Flag" in printed, "what is not taken in is counted and named"
    person = Patient.objects.get()
    assert person.birth_year == 1949
    desk = visitor(receptionist)
    # The phone is of the old kind, with eleven digits; it is one number in any spelling.
    for asked in (
        "Ma Thị Huệ Đường", "ma thi hue duong", "duong hue", "9087", "0362 349 087", "01662349087",
        "+84 36 234 9087", "PK-77012", "pk-77012",
    ):  # fmt: skip
        found = desk.open(f"/search/?{urlencode({'q': asked})}")
        assert "Ma Thị Huệ Đường" in found, asked
        options = desk.client.get("/search/", {"q": asked}, headers={"HX-Request": "true"})
        assert options.content.decode().count('role="option"') == 1, asked

    page = found.follow("Ma Thị Huệ Đường")
    for words in ("Aspirin", "Hen phế quản", "Salbutamol", "Hoàng Thị Sim", "Ma Thị Lan"):
        assert words in page, words

    # The same file once more, then one in which she has moved.
    call_command("import_data", str(file), "--site", site.code)
    assert Patient.objects.count() == 1
    moved = _hand_over()
    moved["entry"][0]["resource"]["address"] = [{"text": "12 Hoàng Văn Thụ", "state": "Hà Nội"}]
    file.write_text(json.dumps(moved), encoding="utf-8")
    call_command("import_data", str(file), "--site", site.code)
    person.refresh_from_db()
    assert (Patient.objects.count(), person.province) == (1, "Hà Nội")
