"""Two agents never call the same person (B6)."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from tantam.accounts.permissions import Role
from tantam.care.errors import (
    MayNotCallThere,
    NothingToCall,
    NotYourClaim,
    ReasonToCloseNeeded,
    TaskHeldByAnother,
    TaskNotOpen,
)
from tantam.care.models import CallAttempt, CareTask
from tantam.care.operations.claims import claim_task, release_task, take_next_call
from tantam.care.operations.tasks import assign_task, close_task, mark_message_sent
from tantam.care.policy import DEFAULT
from tantam.journal.models import Entry
from tests.factories.accounts import MemberFactory
from tests.factories.care import CareRuleFactory, CareTaskFactory
from tests.factories.patients import PatientFactory


@pytest.fixture
def lan(site):
    """Another care agent at the same site."""
    return MemberFactory(full_name="Ngô Thị Lan", roles=[(Role.CARE_AGENT, site)])


@pytest.fixture
def task(site):
    return CareTaskFactory(site=site)


def test_a_claim_is_written_down(task, mai):
    claim_task(task, actor=mai)
    task.refresh_from_db()
    assert task.claimed_by == mai
    assert task.claimed_at is not None
    assert Entry.objects.get(event="care.task:claimed").actor == mai


def test_claiming_ones_own_again_keeps_it_fresh_without_an_entry(task, mai):
    claim_task(task, actor=mai)
    earlier = timezone.now() - timedelta(minutes=20)
    CareTask.objects.update(claimed_at=earlier)
    claim_task(task, actor=mai)
    assert CareTask.objects.get().claimed_at > earlier
    assert Entry.objects.filter(event="care.task:claimed").count() == 1


def test_a_call_someone_makes_is_refused(task, mai, lan):
    claim_task(task, actor=mai)
    with pytest.raises(TaskHeldByAnother, match="Trần Thị Mai"):
        claim_task(task, actor=lan)
    assert CareTask.objects.get().claimed_by == mai


def test_a_patient_someone_calls_about_another_matter_is_refused(task, site, mai, lan):
    other = CareTaskFactory(site=site, patient=task.patient)
    claim_task(task, actor=mai)
    with pytest.raises(TaskHeldByAnother):
        claim_task(other, actor=lan)


def test_ones_own_claim_moves_to_the_patients_other_contact(task, site, mai):
    other = CareTaskFactory(site=site, patient=task.patient)
    claim_task(task, actor=mai)
    claim_task(other, actor=mai)
    assert list(CareTask.objects.filter(claimed_by=mai)) == [other]


def test_the_database_itself_refuses_two_claims_on_one_patient(task, site, mai, lan):
    other = CareTaskFactory(site=site, patient=task.patient)
    now = timezone.now()
    CareTask.objects.filter(pk=task.pk).update(claimed_by=mai, claimed_at=now)
    with pytest.raises(IntegrityError, match="one_claim_a_patient"), transaction.atomic():
        CareTask.objects.filter(pk=other.pk).update(claimed_by=lan, claimed_at=now)


def test_a_claim_without_activity_runs_out(task, site, mai, lan):
    other = CareTaskFactory(site=site, patient=task.patient)
    claim_task(task, actor=mai)
    CareTask.objects.filter(claimed_by=mai).update(
        claimed_at=timezone.now() - DEFAULT.claim_age - timedelta(seconds=1)
    )
    claim_task(other, actor=lan)
    assert list(CareTask.objects.filter(claimed_by__isnull=False)) == [other]


def test_activity_keeps_a_claim(task, mai, lan):
    claim_task(task, actor=mai)
    CareTask.objects.update(claimed_at=timezone.now() - timedelta(minutes=29))
    assert task.keep_claim(mai)
    assert not task.keep_claim(lan)
    assert CareTask.objects.get().claimed_at > timezone.now() - timedelta(minutes=1)


def test_a_supervisor_takes_over(task, mai, manager):
    claim_task(task, actor=mai)
    claim_task(task, take_over=True, actor=manager)
    assert CareTask.objects.get().claimed_by == manager


def test_a_done_call_cannot_be_taken(task, mai):
    CareTask.objects.update(status="done")
    with pytest.raises(TaskNotOpen):
        claim_task(task, actor=mai)


def test_giving_back_is_for_the_holder_and_supervisors(task, mai, lan, manager):
    claim_task(task, actor=mai)
    with pytest.raises(NotYourClaim):
        release_task(task, actor=lan)
    release_task(task, actor=mai)
    claim_task(task, actor=lan)
    release_task(task, actor=manager)
    assert CareTask.objects.get().claimed_by is None


class TestNextCall:
    def test_priority_then_day_then_best_time(self, site, mai):
        def made(**more):
            return CareTaskFactory(site=site, **more)

        low = made(priority=4, due_in=-5)
        today = made(priority=2)
        late = made(priority=2, due_in=-1)
        made(priority=1, due_in=1)
        urgent = made(priority=1)
        taken = []
        for _ in range(4):
            task = take_next_call([site.pk], actor=mai)
            taken.append(task.pk)
            CareTask.objects.filter(pk=task.pk).update(status="done", claimed_by=None, claimed_at=None)
        assert taken == [urgent.pk, late.pk, today.pk, low.pk]
        with pytest.raises(NothingToCall):
            take_next_call([site.pk], actor=mai)

    def test_a_call_already_held_comes_first(self, site, mai):
        held = CareTaskFactory(site=site, priority=4)
        CareTaskFactory(site=site, priority=1)
        claim_task(held, actor=mai)
        assert take_next_call([site.pk], actor=mai) == held

    @pytest.mark.parametrize(
        "apart",
        [
            {"action": "message"},
            {"needs_supervisor": True},
            {"next_attempt_at": timezone.now() + timedelta(hours=1)},
            {"status": "done"},
            {"due_in": 1},
            {"assigned_role": "manager"},
            "elsewhere",
            "for-lan",
            "being-called",
        ],
    )
    def test_what_is_not_handed_out(self, site, other_site, mai, lan, apart):
        if apart == "elsewhere":
            CareTaskFactory(site=other_site)
        elif apart == "for-lan":
            CareTaskFactory(site=site, assigned_to=lan)
        elif apart == "being-called":
            patient = PatientFactory()
            claim_task(CareTaskFactory(site=site, patient=patient), actor=lan)
            CareTaskFactory(site=site, patient=patient)
        else:
            CareTaskFactory(site=site, **apart)
        with pytest.raises(NothingToCall):
            take_next_call([site.pk], actor=mai)

    def test_what_is_meant_for_me_is_handed_to_me(self, site, mai):
        mine = CareTaskFactory(site=site, assigned_to=mai, assigned_role="manager")
        assert take_next_call([site.pk], actor=mai) == mine


def test_a_supervisor_assigns_and_anothers_claim_ends(task, mai, lan, manager):
    claim_task(task, actor=mai)
    CareTask.objects.update(needs_supervisor=True)
    assign_task(task, to=lan, actor=manager)
    task.refresh_from_db()
    assert (task.assigned_to, task.claimed_by, task.needs_supervisor) == (lan, None, False)
    assert Entry.objects.get(event="care.task:assigned").detail("to") == lan.pk


def test_nobody_is_assigned_who_may_not_call_there(task, hoa, manager):
    with pytest.raises(MayNotCallThere):
        assign_task(task, to=hoa, actor=manager)


@pytest.mark.parametrize(
    ("reason", "status"), [("no_contact", "unreached"), ("refused", "closed"), ("by_supervisor", "closed")]
)
def test_a_supervisor_closes_with_a_reason(task, manager, reason, status):
    close_task(task, reason=reason, actor=manager)
    task.refresh_from_db()
    assert (task.status, task.closed_reason) == (status, reason)
    with pytest.raises(TaskNotOpen):
        close_task(task, reason=reason, actor=manager)


def test_a_reason_of_the_planner_is_not_for_people(task, manager):
    with pytest.raises(ReasonToCloseNeeded):
        close_task(task, reason="rule_stopped", actor=manager)


def test_a_message_is_sent_once(site, mai, lan):
    task = CareTaskFactory(site=site, action="message")
    mark_message_sent(task, channel="zalo", actor=mai)
    with pytest.raises(TaskNotOpen):
        mark_message_sent(task, channel="sms", actor=lan)
    task.refresh_from_db()
    assert task.status == "done"
    assert CallAttempt.objects.get().channel == "zalo"


def race(count, work):
    """Run `work(n)` in so many threads at the same moment; their answers, refusals as None."""
    start, answers = threading.Barrier(count), []

    def run(number) -> None:
        try:
            start.wait()
            answers.append(work(number))
        except (TaskHeldByAnother, NothingToCall):
            answers.append(None)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == count
    return [answer for answer in answers if answer is not None]


@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    @pytest.fixture
    def agents(self, site):
        return [MemberFactory(roles=[(Role.CARE_AGENT, site)]) for _ in range(20)]

    def test_of_twenty_claims_exactly_one_wins(self, site, agents):
        task = CareTaskFactory(site=site)
        won = race(20, lambda n: claim_task(task, actor=agents[n]).claimed_by_id)
        assert won == [CareTask.objects.get().claimed_by_id]

    def test_of_twenty_claims_on_one_patients_contacts_exactly_one_wins(self, site, agents):
        patient, rule = PatientFactory(), CareRuleFactory()
        tasks = [CareTaskFactory(site=site, patient=patient, rule=rule) for _ in range(4)]
        won = race(20, lambda n: claim_task(tasks[n % 4], actor=agents[n]).pk)
        assert len(won) == 1
        assert CareTask.objects.filter(claimed_by__isnull=False).count() == 1

    def test_twenty_who_take_the_next_call_get_different_patients(self, site, agents):
        rule = CareRuleFactory()
        for _ in range(6):
            patient = PatientFactory()
            CareTaskFactory(site=site, patient=patient, rule=rule)
            CareTaskFactory(site=site, patient=patient, rule=rule)
        won = race(20, lambda n: take_next_call([site.pk], actor=agents[n]).patient_id)
        assert len(won) == len(set(won)) >= 1
        # A patient whom two were reaching for at once may be passed over by both; asking again finds them.
        taken = set()
        for agent in agents:
            with suppress(NothingToCall):
                taken.add(take_next_call([site.pk], actor=agent).patient_id)
        assert taken >= set(won)
        assert len(taken) == 6
