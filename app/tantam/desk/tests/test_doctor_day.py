from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tantam.accounts.permissions import Role
from tantam.care.models import Finding
from tantam.journal.models import Entry
from tests.factories.accounts import MemberFactory, PractitionerFactory
from tests.factories.patients import PatientFactory
from tests.factories.records import AllergyFactory, EncounterFactory, ReexaminationFactory

HTMX = {"HX-Request": "true"}


def finding(patient, doctor, site, text="Đau nhiều hơn", **columns):
    return Finding.objects.create(
        patient=patient, doctor=doctor, site=site, kind="condition_changed", summary=text, **columns
    )


def _looks(member):
    entries = Entry.objects.filter(event="patients.patient:viewed", actor=member).order_by("pk")
    return [entry.detail("look") for entry in entries]


@pytest.fixture
def due(site, doctor):
    return ReexaminationFactory(
        patient=PatientFactory(full_name="Phan Văn Tài"), site=site, doctor=doctor, in_days=0, at_time=time(9)
    )


def test_the_doctor_sees_who_comes_and_what_care_learnt_unread_first(client, due, site, doctor):
    """B9"""
    quiet = ReexaminationFactory(
        patient=PatientFactory(full_name="Quách Thị An"), site=site, doctor=doctor, in_days=0, at_time=time(8)
    )
    ReexaminationFactory(patient=PatientFactory(full_name="Mai Sau"), site=site, doctor=doctor, in_days=1)
    other = PractitionerFactory(site=site)
    ReexaminationFactory(
        patient=PatientFactory(full_name="Của Người Khác"), site=site, doctor=other, in_days=0
    )
    elsewhere = PatientFactory(full_name="Tuần Sau")
    finding(due.patient, doctor, site)
    finding(elsewhere, doctor, site, text="Dị ứng mới")
    AllergyFactory(patient=due.patient, agent="Penicillin")
    EncounterFactory(patient=quiet.patient, site=site, doctor=doctor, days_ago=0, status="in_progress")
    client.force_login(doctor.member)

    html = client.get(reverse("desk:doctor-day")).content.decode()

    assert (
        html.index("Phan Văn Tài")
        < html.index("Quách Thị An")
        < html.index("Mai Sau")
        < html.index("Tuần Sau")
    )
    assert "Đau nhiều hơn" in html
    assert "Penicillin" in html
    assert "Của Người Khác" not in html
    assert "<html" not in client.get(reverse("desk:doctor-day"), headers=HTMX).content.decode()


def test_seen_is_only_what_stood_on_the_page(client, due, site, doctor):
    shown = finding(due.patient, doctor, site)
    later = finding(due.patient, doctor, site, text="Vừa mới biết")
    client.force_login(doctor.member)
    url = reverse("desk:doctor-day-seen", args=[due.patient_id])

    html = client.post(url, {"finding": [shown.pk, "x"]}, headers=HTMX).content.decode()

    assert "Vừa mới biết" in html
    shown.refresh_from_db()
    later.refresh_from_db()
    assert shown.seen_by == doctor.member
    assert later.seen_at is None
    assert client.post(url, {"finding": [later.pk]}).status_code == 302


def test_what_was_learnt_before_the_last_encounter_and_seen_is_gone(client, due, site, doctor):
    due.patient.last_encounter_on = timezone.localdate() - timedelta(days=10)
    due.patient.save(update_fields=["last_encounter_on"])
    long_ago = timezone.now() - timedelta(days=40)
    finding(due.patient, doctor, site, text="Chuyện cũ", learnt_at=long_ago, seen_at=long_ago)
    finding(due.patient, doctor, site, text="Đã đọc hôm qua", seen_at=timezone.now())
    client.force_login(doctor.member)
    html = client.get(reverse("desk:doctor-day")).content.decode()
    assert "Chuyện cũ" not in html
    assert "Đã đọc hôm qua" in html


def test_details_open_in_place_and_are_a_look(client, due, doctor, hoa):
    client.force_login(doctor.member)
    url = reverse("desk:doctor-day-patient", args=[due.patient_id])
    assert "<html" not in client.get(url, headers=HTMX).content.decode()
    assert _looks(doctor.member) == ["doctor_day"]
    client.force_login(hoa)
    assert client.get(url).status_code == 403


def test_details_without_scripts_are_one_look_not_two(client, due, doctor):
    """D9: the way leads through to the patient page, which writes the look down."""
    client.force_login(doctor.member)

    client.get(reverse("desk:doctor-day-patient", args=[due.patient_id]), follow=True)

    assert _looks(doctor.member) == ["patient_page"]


def test_nobody_reads_findings_by_marking_them_seen_without_a_trace(client, due, site, doctor):
    """D9: the answer shows what was learnt; on the open page that is the same view."""
    finding(due.patient, doctor, site)
    client.force_login(doctor.member)
    url = reverse("desk:doctor-day-seen", args=[due.patient_id])

    client.post(url, {}, headers=HTMX)
    client.post(url, {}, headers=HTMX)

    assert _looks(doctor.member) == ["doctor_day"]


def test_the_page_looks_once_a_day_and_costs_few_statements(
    client, site, doctor, django_assert_max_num_queries
):
    """D9"""
    for _number in range(12):
        due = ReexaminationFactory(patient=PatientFactory(), site=site, doctor=doctor, in_days=0)
        finding(due.patient, doctor, site)
    client.force_login(doctor.member)
    client.get(reverse("desk:doctor-day"))
    with django_assert_max_num_queries(10):
        client.get(reverse("desk:doctor-day"))
    assert Entry.objects.filter(event="patients.patient:viewed").count() == 12


def test_an_assistant_chooses_a_doctor_of_the_site(client, due, site, other_site, doctor):
    assistant = MemberFactory(username="troly", roles=[(Role.ASSISTANT, site)])
    stranger = PractitionerFactory(full_name="Bác sĩ Nơi Khác", site=other_site)
    client.force_login(assistant)
    url = reverse("desk:doctor-day")
    html = client.get(url).content.decode()
    assert doctor.full_name in html
    assert "Nơi Khác" not in html
    assert "Phan Văn Tài" in client.get(url, {"doctor": doctor.pk}).content.decode()
    assert "Phan Văn Tài" not in client.get(url, {"doctor": stranger.pk}).content.decode()


def test_care_agents_have_no_day_of_their_own(client, mai):
    client.force_login(mai)
    assert client.get(reverse("desk:doctor-day")).status_code == 403
