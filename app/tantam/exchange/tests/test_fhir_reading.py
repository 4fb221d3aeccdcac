"""What FHIR resources say, in all the ways FHIR lets them say it (B5)."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from tantam.exchange.engine.drafts import Contact, Counted
from tantam.exchange.engine.fhir.reader import read_fhir
from tantam.exchange.engine.fhir.shapes import identifier_alias
from tantam.exchange.engine.readers import ReadingContext
from tantam.exchange.tests.fhir_files import (
    LOINC,
    allergy,
    appointment,
    bundle,
    code,
    condition,
    encounter,
    patient,
    prescription,
)

CONTEXT = ReadingContext(file="a.json", zone=ZoneInfo("Asia/Ho_Chi_Minh"), today=date(2026, 11, 21))


def read(value):
    return list(read_fhir(io.BytesIO(json.dumps(value).encode()), CONTEXT))


def drafts(value):
    return [found for found in read(value) if not isinstance(found, Counted)]


def only(value):
    (draft,) = [draft for draft in drafts(value) if not draft.is_mention]
    return draft


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([{"text": "Lê Thị Hoa", "family": "Hoa"}], "Lê Thị Hoa"),
        ([{"family": "Nguyễn", "given": ["Văn", "An"]}], "Nguyễn Văn An"),
        ([{"family": "Considine", "given": ["Alden", "B."], "prefix": ["Mr."]}], "Alden B. Considine"),
        ([{"use": "maiden", "text": "A B"}, {"use": "official", "text": "C D"}], "C D"),
        ([{"use": "usual", "text": "A B"}, {"use": "official", "text": "C D"}], "C D"),
        ([{"use": "old", "text": "Chỉ Còn Tên Cũ"}], "Chỉ Còn Tên Cũ"),
        ({"text": "TRẦN VĂN BÌNH"}, "Trần Văn Bình"),
    ],
)
def test_names_in_the_order_of_their_people(names, expected):
    assert only(patient(name=names)).full_name == expected


@pytest.mark.parametrize("names", [None, [], [{}], [{"text": " "}], [{"text": "???"}]])
def test_a_patient_without_a_name_is_refused(names):
    assert only(patient(name=names)).is_refused


@pytest.mark.parametrize(
    ("birth", "expected"),
    [("1985", (1985, None)), ("1985-07", (1985, None)), ("1985-07-04", (1985, date(1985, 7, 4)))],
)
def test_births_may_be_a_year_alone(birth, expected):
    draft = only(patient(birthDate=birth))

    assert (draft.birth_year, draft.birth_date) == expected


def test_telephones_by_preference_and_country():
    telecom = [
        {"system": "phone", "value": "024 3825 3531", "use": "work"},
        {"system": "phone", "value": "01234567890", "use": "old"},
        {"system": "phone", "value": "0912345678", "use": "mobile"},
        {"system": "email", "value": "Hang@Example.vn"},
        {"system": "phone", "value": "0912 000 111", "period": {"end": "2020-01-01"}},
        {"system": "fax", "value": "024 1"},
    ]
    assert only(patient(telecom=telecom)).contacts == [
        Contact("phone", "+84912345678"),
        Contact("phone", "+842438253531"),
        Contact("email", "hang@example.vn"),
    ]
    american = patient(telecom=[{"system": "phone", "value": "(617) 555-0123"}], address=[{"country": "US"}])
    assert [contact.value for contact in only(american).contacts] in ([], ["+16175550123"])


def test_numbers_of_the_state_and_of_insurance_by_their_system():
    identifiers = [
        {"system": "http://example.vn/dinh-danh/cccd", "value": "001185000123"},
        {"system": "http://example.vn/the-bhyt", "value": "DN4010123456789"},
        {"system": "http://hl7.org/fhir/sid/us-ssn", "type": code("v2", "SS"), "value": "999-12-8616"},
        {"system": "bv", "type": code("v2", "MR"), "value": "hn 7"},
    ]
    draft = only(patient(identifier=identifiers))

    assert (draft.identity_number, draft.insurance_number) == ("001185000123", "DN4010123456789")
    assert draft.code == "HN 7"
    assert identifier_alias("bv", "hn 7") in draft.aliases
    assert not any("001185000123" in alias for alias in draft.aliases)


def test_the_people_around_a_patient_become_relatives():
    contact = {
        "relationship": [{"coding": [{"system": "v3-RoleCode", "code": "MTH"}]}],
        "name": {"text": "Trần Thị Mẹ"},
        "telecom": [{"system": "phone", "value": "0987654321"}],
    }
    _person, mother = drafts(patient(contact=[contact]))

    assert (mother.full_name, mother.relationship, mother.patient_ref) == ("Trần Thị Mẹ", "mother", "p1")
    assert mother.contacts == [Contact("phone", "+84987654321", "mother", "Trần Thị Mẹ")]


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ({"reference": "Patient/7"}, "7"),
        ({"reference": "Patient/7/_history/2"}, "7"),
        ({"reference": "https://his.example/fhir/Patient/7"}, "7"),
        ({"reference": "http://his.example/fhir/Patient/7/_history/2"}, "7"),
        (
            {"reference": "https://elsewhere.example/fhir/Patient/7"},
            "https://elsewhere.example/fhir/Patient/7",
        ),
        (
            {"reference": "urn:uuid:39cc9d76-0952-4ded-9b39-b97d1e43b9cf"},
            "39cc9d76-0952-4ded-9b39-b97d1e43b9cf",
        ),
        ({"reference": "Patient?identifier=bv|HN1"}, identifier_alias("bv", "HN1")),
        ({"reference": "Patient?identifier=http%3A%2F%2Fbv%7CHN1"}, identifier_alias("http://bv", "HN1")),
        ({"type": "Patient", "identifier": {"system": "bv", "value": "HN1"}}, identifier_alias("bv", "HN1")),
        ({"display": "Somebody"}, ""),
    ],
)
def test_every_spelling_of_a_reference(reference, expected):
    (draft,) = drafts(bundle(condition(subject=reference)))

    assert draft.patient_ref == expected


@pytest.mark.parametrize("about", ["Group", "Encounter", "Location"])
def test_what_is_about_no_patient_is_counted_and_said(about):
    counted, said = read(condition(subject={"reference": f"{about}/1"}))

    assert counted == Counted("Condition")
    assert said.is_refused
    assert said.problems[0].params == {"type": "Condition", "about": about}


def test_what_is_posted_is_named_by_its_full_url():
    entry = {
        "fullUrl": "urn:uuid:aaaa",
        "resource": patient(1),
        "request": {"method": "POST", "url": "Patient"},
    }
    (draft,) = drafts({"resourceType": "Bundle", "type": "transaction", "entry": [entry]})
    assert (draft.external_id, draft.row) == ("aaaa", 1)

    entry["request"]["method"] = "PUT"
    (draft,) = drafts({"resourceType": "Bundle", "type": "transaction", "entry": [entry]})
    assert draft.external_id == "p1"
    assert "aaaa" in draft.aliases


def test_the_responsible_doctor_of_an_encounter():
    participants = [
        {"type": [code("v3", "REF")], "individual": {"reference": "Practitioner/9"}},
        {
            "type": [code("v3", "ATND")],
            "individual": {
                "reference": "Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|9999966598",
                "display": "Dr. Tobie Lehner",
            },
        },
    ]
    mention, made = drafts(encounter(participant=participants))

    alias = identifier_alias("http://hl7.org/fhir/sid/us-npi", "9999966598")
    assert made.practitioner_ref == alias
    assert (mention.external_id, mention.title, mention.full_name) == (alias, "Dr", "Tobie Lehner")
    assert mention.is_mention


def test_a_doctor_who_is_only_named():
    mention, made = drafts(encounter(participant=[{"individual": {"display": "PGS.TS.BS Lê Thị Hoa"}}]))

    assert mention.full_name == "Lê Thị Hoa"
    assert made.practitioner_ref == mention.external_id == "name:le thi hoa"


@pytest.mark.parametrize(
    ("status", "kind", "expected"),
    [
        ("finished", "IMP", ("finished", "inpatient")),
        ("in-progress", "EMER", ("in_progress", "emergency")),
        ("planned", "VR", ("planned", "remote")),
        ("cancelled", "HH", ("cancelled", "home")),
        ("unknown", "??", (None, None)),
    ],
)
def test_kinds_and_states_of_encounters(status, kind, expected):
    draft = only(encounter(status=status, **{"class": {"code": kind}}))

    assert (draft.status, draft.encounter_kind) == expected


def test_an_end_before_the_start_is_left_out_and_noted():
    draft = only(encounter(period={"start": "2026-01-02T08:00:00Z", "end": "2026-01-01T08:00:00Z"}))

    assert (draft.started_at, draft.ended_at) == (datetime(2026, 1, 2, 8, tzinfo=UTC), None)
    assert [problem.code for problem in draft.problems] == ["ends_before_start"]


@pytest.mark.parametrize("start", [None, "", "tomorrow", "0001-01-01T00:00:00Z", "2026-13-01"])
def test_an_encounter_without_a_usable_date_is_refused(start):
    assert only(encounter(period={"start": start})).is_refused


def test_the_main_diagnosis_is_the_one_ranked_first():
    diagnosis = [
        {"condition": {"reference": "Condition/c2"}, "rank": 2},
        {"condition": {"reference": "Condition/c1"}, "rank": 1},
    ]
    assert only(encounter(diagnosis=diagnosis)).main_diagnosis_ref == "c1"


def test_a_diagnosis_prefers_icd_10_and_keeps_what_else_there_is():
    assert only(condition()).code_system == "icd10"
    snomed = only(condition(code=code("http://snomed.info/sct", "38341003", "Hypertension")))
    assert (snomed.code, snomed.code_system, snomed.text) == ("38341003", "snomed", "Hypertension")
    bare = only(condition(code={"coding": [{"code": "K02.1"}]}))
    assert (bare.code, bare.code_system, bare.text) == ("K02.1", "icd10", "K02.1")


def test_an_allergy_that_is_over_no_longer_warns():
    inactive = {"coding": [{"code": "inactive"}]}

    assert only(allergy()).certainty == "confirmed"
    assert only(allergy(clinicalStatus=inactive)).certainty == "refuted"
    assert only(allergy(verificationStatus=None)).certainty == "suspected"
    assert only(allergy(reaction=[])).severity == "severe"
    assert only(allergy(code={"text": "Allergy to peanuts"})).agent == "peanuts"


@pytest.mark.parametrize(
    ("timing", "expected"),
    [
        ({"repeat": {"frequency": 3, "period": 1, "periodUnit": "d"}}, (3, None, None)),
        ({"repeat": {"frequency": 1, "period": 8, "periodUnit": "h"}}, (3, None, None)),
        ({"repeat": {"frequency": 1, "period": 2, "periodUnit": "d"}}, (None, None, None)),
        ({"code": code("gts", "BID")}, (2, None, None)),
        ({"repeat": {"when": ["ACM", "ACV"]}}, (2, None, "before")),
        ({"repeat": {"when": ["HS"]}}, (1, None, "bedtime")),
        ({"repeat": {"timeOfDay": ["08:00", "20:00"]}}, (2, None, None)),
        ({"repeat": {"boundsPeriod": {"start": "2026-01-01", "end": "2026-01-10"}}}, (None, 10, None)),
        ({"repeat": {"boundsDuration": {"value": 1, "code": "mo"}}}, (None, 30, None)),
        ({"repeat": {"frequency": 1, "period": 0, "periodUnit": "d"}}, (1, None, None)),
        ({"repeat": {"frequency": "1e999", "period": 1, "periodUnit": "d"}}, (None, None, None)),
    ],
)
def test_how_often_and_how_long_a_medicine_is_taken(timing, expected):
    draft = only(prescription(dosageInstruction=[{"timing": timing}]))

    assert (draft.times_a_day, draft.days, draft.meals) == expected


def test_what_is_not_structured_stays_as_words():
    draft = only(prescription(dosageInstruction=[{"text": "Uống 1 viên khi đau", "asNeededBoolean": True}]))

    assert (draft.note, draft.times_a_day) == ("Uống 1 viên khi đau", None)


def test_medicines_contained_and_referred_to():
    contained = prescription(
        medicationCodeableConcept=None,
        medicationReference={"reference": "#med"},
        contained=[{"resourceType": "Medication", "id": "med", "code": {"text": "Paracetamol 500 mg"}}],
    )
    assert only(contained).drug == "Paracetamol 500 mg"
    referred = only(
        prescription(medicationCodeableConcept=None, medicationReference={"reference": "Medication/9"})
    )
    assert (referred.medication_ref, referred.drug) == ("9", None)


def test_a_proposal_is_not_a_prescription():
    assert drafts(prescription(intent="proposal")) == []


def _measured(loinc, value, unit):
    return {
        "resourceType": "Observation",
        "id": "o1",
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": "2026-11-10",
        "code": code(LOINC, loinc),
        "valueQuantity": {"value": value, "code": unit},
    }


@pytest.mark.parametrize(
    ("loinc", "value", "unit", "expected"),
    [
        ("29463-7", 154.3, "[lb_av]", ("29463-7", Decimal("69.99"), "kg")),
        ("3141-9", 70000, "g", ("29463-7", Decimal("70.00"), "kg")),
        ("8302-2", 65, "[in_i]", ("8302-2", Decimal("165.10"), "cm")),
        ("8302-2", 1.62, "m", ("8302-2", Decimal("162.00"), "cm")),
        ("8310-5", 98.6, "[degF]", ("8310-5", Decimal("37.00"), "Cel")),
        ("8331-1", 36.8, "Cel", ("8310-5", Decimal("36.80"), "Cel")),
        ("2708-6", 97, "%", ("59408-5", Decimal("97.00"), "%")),
        ("8867-4", 72, "{beats}/min", ("8867-4", Decimal("72.00"), "/min")),
        ("39156-5", 22.123456, "kg/m2", ("39156-5", Decimal("22.12"), "kg/m2")),
    ],
)
def test_measurements_in_our_units(loinc, value, unit, expected):
    draft = only(_measured(loinc, value, unit))

    assert (draft.vital, draft.measure, draft.unit) == expected


@pytest.mark.parametrize(
    ("loinc", "value", "unit", "code"),
    [
        ("8310-5", 366, "Cel", "value_impossible"),
        ("29463-7", -3, "kg", "value_impossible"),
        ("29463-7", 70, "stone", "unit_unknown"),
        ("29463-7", "much", "kg", "no_value"),
        ("29463-7", 1e300, "kg", "value_impossible"),
    ],
)
def test_measurements_that_cannot_be_are_refused(loinc, value, unit, code):
    draft = only(_measured(loinc, value, unit))

    assert [problem.code for problem in draft.problems if problem.refuses] == [code]


def test_other_observations_are_counted_only():
    assert read(_measured("2345-7", 100, "mg/dL")) == [Counted("Observation")]


def test_appointments_are_dates_to_come_again_in_the_zone_of_the_site():
    draft = only(appointment(start="2026-12-10T02:00:00Z"))

    assert (draft.due_on, draft.at_time, draft.patient_ref) == (date(2026, 12, 10), time(9), "p1")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("booked", "planned"),
        ("pending", "planned"),
        ("fulfilled", "done"),
        ("cancelled", "cancelled"),
        ("noshow", "cancelled"),
    ],
)
def test_states_of_appointments(status, expected):
    assert only(appointment(status=status)).status == expected


def test_types_we_do_not_keep_are_counted_under_their_names():
    entries = [{"resource": {"resourceType": kind}} for kind in ("Claim", "Claim", "ImagingStudy")]

    assert read({"resourceType": "Bundle", "entry": entries}) == [
        Counted("Claim"),
        Counted("Claim"),
        Counted("ImagingStudy"),
    ]


def test_a_resource_without_any_name_is_named_by_its_content():
    nameless = {name: value for name, value in condition().items() if name != "id"}

    first, second = only(nameless), only({**nameless, "meta": {"lastUpdated": "2026-01-01"}})

    assert first.external_id == second.external_id != ""
