"""Contacts follow the dates, patients and rules they are about (B4)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tantam.care.models import CareTask
from tantam.care.operations.planning import plan_patient
from tantam.care.planner.runs import plan_all
from tantam.care.policy import DEFAULT
from tantam.care.tests.test_planning import TODAY, plan, reexamination
from tantam.journal.models import Entry
from tests.factories.care import CareRuleFactory
from tests.factories.facility import SpecialityFactory
from tests.factories.records import EncounterFactory


class TestMovedDates:
    """A moved or cancelled re-examination moves or closes its contacts (B4)."""

    @pytest.fixture
    def wanted(self, site):
        CareRuleFactory(days=2)
        wanted = reexamination(site, TODAY + timedelta(days=9))
        plan()
        return wanted

    def test_the_contact_moves_and_keeps_its_claim(self, wanted, mai):
        now = timezone.now()
        CareTask.objects.update(claimed_by=mai, claimed_at=now, next_attempt_at=now)
        wanted.due_on = TODAY + timedelta(days=20)
        wanted.save(update_fields=["due_on"])

        assert plan().moved == 1

        task = CareTask.objects.get()
        assert (task.due_on, task.anchor_on) == (TODAY + timedelta(days=18), wanted.due_on)
        assert (task.claimed_by, task.next_attempt_at) == (mai, None)
        assert not plan()

    def test_a_date_moved_close_is_due_today(self, wanted):
        wanted.due_on = TODAY + timedelta(days=1)
        wanted.save(update_fields=["due_on"])
        plan()
        assert CareTask.objects.get().due_on == TODAY
        assert not plan()

    def test_time_passing_alone_moves_nothing(self, wanted):
        for days in range(1, 12):
            assert not plan_all(today=TODAY + timedelta(days=days))
        assert CareTask.objects.get().due_on == TODAY + timedelta(days=7)

    @pytest.mark.parametrize(
        ("status", "reason"), [("cancelled", "reexamination_cancelled"), ("done", "reexamination_done")]
    )
    def test_cancelled_or_done_closes_the_contact(self, wanted, status, reason):
        wanted.status = status
        wanted.save(update_fields=["status"])

        result = plan()

        task = CareTask.objects.get()
        assert (result.closed, task.status, task.closed_reason) == (1, "closed", reason)
        assert Entry.objects.get(event="care.task:moved").detail("closed") == 1

    def test_a_call_being_made_is_not_closed_under_the_callers_hands(self, wanted, mai):
        CareTask.objects.update(claimed_by=mai, claimed_at=timezone.now())
        wanted.status = "cancelled"
        wanted.save(update_fields=["status"])
        plan()
        assert CareTask.objects.get().is_open

    def test_a_reopened_reexamination_is_planned_again(self, wanted):
        for status in ("cancelled", "planned"):
            wanted.status = status
            wanted.save(update_fields=["status"])
            plan()
        assert list(CareTask.objects.order_by("occurrence").values_list("occurrence", "status")) == [
            (0, "closed"),
            (1, "open"),
        ]

    def test_a_date_moved_after_the_call_asks_for_another_call(self, wanted):
        CareTask.objects.update(status="done", closed_at=timezone.now())
        assert plan().planned == 0
        wanted.due_on = TODAY + timedelta(days=25)
        wanted.save(update_fields=["due_on"])

        assert plan().planned == 1

        assert CareTask.objects.get(status="open").occurrence == 1

    def test_what_a_person_closed_stays_closed(self, wanted):
        CareTask.objects.update(status="closed", closed_reason="by_supervisor", closed_at=timezone.now())
        assert not plan()

    def test_an_overdue_contact_is_given_up_in_the_end(self, wanted):
        plan_all(today=TODAY + timedelta(days=7 + DEFAULT.give_up_days + 1))
        assert CareTask.objects.get().closed_reason == "too_late"

    def test_a_changed_doctor_reaches_the_contact(self, wanted, doctor):
        wanted.doctor = doctor
        wanted.save(update_fields=["doctor"])
        plan()
        assert CareTask.objects.get().doctor == doctor

    def test_what_a_date_does_not_say_its_encounter_does(self, site, doctor, cardiology):
        """The visit is looked up only then; a run with nothing to do leaves such a contact alone."""
        CareRuleFactory(speciality=cardiology)
        encounter = EncounterFactory(site=site, doctor=doctor, speciality=cardiology)
        reexamination(
            site,
            TODAY + timedelta(days=9),
            patient=encounter.patient,
            encounter=encounter,
            doctor=None,
            speciality=None,
        )
        plan()

        assert not plan()
        task = CareTask.objects.get()
        assert (task.doctor, task.speciality, task.status) == (doctor, cardiology, "open")
        encounter.speciality = SpecialityFactory()
        encounter.save(update_fields=["speciality"])
        plan()
        assert CareTask.objects.get().closed_reason == "rule_stopped"

    def test_each_of_two_rules_keeps_its_own_days(self, site):
        """The calendar of one rule says nothing about the contacts of another."""
        CareRuleFactory(days=2)
        CareRuleFactory(days=5)
        due = reexamination(site, TODAY + timedelta(days=9))
        plan()

        assert not plan()
        due.due_on = TODAY + timedelta(days=16)
        due.save(update_fields=["due_on"])
        plan()

        days = sorted(CareTask.objects.values_list("due_on", flat=True))
        assert days == [TODAY + timedelta(days=11), TODAY + timedelta(days=14)]
        assert not plan()

    def test_one_patient_alone_can_be_brought_up_to_date(self, wanted, site):
        other = reexamination(site, TODAY + timedelta(days=9))
        wanted.due_on = TODAY + timedelta(days=12)
        wanted.save(update_fields=["due_on"])

        result = plan_patient(wanted.patient_id, today=TODAY)

        assert (result.moved, result.planned) == (1, 0)
        assert not CareTask.objects.filter(patient=other.patient).exists()


class TestChangedRules:
    def test_a_stopped_rule_closes_its_contacts_and_a_resumed_one_plans_them_anew(self, site):
        rule = CareRuleFactory()
        reexamination(site, TODAY + timedelta(days=9))
        plan()
        for is_active in (False, True):
            rule.is_active = is_active
            rule.save(update_fields=["is_active"])
            plan()
        assert list(CareTask.objects.order_by("id").values_list("status", "closed_reason")) == [
            ("closed", "rule_stopped"),
            ("open", ""),
        ]

    def test_other_days_move_the_contacts(self, site):
        rule = CareRuleFactory(days=2)
        reexamination(site, TODAY + timedelta(days=9))
        plan()
        rule.days = 4
        rule.save(update_fields=["days"])
        assert plan().moved == 1
        assert CareTask.objects.get().due_on == TODAY + timedelta(days=5)

    @pytest.mark.parametrize(
        "narrower", [{"diagnosis_prefix": "E11"}, {"occasion": "after_encounter"}, "site"]
    )
    def test_a_narrower_rule_closes_what_it_no_longer_means(self, site, other_site, narrower):
        rule = CareRuleFactory()
        reexamination(site, TODAY + timedelta(days=9))
        plan()
        for name, value in ({"site": other_site} if narrower == "site" else narrower).items():
            setattr(rule, name, value)
        rule.save(update_fields=["site", "diagnosis_prefix", "occasion"])
        plan()
        assert CareTask.objects.get().closed_reason == "rule_stopped"
