"""One way to close a contact, one to say whether a claim stands, one to say what worries."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from django.db import connection
from django.utils import timezone

from tantam.care.models import CareTask, Conversation, Experience, Health
from tantam.care.operations.attempts import log_attempt
from tantam.care.operations.calls import complete_call
from tantam.care.operations.planning import settle
from tantam.care.operations.tasks import close_task, mark_message_sent
from tantam.care.policy import DEFAULT
from tantam.care.rules.claims import claimed, claimed_sql, freed_before, held_by_another, is_claimed
from tantam.care.rules.outcomes import Outcome
from tests.factories.care import CareRuleFactory, CareTaskFactory

# Everything an open contact may carry besides what it is about.
CARRIED = {"next_attempt_at": None, "needs_supervisor": False, "claimed_by_id": None, "claimed_at": None}


def _laden(site, mai, **more) -> CareTask:
    now = timezone.now()
    return CareTaskFactory(
        site=site, next_attempt_at=now, needs_supervisor=True, claimed_by=mai, claimed_at=now, **more
    )


def _by_planner(task, mai):
    """Its re-examination does not exist, so the planner closes it once nobody is calling."""
    CareTask.objects.filter(pk=task.pk).update(claimed_at=timezone.now() - DEFAULT.claim_age)
    settle(actor=None)


def _follow_up_by_planner(task, mai):
    CareTask.objects.filter(pk=task.pk).update(rule=None)
    type(task.patient).objects.filter(pk=task.patient_id).update(status="inactive")
    _by_planner(task, mai)


@pytest.mark.parametrize(
    ("close", "status"),
    [
        pytest.param(
            lambda task, mai: complete_call(task, outcome=Outcome(health="same"), actor=mai), "done", id="conversation"
        ),
        pytest.param(lambda task, mai: log_attempt(task, result="refused", actor=mai), "closed", id="refused"),
        pytest.param(lambda task, mai: close_task(task, reason="no_contact", actor=mai), "unreached", id="by-hand"),
        pytest.param(lambda task, mai: mark_message_sent(task, channel="zalo", actor=mai), "done", id="message"),
        pytest.param(_by_planner, "closed", id="planner"),
        pytest.param(_follow_up_by_planner, "closed", id="planner-ends-a-follow-up"),
    ],
)  # fmt: skip
def test_whoever_closes_a_contact_leaves_the_same_behind(site, mai, close, status):
    task = _laden(site, mai, rule=CareRuleFactory())

    close(task, mai)

    closed = CareTask.objects.get(pk=task.pk)
    assert (closed.status, closed.closed_at is not None) == (status, True)
    assert {name: getattr(closed, name) for name in CARRIED} == CARRIED


@pytest.mark.parametrize(
    "age", [timedelta(0), DEFAULT.claim_age - timedelta(minutes=1), DEFAULT.claim_age, None]
)
def test_python_queryset_and_statement_agree_on_whether_a_claim_stands(site, mai, colleague, age):
    freed = freed_before()
    held = {"claimed_by": mai, "claimed_at": freed + DEFAULT.claim_age - age} if age is not None else {}
    task = CareTaskFactory(site=site, **held)

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {claimed_sql('t')} FROM care_caretask t", {"freed": freed})
        (by_statement,) = cursor.fetchone()

    stands = age is not None and age < DEFAULT.claim_age
    assert is_claimed(task, freed) == stands
    assert CareTask.objects.filter(claimed(freed)).exists() == stands
    assert by_statement == stands
    assert held_by_another(task, colleague, freed) == (mai if stands else None)


@pytest.fixture
def colleague(hoa):
    """Somebody who does not hold the call."""
    return hoa


@pytest.mark.parametrize(("health", "experience"), list(product(Health.values, Experience.values)))
def test_outcome_and_conversation_agree_on_what_worries(health, experience):
    worries = health == "worse" or experience == "bad"
    assert Outcome(health=health, experience=experience).is_worrying == worries
    assert Conversation(health=health, experience=experience).is_worrying == worries
