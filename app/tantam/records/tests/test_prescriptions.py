"""A new prescription takes the place of the old one or stands beside it, and the slip asks which."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tantam.journal.models import Entry
from tantam.records.events import RecordEvent
from tantam.records.models import Encounter, PrescriptionLine
from tantam.records.operations import receive_with_need
from tantam.records.queries import record_summary
from tests.factories.patients import PatientFactory
from tests.factories.records import EncounterFactory, PrescriptionLineFactory


@pytest.fixture
def patient(db):
    return PatientFactory()


@pytest.fixture
def running(site, patient) -> PrescriptionLine:
    encounter = EncounterFactory(patient=patient, site=site, days_ago=3)
    return PrescriptionLineFactory(encounter=encounter, drug="Amlodipin 5 mg", days=30)


def sent(patient, site, **more):
    now = timezone.localtime() - timedelta(minutes=5)
    return {
        "kind": "outpatient", "day": now.strftime("%d/%m/%Y"), "clock": now.strftime("%H:%M"), "reason": "Tái khám",
        "diagnosis-TOTAL_FORMS": 0, "diagnosis-INITIAL_FORMS": 0,
        "medicine-TOTAL_FORMS": 1, "medicine-INITIAL_FORMS": 0, "medicine-0-drug": "Losartan 50 mg",
        **more,
    }  # fmt: skip


@pytest.mark.parametrize(("answer", "status"), [("replace", "stopped"), ("keep", "active")])
def test_the_slip_asks_what_becomes_of_the_old_medicines(
    client, doctor, patient, site, running, answer, status
):
    client.force_login(doctor.member)
    address = reverse("records:slip", args=[patient.pk])
    page = client.get(address).content.decode()
    assert "Thay đơn cũ hay dùng thêm?" in page
    data = sent(patient, site, running=str(running.pk))

    unanswered = client.post(address, data)
    assert unanswered.status_code == 422
    assert "đơn mới thay đơn cũ hay dùng thêm" in unanswered.content.decode()
    assert client.post(address, data | {"former": answer}).status_code == 302

    running.refresh_from_db()
    assert running.status == status
    drugs = [line.drug for line in record_summary(patient, doctor.member).medicines]
    assert ("Amlodipin 5 mg" in drugs) is (answer == "keep")
    assert "Losartan 50 mg" in drugs
    stops = Entry.objects.filter(event=RecordEvent.PRESCRIPTION_STOPPED, subject_id=running.pk)
    assert stops.count() == (answer == "replace")


def test_what_another_doctor_prescribed_meanwhile_goes_on(client, doctor, patient, site, running):
    client.force_login(doctor.member)
    data = sent(patient, site, running=str(running.pk), former="replace")
    later = PrescriptionLineFactory(encounter=running.encounter, drug="Aspirin 81 mg", days=30)
    client.post(reverse("records:slip", args=[patient.pk]), data)
    later.refresh_from_db()
    assert later.status == "active"


def test_the_old_prescription_is_written_again_line_by_line(client, doctor, patient, site, running):
    client.force_login(doctor.member)
    data = sent(patient, site, running=str(running.pk), add="former") | {"medicine-0-drug": ""}
    page = client.post(reverse("records:slip", args=[patient.pk]), data).content.decode()
    assert 'value="Amlodipin 5 mg"' in page
    assert not PrescriptionLine.objects.exclude(pk=running.pk).exists()


def test_somebody_received_with_a_need_has_the_slip_begin_with_it(
    client, doctor, patient, site, receptionist
):
    received = receive_with_need(
        patient, need="Đau răng hàm dưới", site=site, doctor=doctor, actor=receptionist
    )
    client.force_login(doctor.member)
    address = reverse("records:slip", args=[patient.pk])
    assert "Đau răng hàm dưới" in client.get(address).content.decode()

    assert client.post(address, sent(patient, site)).status_code == 302

    assert Encounter.objects.get(patient=patient).pk == received.pk
    received.refresh_from_db()
    assert received.status == "finished"
