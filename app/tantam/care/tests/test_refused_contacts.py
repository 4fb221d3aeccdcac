"""Who says no to care contacts is not contacted; who says yes again is (A10, B4)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tantam.care.models import CareTask
from tantam.care.operations.planning import plan_all, plan_patient
from tantam.care.reactions import contacts_follow_the_record
from tantam.journal.models import Entry
from tantam.privacy.models import Purpose
from tantam.privacy.operations import HowDecided, record_consent, withdraw_consent
from tantam.privacy.queries import may_contact, text_in_force
from tests.factories.care import CareRuleFactory, CareTaskFactory
from tests.factories.records import ReexaminationFactory

TODAY = date(2026, 10, 14)
AT_THE_DESK = HowDecided("in_person")


@pytest.fixture
def planned(site):
    """A contact planned before a re-examination."""
    CareRuleFactory(days=2)
    ReexaminationFactory(site=site, due_on=TODAY + timedelta(days=9))
    plan_all(today=TODAY)
    return CareTask.objects.get()


def say(patient, actor, decision, purpose=Purpose.CARE_CONTACT):
    text = text_in_force(purpose, "vi")
    record_consent(patient, purpose, decision=decision, how=AT_THE_DESK, text=text, actor=actor)


def test_a_refusal_closes_what_was_planned_and_nothing_new_is_planned(planned, mai):
    say(planned.patient, mai, "refused")

    plan_all(today=TODAY)
    plan_all(today=TODAY)

    task = CareTask.objects.get()
    assert (task.status, task.closed_reason) == ("closed", "consent_refused")
    assert not may_contact(task.patient)


def test_a_withdrawal_reaches_the_contacts_through_the_journal(planned, mai):
    say(planned.patient, mai, "given")
    withdraw_consent(planned.patient, Purpose.CARE_CONTACT, how=AT_THE_DESK, actor=mai)

    contacts_follow_the_record(Entry.objects.filter(event="privacy.consent:withdrawn").get())

    planned.refresh_from_db()
    assert (planned.status, planned.closed_reason) == ("closed", "consent_refused")


def test_a_yes_after_the_no_plans_the_contact_again(planned, mai):
    say(planned.patient, mai, "refused")
    plan_patient(planned.patient_id, today=TODAY)
    say(planned.patient, mai, "given")

    plan_patient(planned.patient_id, today=TODAY)

    assert list(CareTask.objects.order_by("pk").values_list("status", flat=True)) == ["closed", "open"]


def test_a_no_to_something_else_changes_nothing(planned, mai):
    say(planned.patient, mai, "refused", Purpose.MARKETING)

    plan_all(today=TODAY)

    planned.refresh_from_db()
    assert planned.is_open


def test_the_follow_up_of_a_worrying_call_ends_too_but_not_under_someones_hands(site, mai):
    follow_up = CareTaskFactory(site=site, rule=None, source_kind="conversation")
    held = CareTaskFactory(
        site=site,
        rule=None,
        source_kind="conversation",
        claimed_by=mai,
        claimed_at=timezone.now(),
    )
    for task in (follow_up, held):
        say(task.patient, mai, "refused")

    plan_all()

    follow_up.refresh_from_db()
    held.refresh_from_db()
    assert (follow_up.status, follow_up.closed_reason) == ("closed", "consent_refused")
    assert held.is_open
