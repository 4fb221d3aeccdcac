from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from tantam.facility.models import OpeningInterval
from tantam.journal.models import Entry
from tantam.records.errors import (
    DoctorAlreadyResponsible,
    PatientNotContactable,
    ReexaminationAlreadyPlanned,
    ReexaminationClosed,
    ReexaminationInPast,
    ReexaminationTooFar,
    SiteClosedThen,
)
from tantam.records.events import RecordEvent
from tantam.records.models import ReexaminationStatus
from tantam.records.operations import (
    cancel_reexamination,
    change_responsible_doctor,
    close_met_reexaminations,
    confirm_reexamination,
    move_reexamination,
    plan_reexamination,
)
from tantam.records.queries import closed_day
from tests.factories.accounts import PractitionerFactory
from tests.factories.facility import SpecialityFactory
from tests.factories.patients import PatientFactory
from tests.factories.records import EncounterFactory, ReexaminationFactory


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def events(patient) -> list[str]:
    return list(Entry.objects.filter(patient_id=patient.pk).order_by("id").values_list("event", flat=True))


@pytest.fixture
def due(site, doctor, mai):
    return ReexaminationFactory(patient=PatientFactory(), site=site, doctor=doctor)


def test_a_date_is_planned_and_journalled(site, doctor, mai):
    """B2, B4"""
    patient = PatientFactory()
    planned = plan_reexamination(
        patient, site=site, due_on=in_days(30), doctor=doctor, purpose="Kiểm tra huyết áp", actor=mai
    )

    assert planned.is_open
    assert planned.purpose == "Kiểm tra huyết áp"
    assert events(patient) == [RecordEvent.REEXAMINATION_PLANNED]
    with pytest.raises(ReexaminationAlreadyPlanned):
        plan_reexamination(patient, site=site, due_on=in_days(30), actor=mai)


def test_nobody_is_asked_to_come_on_a_past_or_far_day_or_after_they_died(site, mai):
    patient = PatientFactory()
    with pytest.raises(ReexaminationInPast):
        plan_reexamination(patient, site=site, due_on=in_days(-1), actor=mai)
    with pytest.raises(ReexaminationTooFar):
        plan_reexamination(patient, site=site, due_on=in_days(3 * 366 + 1), actor=mai)
    with pytest.raises(PatientNotContactable):
        plan_reexamination(PatientFactory(status="deceased"), site=site, due_on=in_days(3), actor=mai)


def test_moving_asks_for_a_new_confirmation_and_names_both_dates(due, mai):
    """B7"""
    confirm_reexamination(due, actor=mai)
    old = due.due_on

    moved = move_reexamination(
        due, due_on=in_days(9), at_time=time(8, 30), reason="Bận việc gia đình", actor=mai
    )

    assert (moved.due_on, moved.at_time, moved.status) == (in_days(9), time(8, 30), "planned")
    assert moved.confirmed_at is None
    entry = Entry.objects.get(event=RecordEvent.REEXAMINATION_MOVED)
    assert entry.details["moved_from"] == old.isoformat()
    assert entry.details["moved_to"] == in_days(9).isoformat()
    assert "Bận" not in str(entry.details)
    move_reexamination(due, due_on=in_days(9), at_time=time(8, 30), actor=mai)
    assert Entry.objects.filter(event=RecordEvent.REEXAMINATION_MOVED).count() == 1


def test_a_closed_one_neither_moves_nor_is_confirmed(due, mai):
    cancel_reexamination(due, reason="Chuyển viện", actor=mai)

    for act in (confirm_reexamination, cancel_reexamination):
        with pytest.raises(ReexaminationClosed):
            act(due, actor=mai)
    with pytest.raises(ReexaminationClosed):
        move_reexamination(due, due_on=in_days(9), actor=mai)


def test_confirming_twice_changes_nothing_and_a_past_date_cannot_be_confirmed(due, site, mai):
    """B6"""
    confirm_reexamination(due, actor=mai)
    confirm_reexamination(due, actor=mai)
    assert events(due.patient) == [RecordEvent.REEXAMINATION_CONFIRMED]
    with pytest.raises(ReexaminationInPast):
        confirm_reexamination(ReexaminationFactory(site=site, in_days=-2), actor=mai)


def test_a_closed_door_is_told_with_the_next_open_day(site):
    OpeningInterval.objects.create(site=site, weekday=0, opens=time(7), closes=time(17))
    sunday = in_days(1) + timedelta(days=(6 - in_days(1).weekday()) % 7)
    told = closed_day(site, sunday)
    assert told is not None
    assert told.next_open.weekday() == 0
    assert told.next_open > sunday
    assert closed_day(site, told.next_open) is None


def test_the_responsible_doctor_changes_for_an_encounter_and_its_open_dates(site, doctor, mai):
    """B7"""
    other = PractitionerFactory(full_name="Lý Thị Bình", site=site)
    encounter = EncounterFactory(site=site, doctor=doctor)
    due = ReexaminationFactory(patient=encounter.patient, encounter=encounter, site=site, doctor=doctor)

    change_responsible_doctor(encounter, doctor=other, reason="Bệnh nhân đề nghị", actor=mai)

    due.refresh_from_db()
    assert due.doctor == other
    assert Entry.objects.filter(event=RecordEvent.DOCTOR_CHANGED).count() == 2
    entry = Entry.objects.get(
        event=RecordEvent.DOCTOR_CHANGED, subject_id=due.pk, subject_type__endswith="reexamination"
    )
    assert (entry.details["doctor_from"], entry.details["doctor_to"]) == (doctor.pk, other.pk)
    with pytest.raises(DoctorAlreadyResponsible):
        change_responsible_doctor(due, doctor=other, actor=mai)


@pytest.mark.parametrize(
    ("encounter_days_before_due", "kept"),
    [
        pytest.param(14, True, id="two-weeks-early"),
        pytest.param(15, False, id="earlier-than-that"),
        pytest.param(0, True, id="on-the-day"),
        pytest.param(-40, True, id="late-but-came"),
    ],
)
def test_coming_around_the_date_keeps_it(site, mai, encounter_days_before_due, kept):
    due = ReexaminationFactory(site=site, in_days=-50)
    encounter = EncounterFactory(patient=due.patient, site=site, days_ago=50 + encounter_days_before_due)

    close_met_reexaminations([due.patient_id], actor=mai)
    close_met_reexaminations([due.patient_id], actor=mai)

    due.refresh_from_db()
    assert due.status == (ReexaminationStatus.DONE if kept else ReexaminationStatus.PLANNED)
    assert due.met_by == (encounter if kept else None)
    assert events(due.patient) == ([RecordEvent.REEXAMINATION_DONE] if kept else [])


def test_other_sites_other_specialities_and_cancelled_encounters_do_not_keep_it(
    site, other_site, cardiology, mai
):
    due = ReexaminationFactory(site=site, speciality=cardiology, in_days=1)
    EncounterFactory(patient=due.patient, site=other_site, days_ago=0)
    EncounterFactory(patient=due.patient, site=site, days_ago=0, status="cancelled")
    EncounterFactory(patient=due.patient, site=site, days_ago=0, speciality=SpecialityFactory())

    assert close_met_reexaminations([due.patient_id], actor=mai) == []


def test_the_encounter_that_planned_a_close_date_does_not_keep_it_nor_does_the_day_after(site, mai):
    planner = EncounterFactory(site=site, days_ago=4)
    due = ReexaminationFactory(patient=planner.patient, encounter=planner, site=site, in_days=6)
    EncounterFactory(patient=planner.patient, site=site, days_ago=3)

    assert close_met_reexaminations([due.patient_id], actor=mai) == []

    EncounterFactory(
        patient=planner.patient, site=site, days_ago=-1, started_at=timezone.now() + timedelta(days=2)
    )
    assert len(close_met_reexaminations([due.patient_id], actor=mai)) == 1


class TestClosedDoors:
    """B7: a closed day or hour is taken only by who means it and says why."""

    @pytest.fixture
    def patient(self):
        return PatientFactory()

    @pytest.fixture
    def hours(self, site):
        for weekday in range(6):
            OpeningInterval.objects.create(site=site, weekday=weekday, opens=time(7), closes=time(17))

    @pytest.fixture
    def sunday(self):
        today = timezone.localdate()
        return today + timedelta(days=13 - today.weekday())

    def test_a_closed_day_is_refused_and_taken_with_a_reason(self, due, mai, hours, sunday):
        with pytest.raises(SiteClosedThen):
            move_reexamination(due, due_on=sunday, actor=mai)
        with pytest.raises(SiteClosedThen):
            move_reexamination(due, due_on=sunday, anyway=True, reason="  ", actor=mai)

        moved = move_reexamination(due, due_on=sunday, anyway=True, reason="Bác sĩ hẹn riêng", actor=mai)

        assert (moved.due_on, moved.change_reason) == (sunday, "Bác sĩ hẹn riêng")

    def test_an_hour_after_closing_is_refused(self, due, mai, hours, sunday):
        monday = sunday + timedelta(days=1)
        with pytest.raises(SiteClosedThen):
            move_reexamination(due, due_on=monday, at_time=time(19), actor=mai)

        assert move_reexamination(due, due_on=monday, at_time=time(16), actor=mai).due_on == monday

    def test_a_date_set_between_encounters_meets_the_same(self, db, patient, site, mai, hours, sunday):
        with pytest.raises(SiteClosedThen):
            plan_reexamination(patient, site=site, due_on=sunday, actor=mai)
