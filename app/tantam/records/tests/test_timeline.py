from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tantam.facility.queries import sites_by_id
from tantam.records.models import ConditionChange
from tantam.records.queries import Cursor, record_summary, timeline
from tests.factories.patients import PatientFactory
from tests.factories.records import (
    AllergyFactory,
    DiagnosisFactory,
    EncounterFactory,
    PrescriptionLineFactory,
    ReexaminationFactory,
)


def _as_behind_the_door(member) -> None:
    """In a request the door has read the roles and the sites before any page asks."""
    assert member.permissions_by_site is not None
    sites_by_id()


@pytest.fixture
def patient(db):
    return PatientFactory()


def test_the_summary_tells_what_matters_now_in_six_queries(
    patient, site, other_site, doctor, mai, django_assert_num_queries
):
    """B6: condition, medicines, allergies, advice, the next date"""
    old = EncounterFactory(patient=patient, site=site, doctor=doctor, days_ago=40, advice="Cũ")
    new = EncounterFactory(patient=patient, site=site, doctor=doctor, days_ago=5, advice="Ăn nhạt")
    elsewhere = EncounterFactory(patient=patient, site=other_site, days_ago=1, advice="Nơi khác")
    struck = EncounterFactory(patient=patient, site=site, days_ago=2, status="cancelled")
    DiagnosisFactory(encounter=old)
    DiagnosisFactory(encounter=new)
    DiagnosisFactory(encounter=new, code="E11.9", text="Đái tháo đường", is_main=False)
    DiagnosisFactory(encounter=elsewhere, code="J45.9", text="Hen")
    DiagnosisFactory(encounter=struck, code="K30", text="Khó tiêu")
    PrescriptionLineFactory(encounter=new)
    PrescriptionLineFactory(encounter=struck, drug="Nhầm")
    PrescriptionLineFactory(
        encounter=None, patient=patient, drug="Vitamin D", started_on=timezone.localdate(), days=None
    )
    AllergyFactory(patient=patient, agent="Penicillin", severity="severe")
    AllergyFactory(patient=patient, agent="Tôm", certainty="refuted")
    ReexaminationFactory(patient=patient, site=site, in_days=-3)
    ReexaminationFactory(patient=patient, site=site, in_days=20, doctor=doctor)
    ConditionChange.objects.create(patient=patient, site=site, trend="worse", text="Đau hơn")

    _as_behind_the_door(mai)
    with django_assert_num_queries(6):
        summary = record_summary(patient, mai)

    assert [line.id for line in summary.encounters] == [new.pk, old.pk]
    assert [line.code for line in summary.conditions] == ["I10", "E11.9"]
    assert [line.drug for line in summary.medicines] == ["Vitamin D", "Amlodipin 5 mg"]
    assert [line.agent for line in summary.warning_allergies] == ["Penicillin"]
    assert summary.advice is not None
    assert summary.advice.text == "Ăn nhạt"
    assert summary.next_reexamination is not None
    assert summary.next_reexamination.due_on == timezone.localdate() + timedelta(days=20)
    assert summary.changes[0].text == "Đau hơn"
    assert summary.encounters[0].what_for.endswith("(I10)")


def test_nothing_of_the_record_is_shown_without_the_right_to_see_it(
    patient, site, oscar, django_assert_num_queries
):
    EncounterFactory(patient=patient, site=site)
    _as_behind_the_door(oscar)
    with django_assert_num_queries(0):
        summary = record_summary(patient, oscar)
    assert not summary.is_visible
    assert timeline(patient.pk, oscar).entries == ()


def test_the_timeline_is_one_and_every_page_is_exact(patient, site, other_site, mai):
    """B3"""
    at = timezone.now() - timedelta(days=30)
    for _number in range(7):
        EncounterFactory(patient=patient, site=site, started_at=at)
        AllergyFactory(patient=patient, agent=f"Thuốc {_number}", noted_at=at)
    EncounterFactory(patient=patient, site=other_site, started_at=at)
    ReexaminationFactory(patient=patient, site=site, in_days=3)
    ConditionChange.objects.create(patient=patient, site=site, trend="better", text="Đỡ")
    PrescriptionLineFactory(encounter=None, patient=patient)

    whole = timeline(patient.pk, mai, limit=100)
    pages, before = [], None
    while True:
        page = timeline(patient.pk, mai, before=before, limit=4)
        pages += page.entries
        if page.next is None:
            break
        before = Cursor.parse(str(page.next))

    assert [entry.key for entry in pages] == [entry.key for entry in whole.entries]
    assert len({entry.key for entry in pages}) == len(pages) == 17
    assert pages[0].kind == "date"
    assert {entry.kind for entry in timeline(patient.pk, mai, kinds={"allergy"}).entries} == {"allergy"}


@pytest.mark.parametrize(
    "text", ["", "x", "2026-01-01~encounter~1", "2026-01-01T00:00:00+07:00~encounter~x", "~~"]
)
def test_a_cursor_that_cannot_be_read_is_none(text):
    assert Cursor.parse(text) is None


def test_the_timeline_does_not_grow_in_queries_with_the_history(
    patient, site, mai, django_assert_max_num_queries
):
    for days in range(40):
        encounter = EncounterFactory(patient=patient, site=site, days_ago=days)
        DiagnosisFactory(encounter=encounter)
        PrescriptionLineFactory(encounter=encounter)
    _as_behind_the_door(mai)
    with django_assert_max_num_queries(16):
        assert len(timeline(patient.pk, mai).entries) == 30


def test_a_medicine_prescribed_again_stands_once_and_another_dose_by_itself(patient, site, mai):
    """C5"""
    today = timezone.localdate()
    encounter = EncounterFactory(patient=patient, site=site)
    for ago, drug, times in ((9, "Acid folic 5 mg", 1), (5, "ACID FOLIC 5 mg", 1), (2, "Acid folic 5 mg", 2)):
        PrescriptionLineFactory(
            encounter=encounter, drug=drug, times_a_day=times, days=30, started_on=today - timedelta(days=ago)
        )

    medicines = record_summary(patient, mai).medicines

    assert [(line.drug, line.started_on) for line in medicines] == [
        ("Acid folic 5 mg", today - timedelta(days=2)),
        ("ACID FOLIC 5 mg", today - timedelta(days=5)),
    ]


def test_the_summary_holds_what_the_member_may_see_and_what_still_counts(patient, site, other_site, mai):
    """Planned, cancelled and other sites' visits are left out with all that hangs on them"""
    today = timezone.localdate()
    seen = {}
    for where, status in (
        (site, "finished"),
        (site, "cancelled"),
        (site, "planned"),
        (other_site, "finished"),
    ):
        seen[where, status] = encounter = EncounterFactory(patient=patient, site=where, status=status)
        DiagnosisFactory(encounter=encounter, code=f"{where.code} {status}")
        for number, (days, ago) in enumerate(
            ((30, 10), (30, 29), (30, 30), (None, 200), (None, 365), (None, 364))
        ):
            PrescriptionLineFactory(
                encounter=encounter,
                drug=f"{where.code} {status} {number}",
                days=days,
                started_on=today - timedelta(days=ago),
            )
        for in_days, state in ((-90, "planned"), (-89, "planned"), (3, "done"), (4, "confirmed")):
            ReexaminationFactory(patient=patient, site=where, in_days=in_days, status=state)
        ConditionChange.objects.create(patient=patient, site=where, trend="same", text=f"{where.code}")
    DiagnosisFactory(encounter=None, patient=patient, noted_on=None, code="own")
    DiagnosisFactory(encounter=None, patient=patient, code="over", status="resolved")
    PrescriptionLineFactory(encounter=None, patient=patient, started_on=None, drug="own")
    PrescriptionLineFactory(encounter=None, patient=patient, status="stopped", drug="stopped")

    summary = record_summary(patient, mai)

    here = site.code
    assert [line.id for line in summary.encounters] == [seen[site, "finished"].pk]
    assert {line.code for line in summary.conditions} == {f"{here} finished", "own"}
    assert {line.drug for line in summary.medicines} == {
        *(f"{here} {status} {number}" for status in ("finished", "planned") for number in (0, 1, 3, 5)),
        "own",
    }
    assert {line.due_on for line in summary.reexaminations} == {
        today - timedelta(days=89),
        today + timedelta(days=4),
    }
    assert {line.text for line in summary.changes} == {here}


def test_what_counts_is_chosen_before_the_lists_are_cut(patient, site, mai):
    """A hundred refuted allergies hide none that kills, nor a dozen missed dates the next one"""
    AllergyFactory(patient=patient, agent="Penicillin", severity="severe")
    for number in range(110):
        AllergyFactory(patient=patient, agent=f"Nhầm {number}", certainty="refuted")
    for number in range(12):
        ReexaminationFactory(patient=patient, site=site, in_days=-40 + number)
    ReexaminationFactory(patient=patient, site=site, in_days=5)
    encounter = EncounterFactory(patient=patient, site=site)
    DiagnosisFactory(encounter=encounter, code="I10")
    old = EncounterFactory(patient=patient, site=site, status="cancelled")
    for number in range(220):
        DiagnosisFactory(encounter=old, code=f"Z{number}", noted_on=timezone.localdate())

    summary = record_summary(patient, mai)

    assert [line.agent for line in summary.warning_allergies] == ["Penicillin"]
    assert summary.next_reexamination.due_on == timezone.localdate() + timedelta(days=5)
    assert summary.reexaminations[-2].due_on == timezone.localdate() - timedelta(days=29)
    assert [line.code for line in summary.conditions] == ["I10"]
