"""Rules become contacts, once, and contacts follow their dates (B4)."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tantam.care.models import CareTask
from tantam.care.planner.calendar import planning_days
from tantam.care.planner.contacts import insert_contacts
from tantam.care.planner.runs import plan_all
from tantam.care.policy import DEFAULT
from tantam.facility.models import HolidayOverride, OpeningInterval
from tantam.journal.models import Entry
from tantam.knowledge.models import Occasion
from tests.factories.care import CallAttemptFactory, CareRuleFactory
from tests.factories.facility import SpecialityFactory
from tests.factories.patients import PatientFactory
from tests.factories.records import DiagnosisFactory, EncounterFactory, ReexaminationFactory

# A Wednesday in an ordinary week.
TODAY = date(2026, 10, 14)


def plan():
    return plan_all(today=TODAY)


def at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=timezone.get_default_timezone())


def reexamination(site, due_on, **more):
    return ReexaminationFactory(site=site, due_on=due_on, **more)


def test_a_contact_is_planned_before_each_reexamination(site):
    rule = CareRuleFactory(days=2, priority=2)
    wanted = reexamination(site, TODAY + timedelta(days=9))

    result = plan()

    task = CareTask.objects.get()
    assert result.planned == 1
    assert (task.rule, task.reexamination, task.patient) == (rule, wanted, wanted.patient)
    assert task.due_on == TODAY + timedelta(days=7)
    assert task.anchor_on == wanted.due_on
    assert (task.priority, task.status, task.occurrence, task.best_hour) == (2, "open", 0, 24)


def test_a_second_run_plans_nothing_and_leaves_no_entry(site):
    CareRuleFactory()
    reexamination(site, TODAY + timedelta(days=9))
    plan()
    entries = Entry.objects.count()

    assert not plan()

    assert CareTask.objects.count() == 1
    assert Entry.objects.count() == entries


def test_a_run_leaves_one_entry_with_its_count(site):
    rule = CareRuleFactory()
    for days in (5, 6, 7):
        reexamination(site, TODAY + timedelta(days=days))

    plan()

    entry = Entry.objects.get(event="care.tasks:planned")
    assert (entry.subject_id, entry.detail("planned"), entry.actor) == (rule.pk, 3, None)


def test_beyond_the_horizon_nothing_is_planned_yet(site):
    CareRuleFactory(days=2)
    reexamination(site, TODAY + timedelta(days=33))
    assert plan().planned == 0

    assert plan_all(today=TODAY + timedelta(days=1)).planned == 1


def test_a_late_booking_is_due_today_and_a_date_that_is_here_or_past_is_left_alone(site):
    CareRuleFactory(days=5)
    reexamination(site, TODAY + timedelta(days=1))
    reexamination(site, TODAY)
    reexamination(site, TODAY - timedelta(days=1))

    plan()

    assert CareTask.objects.get().due_on == TODAY


@pytest.mark.parametrize("status", ["cancelled", "done"])
def test_closed_reexaminations_are_not_planned(site, status):
    CareRuleFactory()
    reexamination(site, TODAY + timedelta(days=9), status=status)
    assert plan().planned == 0


@pytest.mark.parametrize("status", ["deceased", "inactive"])
def test_patients_who_died_or_left_are_never_called(site, status):
    """A contact planned before is closed; none is planned after."""
    CareRuleFactory()
    wanted = reexamination(site, TODAY + timedelta(days=9))
    plan()
    wanted.patient.status = status
    wanted.patient.save(update_fields=["status"])

    plan()
    plan()

    task = CareTask.objects.get()
    assert (task.status, task.closed_reason) == ("closed", "patient_inactive")
    assert task.closed_at is not None


def test_after_an_encounter_counts_from_its_end(site):
    CareRuleFactory(occasion=Occasion.AFTER_ENCOUNTER, days=3)
    stay = EncounterFactory(
        site=site, started_at=at(TODAY - timedelta(days=12)), ended_at=at(TODAY - timedelta(days=2))
    )

    plan()

    task = CareTask.objects.get()
    assert (task.source_kind, task.source_id, task.encounter) == ("encounter", stay.pk, stay)
    assert task.due_on == TODAY + timedelta(days=1)


def test_the_day_of_an_encounter_is_the_day_at_its_site(site):
    """23:30 in Vietnam is still the same day, though it is 16:30 in UTC."""
    CareRuleFactory(occasion=Occasion.AFTER_ENCOUNTER, days=1)
    EncounterFactory(site=site, started_at=datetime(2026, 10, 13, 16, 30, tzinfo=UTC))
    EncounterFactory(site=site, started_at=datetime(2026, 10, 13, 17, 30, tzinfo=UTC))

    plan()

    assert sorted(CareTask.objects.values_list("due_on", flat=True)) == [TODAY, TODAY + timedelta(days=1)]


def test_contacts_after_an_encounter_long_ago_are_not_made_up_for(site):
    CareRuleFactory(occasion=Occasion.AFTER_ENCOUNTER, days=1)
    EncounterFactory(site=site, started_at=at(TODAY - timedelta(days=9)))
    EncounterFactory(site=site, started_at=at(TODAY - timedelta(days=6)))

    plan()

    assert CareTask.objects.get().due_on == TODAY


@pytest.mark.parametrize("status", ["planned", "cancelled"])
def test_an_encounter_still_to_come_is_no_last_encounter(site, doctor, cardiology, status):
    """What a re-examination does not say of itself is taken from the last visit that took place."""
    patient = PatientFactory()
    last = EncounterFactory(site=site, patient=patient, days_ago=20, doctor=doctor, speciality=cardiology)
    EncounterFactory(site=site, patient=patient, days_ago=-5, status=status)
    CareRuleFactory(speciality=cardiology)
    reexamination(site, TODAY + timedelta(days=9), patient=patient)

    plan()

    assert CareTask.objects.get().encounter == last


def test_speciality_site_and_diagnosis_narrow_a_rule(site, other_site, cardiology):
    CareRuleFactory(site=site, speciality=cardiology, diagnosis_prefix="i10, I2")
    encounter = EncounterFactory(site=site, speciality=cardiology)
    DiagnosisFactory(encounter=encounter, code="I25.1")
    fits = reexamination(site, TODAY + timedelta(days=9), patient=encounter.patient, encounter=encounter)
    elsewhere = EncounterFactory(site=site, speciality=cardiology, patient=encounter.patient)
    DiagnosisFactory(encounter=elsewhere, code="J00")
    reexamination(site, TODAY + timedelta(days=9), patient=encounter.patient, encounter=elsewhere)
    reexamination(other_site, TODAY + timedelta(days=9), patient=encounter.patient, encounter=encounter)
    other = SpecialityFactory(code="mat")
    reexamination(
        site, TODAY + timedelta(days=9), patient=encounter.patient, encounter=encounter, speciality=other
    )

    plan()

    assert CareTask.objects.get().reexamination == fits


def test_a_reexamination_without_an_encounter_takes_the_last_encounter_as_context(site, doctor, cardiology):
    CareRuleFactory(speciality=cardiology)
    patient = PatientFactory()
    EncounterFactory(site=site, patient=patient, days_ago=60)
    last = EncounterFactory(site=site, patient=patient, days_ago=20, doctor=doctor, speciality=cardiology)
    reexamination(site, TODAY + timedelta(days=9), patient=patient)

    plan()

    task = CareTask.objects.get()
    assert (task.encounter, task.doctor, task.speciality) == (last, doctor, cardiology)


class TestClosedDays:
    """Contacts fall on days the site works: back before a re-examination, forward after a visit."""

    @pytest.fixture(autouse=True)
    def hours(self, site):
        for weekday in range(5):
            OpeningInterval.objects.create(site=site, weekday=weekday, opens=time(7), closes=time(17))

    def test_before_a_reexamination_the_contact_moves_back(self, site):
        CareRuleFactory(days=1)
        reexamination(site, date(2026, 10, 26))  # a Monday
        plan()
        assert CareTask.objects.get().due_on == date(2026, 10, 23)

    def test_after_an_encounter_the_contact_moves_forward(self, site):
        CareRuleFactory(occasion=Occasion.AFTER_ENCOUNTER, days=4)
        EncounterFactory(site=site, started_at=at(date(2026, 10, 13)))
        plan()
        assert CareTask.objects.get().due_on == date(2026, 10, 19)

    def test_a_new_holiday_moves_what_was_planned(self, site):
        CareRuleFactory(days=1)
        reexamination(site, date(2026, 10, 22))
        plan()
        HolidayOverride.objects.create(site=site, day=date(2026, 10, 21), name="Nghỉ bù")

        assert plan().moved == 1

        assert CareTask.objects.get().due_on == date(2026, 10, 20)


def test_the_best_hour_is_when_the_patient_answered_most(site, mai):
    rule = CareRuleFactory()
    wanted = reexamination(site, TODAY + timedelta(days=9))
    for hour, result in ((18, "answered"), (19, "answered"), (9, "answered"), (10, "no_answer")):
        CallAttemptFactory(
            task__rule=rule,
            task__patient=wanted.patient,
            task__site=site,
            task__status="done",
            member=mai,
            result=result,
            made_at=at(TODAY - timedelta(days=40), hour),
        )
    plan()
    assert CareTask.objects.get(status="open").best_hour == 18


@pytest.mark.django_db(transaction=True)
def test_two_planners_at_once_never_make_a_second_contact(site):
    """B4: the natural key holds, even past the planner's own lock."""
    rule = CareRuleFactory()
    for days in range(3, 23):
        reexamination(site, TODAY + timedelta(days=days))
    start = threading.Barrier(6)
    planned: list[int] = []

    def planner(work) -> None:
        try:
            start.wait()
            planned.append(work())
        finally:
            connection.close()

    days = planning_days([rule], DEFAULT, today=TODAY)
    works = [lambda: plan().planned] * 3 + [lambda: insert_contacts(rule, days).total()] * 3
    threads = [threading.Thread(target=planner, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(planned) == 20
    assert CareTask.objects.count() == 20
