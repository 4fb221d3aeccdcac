"""Every role's home holds its work: the next calls, the day below, what patients said, the first steps."""

from __future__ import annotations

from datetime import time

import pytest
from django.urls import reverse
from django.utils import timezone

from tantam.accounts.permissions import Role
from tantam.care.models import CareRule, Finding, FindingKind
from tantam.care.operations.findings import note_finding
from tantam.care.operations.rules import draft_starter_rules
from tantam.facility.models import Organisation
from tantam.journal.models import BellItem
from tantam.records.operations import note_allergy
from tests.factories.accounts import MemberFactory
from tests.factories.patients import PatientFactory
from tests.factories.records import ReexaminationFactory
from tests.proof import prove


@pytest.fixture
def patient(db):
    return PatientFactory(full_name="Tạ Thị Ngân", birth_year=1971, phone="0912345678")


def at_home(client, member, **asked):
    client.force_login(member)
    session = client.session
    prove(session, member)
    session.save()
    return client.get(reverse("desk:home"), asked).content.decode()


def worse(patient, site, doctor, actor) -> Finding:
    told = note_finding(
        FindingKind.CONVERSATION, "Sức khoẻ: nặng hơn.\nĐau nhiều về đêm.",
        patient=patient, site=site, doctor=doctor, actor=actor, health="worse",
    )  # fmt: skip
    return told.finding


def test_receptions_day_tells_two_of_one_name_apart(client, site, doctor, receptionist, patient):
    ReexaminationFactory(patient=patient, site=site, doctor=doctor, in_days=0)
    other = ReexaminationFactory(patient=PatientFactory(full_name="Lý Văn Hai"), site=site, in_days=0)
    html = at_home(client, receptionist)
    assert "1971" in html
    assert "…5678" in html
    assert other.patient.full_name in html
    assert html.count('type="search"') <= 1


def test_managers_hear_of_a_patient_who_is_worse_and_the_figure_opens_the_case(
    client, site, doctor, mai, patient
):
    manager = MemberFactory(roles=[(Role.MANAGER, site)])
    worse(patient, site, doctor, mai)
    assert BellItem.objects.filter(member=manager).count() == 1
    home = at_home(client, manager)
    assert reverse("care:said", args=["worse"]) in home

    page = client.get(reverse("care:said", args=["worse"]), {"period": "7"}).content.decode()
    assert "Tạ Thị Ngân" in page
    assert "Đau nhiều về đêm" in page


def test_who_sees_figures_only_is_told_that_the_words_are_withheld(client, site, doctor, mai, patient):
    worse(patient, site, doctor, mai)
    at_home(client, MemberFactory(roles=[(Role.MARKETING, site)]))
    page = client.get(reverse("care:said", args=["worse"]), {"period": "7"}).content.decode()
    assert "Bạn không có quyền xem nội dung" in page
    assert "Tạ Thị Ngân" not in page
    assert "Đau nhiều" not in page
    assert client.get(reverse("care:said", args=["nothing"])).status_code == 404


def test_the_bell_says_what_happened_an_allergy_first_and_in_red(client, site, doctor, mai, patient):
    note_finding(
        FindingKind.ALLERGY, "Aspirin: nổi mề đay", patient=patient, site=site, doctor=doctor, actor=mai
    )
    ReexaminationFactory(
        patient=patient,
        site=site,
        doctor=doctor,
        in_days=0,
        at_time=time(14, 30),
    )
    worse(PatientFactory(full_name="Lý Văn Hai"), site, doctor, mai)
    client.force_login(doctor.member)
    html = client.get(reverse("desk:bell"), headers={"HX-Request": "true"}).content.decode()
    assert "Aspirin: nổi mề đay — xem trước 14:30" in " ".join(html.split())
    assert html.index("Tạ Thị Ngân") < html.index("Lý Văn Hai")
    assert 'class="allergy"' in html


def test_the_journal_speaks_in_sentences_and_names_no_allergy_to_who_may_not_see(client, site, mai, patient):
    note_allergy(patient, agent="Aspirin", actor=mai)
    at_home(client, MemberFactory(roles=[(Role.AUDITOR, site)]))
    page = client.get(reverse("facility:journal")).content.decode()
    assert "Trần Thị Mai: Đã ghi" in page or "Trần Thị Mai: " in page
    assert "một bệnh nhân" in page
    assert "Aspirin" not in page
    assert "records.allergy" not in page.split("<tbody>")[1]


def test_first_steps_are_counted_from_the_data_put_away_and_brought_back(client, site):
    admin = MemberFactory(roles=[(Role.ADMINISTRATOR, site)])
    assert "step-hours" in at_home(client, admin)
    client.post(reverse("desk:first-steps"))
    assert Organisation.objects.get().first_steps_put_away
    assert "step-hours" not in at_home(client, admin)
    client.post(reverse("desk:first-steps"), {"back": "1"})
    assert "step-hours" in at_home(client, admin)


def test_ready_made_rules_are_drafts_that_contact_nobody_and_come_once(db, mai):
    made = draft_starter_rules(actor=mai)
    assert made >= 10
    assert not CareRule.objects.filter(is_active=True).exists()
    assert draft_starter_rules(actor=mai) == 0


@pytest.mark.parametrize("role", list(Role))
def test_every_home_costs_a_bounded_number_of_statements(client, site, role, django_assert_max_num_queries):
    member = MemberFactory(roles=[(role, site)])
    at_home(client, member)
    with django_assert_max_num_queries(26):
        client.get(reverse("desk:home"))


def test_the_record_says_what_it_lacks_with_a_link_that_fills_it(client, site, receptionist):
    child = PatientFactory(birth_year=timezone.localdate().year - 9, phone="0912345678")
    client.force_login(receptionist)
    html = client.get(reverse("desk:patient", args=[child.pk])).content.decode()
    lacking = html.split('id="lacking"')[1].split("</section>")[0]
    assert "Người giám hộ" in lacking
    assert reverse("patients:details", args=[child.pk]) in lacking
    assert "Hỏi dị ứng" in lacking
