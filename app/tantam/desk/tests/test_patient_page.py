from __future__ import annotations

import pytest
from django.urls import reverse

from tantam.journal.models import Entry
from tantam.patients.models import Relative
from tantam.records.models import ConditionChange
from tests.factories.patients import PatientFactory
from tests.factories.records import (
    AllergyFactory,
    DiagnosisFactory,
    EncounterFactory,
    PrescriptionLineFactory,
    ReexaminationFactory,
)

HTMX = {"HX-Request": "true"}


@pytest.fixture
def patient(db, site, doctor):
    patient = PatientFactory(full_name="Lê Thị Bích", phone="0912345678")
    for days in (3, 30, 300):
        encounter = EncounterFactory(patient=patient, site=site, doctor=doctor, days_ago=days)
        DiagnosisFactory(encounter=encounter)
        PrescriptionLineFactory(encounter=encounter)
    AllergyFactory(patient=patient)
    ReexaminationFactory(patient=patient, site=site, doctor=doctor)
    ConditionChange.objects.create(patient=patient, site=site, trend="worse", text="Khó thở khi nằm")
    Relative.objects.create(patient=patient, full_name="Lê Văn Nam", relationship="spouse")
    return patient


def page(client, patient) -> str:
    return client.get(reverse("desk:patient", args=[patient.pk])).content.decode()


@pytest.mark.parametrize(
    ("who", "seen", "unseen"),
    [
        pytest.param(
            "mai",
            [
                "Tăng huyết áp",
                "Amlodipin 5 mg",
                "Penicillin",
                "Khó thở khi nằm",
                "0912 345 678",
                "Lê Văn Nam",
            ],
            ["encounters/new"],
            id="care-agent",
        ),
        pytest.param(
            "receptionist",
            ["Tăng huyết áp", "Penicillin", "reexaminations/"],
            ["encounters/new"],
            id="receptionist",
        ),
        pytest.param("dung", ["Tăng huyết áp"], ["allergies/new", "reexaminations/"], id="may-only-read"),
        pytest.param(
            "hoa",
            ["Penicillin", "0912 345 678"],
            ["Tăng huyết áp", "Khó thở", "Amlodipin"],
            id="other-branch",
        ),
    ],
)
def test_what_each_sees_of_a_patient(request, client, patient, who, seen, unseen):
    """D9: sections by permission, records by site, allergies for everyone who may see records."""
    client.force_login(request.getfixturevalue(who))
    html = page(client, patient)
    assert [words for words in seen if words not in html] == []
    assert [words for words in unseen if words in html] == []


def test_the_doctor_may_write_from_here(client, patient, doctor):
    client.force_login(doctor.member)
    html = page(client, patient)
    assert reverse("records:slip", args=[patient.pk]) in html
    due = patient.reexaminations.get()
    assert reverse("records:reexamination-move", args=[due.pk]) in html


def test_one_look_is_one_entry_and_the_page_costs_fifteen_statements(
    client, patient, mai, django_assert_max_num_queries
):
    """D9; ≤ 15 queries"""
    client.force_login(mai)
    page(client, patient)
    before = Entry.objects.filter(event="patients.patient:viewed").count()
    with django_assert_max_num_queries(15):
        page(client, patient)
    assert Entry.objects.filter(event="patients.patient:viewed", actor=mai).count() == before + 1


def test_absent_and_forbidden(client, patient, mai, oscar):
    client.force_login(mai)
    assert client.get(reverse("desk:patient", args=[patient.pk + 999])).status_code == 404
    client.force_login(oscar)
    assert client.get(reverse("desk:patient", args=[patient.pk])).status_code == 403


def test_the_summary_refreshes_alone_after_an_act(client, patient, mai):
    client.force_login(mai)
    html = client.get(reverse("desk:patient-summary", args=[patient.pk]), headers=HTMX).content.decode()
    assert 'id="summary"' in html
    assert "<html" not in html


def test_the_timeline_is_a_page_and_a_part_and_can_be_narrowed(client, patient, mai, hoa):
    """B3"""
    client.force_login(mai)
    url = reverse("desk:timeline", args=[patient.pk])
    whole = client.get(url).content.decode()
    assert whole.count('class="t-timeline-item"') == 6
    part = client.get(url, headers=HTMX).content.decode()
    assert "<html" not in part
    assert part.count('class="t-timeline-item"') == 6
    assert client.get(url, {"kind": "allergy"}, headers=HTMX).content.decode().count("t-timeline-item") == 1
    assert client.get(url, {"before": "nonsense"}).status_code == 200
    client.force_login(hoa)
    assert client.get(url, headers=HTMX).content.decode().count('class="t-timeline-item"') == 1


def test_a_patient_nobody_knows_anything_about_yet(client, mai):
    client.force_login(mai)
    html = page(client, PatientFactory(full_name="Người Mới"))
    assert "t-empty" in html
