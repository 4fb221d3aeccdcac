"""Small FHIR files as hospitals send them, for tests."""

from __future__ import annotations

import json
from pathlib import Path

LOINC = "http://loinc.org"
V2_0203 = "http://terminology.hl7.org/CodeSystem/v2-0203"


def code(system, value, display=""):
    return {"coding": [{"system": system, "code": value, "display": display}], "text": display}


def patient(number=1, **more):
    return {
        "resourceType": "Patient",
        "id": f"p{number}",
        "identifier": [
            {
                "type": {"coding": [{"system": V2_0203, "code": "MR"}]},
                "system": "bv",
                "value": f"HN{number:05}",
            }
        ],
        "name": [{"use": "official", "family": "Nguyễn", "given": ["Thị", f"Hằng {chr(64 + number)}"]}],
        "gender": "female",
        "birthDate": f"19{50 + number}-03-05",
        "telecom": [{"system": "phone", "value": f"0912 345 {600 + number}"}],
        "address": [
            {"line": ["12 Lý Thường Kiệt"], "city": "Phường Cửa Nam", "state": "Hà Nội", "country": "VN"}
        ],
        **more,
    }


def about(number):
    return {"reference": f"Patient/p{number}"}


def practitioner(number=1, **more):
    return {
        "resourceType": "Practitioner",
        "id": f"d{number}",
        "name": [{"text": f"BS.CKII Trần Văn Bác {chr(64 + number)}"}],
        **more,
    }


def encounter(number=1, of=1, **more):
    return {
        "resourceType": "Encounter",
        "id": f"e{number}",
        "status": "finished",
        "class": {"code": "AMB"},
        "subject": about(of),
        "participant": [{"individual": {"reference": "Practitioner/d1"}}],
        "period": {"start": "2026-11-10T08:30:00+07:00", "end": "2026-11-10T09:00:00+07:00"},
        "reasonCode": [{"text": "Đau ngực khi leo cầu thang"}],
        **more,
    }


def condition(number=1, of=1, **more):
    return {
        "resourceType": "Condition",
        "id": f"c{number}",
        "subject": about(of),
        "encounter": {"reference": f"Encounter/e{of}"},
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "code": {
            "coding": [
                {"system": "http://snomed.info/sct", "code": "38341003"},
                {"system": "http://hl7.org/fhir/sid/icd-10", "code": "I10", "display": "Tăng huyết áp"},
            ],
            "text": "Tăng huyết áp vô căn",
        },
        "onsetDateTime": "2024-05",
        **more,
    }


def appointment(number=1, of=1, start="2026-12-10T09:00:00+07:00", **more):
    return {
        "resourceType": "Appointment",
        "id": f"a{number}",
        "status": "booked",
        "start": start,
        "description": "Tái khám tăng huyết áp",
        "participant": [
            {"actor": about(of), "status": "accepted"},
            {"actor": {"reference": "Practitioner/d1"}, "status": "accepted"},
        ],
        **more,
    }


def prescription(number=1, of=1, **more):
    return {
        "resourceType": "MedicationRequest",
        "id": f"m{number}",
        "status": "active",
        "intent": "order",
        "subject": about(of),
        "encounter": {"reference": f"Encounter/e{of}"},
        "authoredOn": "2026-11-10",
        "medicationCodeableConcept": code(
            "http://www.nlm.nih.gov/research/umls/rxnorm", "329528", "Amlodipin 5 mg"
        ),
        "dosageInstruction": [
            {
                "timing": {
                    "repeat": {
                        "frequency": 2,
                        "period": 1,
                        "periodUnit": "d",
                        "when": ["PC"],
                        "boundsDuration": {"value": 4, "unit": "wk", "code": "wk"},
                    }
                },
                "doseAndRate": [{"doseQuantity": {"value": 1, "unit": "viên"}}],
            }
        ],
        **more,
    }


def allergy(number=1, of=1, **more):
    return {
        "resourceType": "AllergyIntolerance",
        "id": f"al{number}",
        "patient": about(of),
        "category": ["medication"],
        "criticality": "high",
        "verificationStatus": {"coding": [{"code": "confirmed"}]},
        "code": {"text": "Penicillin"},
        "reaction": [{"manifestation": [{"text": "Nổi mề đay"}], "severity": "moderate"}],
        **more,
    }


def pressure(number=1, of=1, **more):
    return {
        "resourceType": "Observation",
        "id": f"o{number}",
        "status": "final",
        "subject": about(of),
        "encounter": {"reference": f"Encounter/e{of}"},
        "effectiveDateTime": "2026-11-10T08:35:00+07:00",
        "code": code(LOINC, "85354-9", "Huyết áp"),
        "component": [
            {"code": code(LOINC, "8480-6"), "valueQuantity": {"value": 150, "code": "mm[Hg]"}},
            {"code": code(LOINC, "8462-4"), "valueQuantity": {"value": 95, "code": "mm[Hg]"}},
        ],
        **more,
    }


def care_plan(number=1, of=1, **more):
    return {
        "resourceType": "CarePlan",
        "id": f"cp{number}",
        "status": "active",
        "intent": "plan",
        "subject": about(of),
        "category": [{"text": "Theo dõi huyết áp"}],
        "activity": [{"detail": {"code": {"text": "Đo huyết áp tại nhà"}}}],
        **more,
    }


def whole_encounter(number=1):
    """Everything one visit of one patient leaves behind."""
    return [
        patient(number),
        encounter(number, number),
        condition(number, number),
        prescription(number, number),
        allergy(number, number),
        pressure(number, number),
        appointment(number, number),
        care_plan(number, number),
    ]


def bundle(*resources, kind="collection"):
    entries = [
        {"fullUrl": f"http://his.example/fhir/{item['resourceType']}/{item['id']}", "resource": item}
        for item in resources
    ]
    return {"resourceType": "Bundle", "type": kind, "entry": entries}


def hospital(patients=3):
    return bundle(
        practitioner(), *(item for number in range(1, patients + 1) for item in whole_encounter(number))
    )


def write(folder: Path, name, value):
    path = folder / name
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return path


def write_lines(folder: Path, name, resources):
    path = folder / name
    path.write_text(
        "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in resources), encoding="utf-8"
    )
    return path
