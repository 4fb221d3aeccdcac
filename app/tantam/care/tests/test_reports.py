"""The care dashboard: what is counted, for whom, and how it is asked for (docs/measures.md)."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tantam.accounts.permissions import Role
from tantam.care.queries.figures import care_report, percent
from tests.factories.accounts import MemberFactory
from tests.factories.care import CallAttemptFactory, CareRuleFactory, CareTaskFactory
from tests.factories.records import ReexaminationFactory

TODAY = timezone.localdate()
PAGE = "/care/dashboard/"


def at(day, hour=10):
    return datetime.combine(day, time(hour), tzinfo=timezone.get_default_timezone())


@pytest.fixture
def rule(db):
    return CareRuleFactory()


@pytest.fixture
def made(site, rule, mai):
    """Yesterday: one reached and done, one sent by message, one overdue, one fallen away, one unreached."""
    day = TODAY - timedelta(days=1)

    def task(**more):
        return CareTaskFactory(site=site, rule=rule, due_on=day, **more)

    reached = task(status="done")
    CallAttemptFactory(task=reached, member=mai, result="no_answer", made_at=at(day, 9))
    CallAttemptFactory(task=reached, member=mai, result="answered", made_at=at(day, 10))
    message = task(status="done", action="message")
    CallAttemptFactory(task=message, member=mai, result="sent", channel="zalo", made_at=at(day, 11))
    task()
    task(status="closed", closed_reason="reexamination_cancelled")
    task(status="unreached", closed_reason="no_contact")
    return day


def test_contacts_are_counted_by_what_became_of_them(site, made):
    total = care_report([site.pk], made, TODAY).total
    assert (total.due, total.done, total.reached, total.overdue) == (4, 2, 1, 1)
    assert (total.done_share, total.reached_share) == (50, 25)


def test_the_period_and_the_sites_bound_the_figures(site, other_site, made):
    assert care_report([other_site.pk], made, TODAY).total.due == 0
    assert care_report([site.pk], TODAY, TODAY).total.due == 0
    report = care_report([site.pk], made - timedelta(days=2), TODAY)
    assert [figures.due for figures in report.by_day.values()] == [0, 0, 4, 0]


def test_colleagues_are_counted_by_their_tries(site, made, mai):
    (agent,) = care_report([site.pk], made, TODAY).agents
    assert (agent.name, agent.tries, agent.answered, agent.patients, agent.messages) == (
        mai.full_name,
        2,
        1,
        1,
        1,
    )


def test_a_call_late_in_the_evening_belongs_to_the_day_at_the_site(site, rule, mai):
    """23:30 in Vietnam is the same day there, though UTC has not reached it."""
    task = CareTaskFactory(site=site, rule=rule)
    CallAttemptFactory(task=task, member=mai, result="answered", made_at=at(TODAY, 0))
    assert len(care_report([site.pk], TODAY, TODAY).agents) == 1
    assert care_report([site.pk], TODAY - timedelta(days=1), TODAY - timedelta(days=1)).agents == []


class TestCoverage:
    """Re-examinations whose patient answered a call about it at least one day before."""

    def reexamination(self, site, rule, mai, *, days_before=None, result="answered", **more):
        reexam = ReexaminationFactory(site=site, due_on=TODAY, **more)
        if days_before is not None:
            task = CareTaskFactory(
                site=site, rule=rule, patient=reexam.patient, reexamination=reexam, status="done"
            )
            made_at = at(TODAY - timedelta(days=days_before), 8)
            CallAttemptFactory(task=task, member=mai, result=result, made_at=made_at)
        return reexam

    def test_only_answers_at_least_a_day_before_count(self, site, rule, mai):
        self.reexamination(site, rule, mai, days_before=1)
        self.reexamination(site, rule, mai, days_before=0)
        self.reexamination(site, rule, mai, days_before=3, result="no_answer")
        self.reexamination(site, rule, mai)
        total = care_report([site.pk], TODAY, TODAY).total
        assert (total.reexaminations, total.in_time, total.coverage) == (4, 1, 25)

    def test_cancelled_ones_do_not_count(self, site, rule, mai):
        self.reexamination(site, rule, mai, days_before=1, status="cancelled")
        assert care_report([site.pk], TODAY, TODAY).total.coverage is None


def test_shares_are_rounded_down_so_that_a_hundred_means_all():
    assert percent(999, 1000) == 99
    assert percent(0, 0) is None


@pytest.mark.parametrize(
    ("who", "status"), [("manager", 200), ("mai", 403), ("dung", 403), ("oscar", 403), ("doctor", 403)]
)
def test_who_may_see_the_dashboard(request, client, who, status):
    member = request.getfixturevalue(who)
    client.force_login(getattr(member, "member", member))
    for name in ("care:dashboard", "care:dashboard-print"):
        assert client.get(reverse(name)).status_code == status


def test_a_site_that_is_not_ones_own_is_not_counted(client, manager, other_site, rule):
    CareTaskFactory(site=other_site, rule=rule)
    client.force_login(manager)
    response = client.get(PAGE, {"site": other_site.pk})
    assert response.context["total"].due == 0
    assert other_site.name not in response.content.decode()


def test_the_dashboard_shows_its_figures_and_says_how_they_are_counted(client, manager, made):
    client.force_login(manager)
    body = client.get(PAGE).content.decode()
    assert "50 %" in body
    assert "Trần Thị Mai" in body
    assert 'data-chart="by-day-data"' in body


@pytest.mark.parametrize(
    ("asked", "days"),
    [
        ({}, 30),
        ({"period": "7", "was": "30"}, 7),
        ({"period": "nonsense"}, 30),
        ({"period": "7", "was": "30", "from": "01/01/2026", "until": "05/01/2026"}, 7),
        ({"period": "7", "was": "7", "from": "01/01/2026", "until": "05/01/2026"}, 5),
        ({"period": "own", "was": "7", "from": "5/1/2026", "until": "1/1/2026"}, 5),
        ({"period": "own", "from": "01/01/2020", "until": "05/01/2026"}, 366),
    ],
)
def test_the_period_is_ready_made_or_typed(client, manager, asked, days):
    client.force_login(manager)
    assert len(client.get(PAGE, asked).context["report"].by_day) == days


def test_a_date_that_does_not_exist_is_said_and_kept(client, manager):
    client.force_login(manager)
    response = client.get(PAGE, {"period": "own", "from": "31/02/2026", "until": "05/03/2026"})
    body = response.content.decode()
    assert response.status_code == 200
    assert 'value="31/02/2026"' in body
    assert response.context["problem"]


def test_the_dashboard_asks_the_database_few_questions(
    client, site, other_site, made, django_assert_max_num_queries
):
    member = MemberFactory(roles=[(Role.MANAGER, site), (Role.MANAGER, other_site)])
    client.force_login(member)
    client.get(PAGE)
    with django_assert_max_num_queries(6):
        client.get(PAGE)
