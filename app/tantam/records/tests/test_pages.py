from __future__ import annotations

import re
from datetime import time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tantam.facility.models import OpeningInterval
from tantam.journal.models import Entry
from tantam.records.models import Allergy, Encounter, Reexamination
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
def patient(db):
    return PatientFactory(full_name="Nguyễn Thị Hồng", phone="0912345678")


@pytest.fixture
def encounter(patient, site, doctor):
    encounter = EncounterFactory(patient=patient, site=site, doctor=doctor, clinical_notes="Nghi ngờ hẹp van")
    DiagnosisFactory(encounter=encounter)
    PrescriptionLineFactory(encounter=encounter)
    return encounter


def slip_form(client, url) -> dict[str, str]:
    """The fields of the slip as a browser would send them back."""
    html = client.get(url).content.decode()
    fields = {}
    for tag in re.findall(r"<input[^>]*>", html):
        name = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and name[1] != "q":
            fields.setdefault(name[1], value[1] if value else "")
    fields["kind"] = "outpatient"
    fields.pop("csrfmiddlewaretoken", None)
    return fields


def test_a_doctor_writes_the_slip_on_one_screen(client, patient, doctor):
    """J10, B2"""
    client.force_login(doctor.member)
    url = reverse("records:slip", args=[patient.pk])
    fields = slip_form(client, url)
    due = timezone.localdate() + timedelta(days=30)
    fields |= {
        "doctor": doctor.pk,
        "reason": "Đau đầu",
        "symptoms": "Chóng mặt",
        "diagnosis-0-code": "I10",
        "medicine-0-drug": "Amlodipin 5 mg",
        "medicine-0-times_a_day": "1",
        "medicine-0-days": "30",
        "due_on": f"{due:%d/%m/%Y}",
    }

    response = client.post(url, fields)

    encounter = Encounter.objects.get()
    assert response.status_code == 302
    assert response.headers["Location"] == reverse("records:encounter", args=[encounter.pk])
    assert encounter.diagnoses.get().text == "Tăng huyết áp vô căn (nguyên phát)"
    assert encounter.reexaminations.get().due_on == due
    assert client.post(url, fields).status_code == 302
    assert Encounter.objects.count() == 1


def test_another_row_keeps_what_was_typed_and_shows_no_errors(client, patient, doctor):
    client.force_login(doctor.member)
    url = reverse("records:slip", args=[patient.pk])
    fields = slip_form(client, url) | {"medicine-0-drug": "Omeprazol", "day": "99/99/2026", "add": "medicine"}

    html = client.post(url, fields, headers=HTMX).content.decode()

    assert 'name="medicine-3-drug"' in html
    assert 'value="Omeprazol"' in html
    assert 'value="99/99/2026"' in html
    assert "aria-invalid" not in html


def test_an_allergy_is_warned_of_and_passes_with_a_reason(client, patient, doctor):
    AllergyFactory(patient=patient, agent="Penicillin")
    client.force_login(doctor.member)
    check = reverse("records:allergy-check", args=[patient.pk, 0])
    html = client.get(check, {"medicine-0-drug": "Augmentin 1g"}, headers=HTMX).content.decode()
    assert "Penicillin" in html
    assert 'name="medicine-0-despite_allergy"' in html
    assert (
        "Penicillin" not in client.get(check, {"medicine-0-drug": "Omeprazol"}, headers=HTMX).content.decode()
    )

    url = reverse("records:slip", args=[patient.pk])
    fields = slip_form(client, url) | {"reason": "Viêm họng", "medicine-0-drug": "Augmentin 1g"}
    refused = client.post(url, fields, headers=HTMX)
    assert refused.status_code == 422
    assert "Augmentin 1g" in refused.content.decode()
    passed = client.post(url, fields | {"medicine-0-despite_allergy": "Đã thử"}, headers=HTMX)
    assert passed.headers["HX-Redirect"] == reverse("records:encounter", args=[Encounter.objects.get().pk])


def test_a_correction_over_someone_elses_is_refused_and_keeps_the_text(client, encounter, doctor):
    client.force_login(doctor.member)
    url = reverse("records:correction", args=[encounter.pk])
    fields = slip_form(client, url) | {"symptoms": "Đỡ nhiều"}
    assert client.post(url, fields).status_code == 302
    second = client.post(url, fields | {"symptoms": "Bản thứ hai"})
    assert second.status_code == 422
    assert "Bản thứ hai" in second.content.decode()
    encounter.refresh_from_db()
    assert encounter.symptoms == "Đỡ nhiều"


@pytest.mark.parametrize(
    ("who", "status", "sees_notes"),
    [
        pytest.param("mai", 200, False, id="care-agent-without-notes"),
        pytest.param("dung", 200, False, id="may-only-read"),
        pytest.param("hoa", 404, False, id="other-branch"),
        pytest.param("oscar", 403, False, id="nobody"),
    ],
)
def test_who_sees_an_encounter(
    request, client, encounter, who, status, sees_notes, django_assert_max_num_queries
):
    client.force_login(request.getfixturevalue(who))
    with django_assert_max_num_queries(18) as asked:
        response = client.get(reverse("records:encounter", args=[encounter.pk]))
    assert response.status_code == status
    assert "Nghi ngờ" not in response.content.decode()
    if status == 200:
        # Not shown, and not even read.
        own = [query["sql"] for query in asked.captured_queries if 'FROM "records_encounter"' in query["sql"]]
        assert own
        assert not any("clinical_notes" in sql for sql in own)


def test_the_doctor_reads_the_clinical_notes_and_the_paper_never_shows_them(client, encounter, doctor):
    client.force_login(doctor.member)
    assert (
        "Nghi ngờ hẹp van" in client.get(reverse("records:encounter", args=[encounter.pk])).content.decode()
    )
    paper = client.get(reverse("records:encounter-print", args=[encounter.pk])).content.decode()
    assert "Nghi ngờ" not in paper
    assert "Amlodipin 5 mg" in paper


def test_only_those_who_write_records_correct_and_cancel_an_encounter(client, encounter, mai, doctor):
    client.force_login(mai)
    for name in ("correction", "encounter-cancellation"):
        assert client.get(reverse(f"records:{name}", args=[encounter.pk])).status_code == 403
    client.force_login(doctor.member)
    url = reverse("records:encounter-cancellation", args=[encounter.pk])
    assert client.post(url, {"reason": ""}, headers=HTMX).status_code == 422
    assert client.post(url, {"reason": "Nhầm"}, headers=HTMX).headers["HX-Refresh"] == "true"
    encounter.refresh_from_db()
    assert encounter.is_cancelled


def test_a_care_agent_moves_and_confirms_a_date_without_leaving_the_page(client, patient, site, mai):
    """B7"""
    due = ReexaminationFactory(patient=patient, site=site)
    client.force_login(mai)
    move = reverse("records:reexamination-move", args=[due.pk])
    dialog = client.get(move, headers=HTMX).content.decode()
    assert "hx-post" in dialog
    assert "<html" not in dialog
    past = client.post(move, {"due_on": "01/01/2020"}, headers=HTMX)
    assert past.status_code == 422
    assert "01/01/2020" in past.content.decode()
    new = timezone.localdate() + timedelta(days=12)
    moved = client.post(move, {"due_on": f"{new:%d/%m/%Y}", "at_time": "08:30"}, headers=HTMX)
    assert moved.status_code == 204
    assert "record-changed" in moved.headers["HX-Trigger"]
    confirmation = reverse("records:reexamination-confirmation", args=[due.pk])
    assert client.post(confirmation).status_code == 302
    due.refresh_from_db()
    assert (due.due_on, due.status) == (new, "confirmed")
    cancel = reverse("records:reexamination-cancellation", args=[due.pk])
    assert client.post(cancel, {"reason": "Đã khỏi"}).status_code == 302
    again = client.post(confirmation, headers=HTMX)
    assert "toast" in again.headers["HX-Trigger"]


def test_the_day_check_says_when_the_site_is_closed(client, patient, site, mai):
    due = ReexaminationFactory(patient=patient, site=site)
    client.force_login(mai)
    other_day = (due.due_on.weekday() + 1) % 7
    OpeningInterval.objects.create(site=site, weekday=other_day, opens=time(8), closes=time(17))
    url = reverse("records:reexamination-day", args=[due.pk])
    html = client.get(url, {"due_on": f"{due.due_on:%d/%m/%Y}"}, headers=HTMX).content.decode()
    assert site.name in html
    assert client.get(url, {"due_on": "nonsense"}, headers=HTMX).content.decode().strip() == ""


def test_another_doctor_and_a_new_date(client, patient, site, mai, doctor):
    due = ReexaminationFactory(patient=patient, site=site)
    client.force_login(mai)
    url = reverse("records:reexamination-doctor", args=[due.pk])
    assert client.post(url, {"doctor": doctor.pk}, headers=HTMX).status_code == 204
    assert client.post(url, {"doctor": doctor.pk}, headers=HTMX).status_code == 422
    plan = reverse("records:reexamination-new", args=[patient.pk])
    day = timezone.localdate() + timedelta(days=40)
    sent = {"due_on": f"{day:%d/%m/%Y}", "doctor": doctor.pk}
    assert client.post(plan, sent, headers=HTMX).status_code == 204
    assert client.post(plan, sent, headers=HTMX).status_code == 422
    assert Reexamination.objects.get(due_on=day).speciality == doctor.speciality


@pytest.mark.parametrize(("who", "status"), [("mai", 204), ("dung", 403), ("oscar", 403)])
def test_who_notes_an_allergy(request, client, patient, who, status):
    """B7"""
    client.force_login(request.getfixturevalue(who))
    sent = {
        "agent": "Aspirin",
        "kind": "drug",
        "severity": "mild",
        "certainty": "suspected",
        "reaction": "Khó thở",
    }
    response = client.post(reverse("records:allergy-new", args=[patient.pk]), sent, headers=HTMX)
    assert response.status_code == status
    assert Allergy.objects.exists() == (status == 204)


def test_allergies_are_seen_at_every_branch_corrected_and_refuted(client, patient, hoa):
    allergy = AllergyFactory(patient=patient, agent="Aspirin")
    client.force_login(hoa)
    assert "Aspirin" in client.get(reverse("records:allergies", args=[patient.pk])).content.decode()
    assert Entry.objects.filter(event="patients.patient:viewed", patient_id=patient.pk).count() == 1
    url = reverse("records:allergy", args=[allergy.pk])
    assert "Aspirin" in client.get(url, headers=HTMX).content.decode()
    sent = {"agent": "Aspirin 81", "kind": "drug", "severity": "severe", "certainty": "confirmed"}
    assert client.post(url, sent).status_code == 302
    refute = reverse("records:allergy-refutation", args=[allergy.pk])
    assert client.post(refute, {"reason": ""}, headers=HTMX).status_code == 422
    assert client.post(refute, {"reason": "Thử âm tính"}, headers=HTMX).status_code == 204
    assert "<s>Aspirin 81</s>" in client.get(reverse("records:allergies", args=[patient.pk])).content.decode()


def test_a_diagnosis_is_resolved_and_a_medicine_stopped(client, encounter, doctor):
    client.force_login(doctor.member)
    resolve = reverse("records:resolution", args=[encounter.diagnoses.get().pk])
    stop = reverse("records:stop", args=[encounter.prescription_lines.get().pk])
    assert client.get(resolve).status_code == 200
    assert client.post(resolve, headers=HTMX).status_code == 204
    assert client.post(stop, {"reason": "Phù"}, headers=HTMX).status_code == 204
    assert client.post(stop, {"reason": "Phù"}, headers=HTMX).status_code == 422


def test_codes_are_found_with_and_without_accents_by_words_or_number(client, doctor):
    client.force_login(doctor.member)
    url = reverse("records:codes")
    for query in ("tang huyet ap", "Tăng huyết", "I10", "i1"):
        assert "I10" in client.get(url, {"q": query}, headers=HTMX).content.decode()
    found = client.get(url, {"q": "sau rang"}).json()
    assert {"K02.9"} <= {row["value"] for row in found}
    assert client.get(url, {"q": ""}).json() == []


def test_the_forms_that_create_name_their_sending(client, mai, doctor, site):
    """Pressed twice on a slow connection, each makes one row"""
    patient = PatientFactory()
    client.force_login(mai)
    url = reverse("records:allergy-new", args=[patient.pk])
    submission = client.get(url).context["form"]["submission"].value()
    typed = {
        "agent": "Penicillin",
        "kind": "drug",
        "severity": "mild",
        "certainty": "suspected",
        "submission": submission,
    }
    client.post(url, typed)
    Allergy.objects.update(severity="severe")
    client.post(url, typed)
    assert Allergy.objects.get().severity == "severe"

    url = reverse("records:reexamination-new", args=[patient.pk])
    submission = client.get(url).context["form"]["submission"].value()
    day = timezone.localdate() + timedelta(days=7)
    answers = [client.post(url, {"due_on": f"{day:%d/%m/%Y}", "submission": submission}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Reexamination.objects.count() == 1
