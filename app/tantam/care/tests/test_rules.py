"""A manager changes a care rule and sees whom it reaches before saving (B4; J11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tantam.accounts.permissions import Role
from tantam.care import access
from tantam.care.errors import (
    GuideForAnotherOccasion,
    MayNotCallThere,
    RuleAlreadyThere,
    RuleChangedMeanwhile,
)
from tantam.care.jobs import plan_saved_rule
from tantam.care.models import CareRule, CareTask
from tantam.care.operations.rules import change_rule, create_rule, set_rule_in_use
from tantam.care.planner.runs import plan_all
from tantam.care.queries.preview import preview
from tantam.care.queries.rules import history, planning_of
from tantam.care.rules.contents import RuleContent, content_of
from tantam.journal.models import Entry
from tantam.knowledge.models import Guide
from tests.factories.accounts import MemberFactory
from tests.factories.care import CareRuleFactory, CareTaskFactory
from tests.factories.records import DiagnosisFactory, EncounterFactory, ReexaminationFactory

TODAY = date(2026, 10, 14)


@pytest.fixture
def leader(site, other_site):
    """A manager of every site."""
    return MemberFactory(full_name="Lý Thu Hà", roles=[(Role.MANAGER, site), (Role.MANAGER, other_site)])


def content(**more) -> RuleContent:
    return RuleContent(
        **{"name": "Gọi trước tái khám", "occasion": "before_reexamination", "days": 2, **more}
    )


def in_days(site, *days, **more):
    return [ReexaminationFactory(site=site, due_on=TODAY + timedelta(days=day), **more) for day in days]


def run_jobs() -> None:
    for rule in CareRule.objects.all():
        saved = Entry.objects.filter(event="care.rule:saved", subject_id=rule.pk).latest("id")
        plan_saved_rule.func(rule_id=rule.pk, actor_id=saved.actor_id)


class TestSaving:
    def test_a_new_rule_is_written_down_and_planned_in_the_background(self, site, manager):
        ReexaminationFactory(site=site, in_days=9)
        rule = create_rule(content(site=site), actor=manager)
        assert not planning_of(rule).is_done
        assert not CareTask.objects.exists()

        run_jobs()

        planning = planning_of(rule)
        assert (planning.is_done, planning.planned, planning.waiting) == (True, 1, 1)
        assert CareTask.objects.get().rule == rule

    def test_a_change_says_what_changed_from_what_to_what(self, site, manager):
        rule = create_rule(content(site=site), actor=manager)
        change_rule(rule, content(site=site, days=4, priority=1), seen=1, actor=manager)
        latest = history(rule)[0]
        assert latest.by == manager.full_name
        assert len(latest.details) == 2
        assert any("2 → 4" in detail for detail in latest.details)

    def test_words_and_codes_of_a_rule_stand_in_its_history_and_not_in_the_journal(self, site, manager):
        rule = create_rule(content(site=site, name="Gọi trước", diagnosis_prefix="E10"), actor=manager)
        change_rule(rule, content(site=site, name="Gọi sớm", diagnosis_prefix="E11"), seen=1, actor=manager)
        change_rule(
            rule, content(site=site, name="Gọi thật sớm", diagnosis_prefix="E11"), seen=2, actor=manager
        )

        latest, before = history(rule := CareRule.objects.get(pk=rule.pk))[:2]

        assert latest.details == ["Tên: Gọi sớm → Gọi thật sớm"]
        assert "Tên: Gọi trước → Gọi sớm" in before.details
        assert any(line.endswith("E10 → E11") for line in before.details)
        kept = str(list(Entry.objects.filter(event="care.rule:saved").values_list("details", flat=True)))
        assert "Gọi" not in kept
        assert "E1" not in kept

    def test_two_tabs_are_noticed(self, site, manager):
        rule = create_rule(content(site=site), actor=manager)
        change_rule(rule, content(site=site, days=3), seen=1, actor=manager)
        with pytest.raises(RuleChangedMeanwhile):
            change_rule(rule, content(site=site, days=4), seen=1, actor=manager)

    def test_saving_without_a_change_leaves_no_trace(self, site, manager):
        rule = create_rule(content(site=site), actor=manager)
        rule = change_rule(rule, content_of(rule), seen=1, actor=manager)
        assert rule.revision == 1

    def test_the_same_rule_twice_is_refused(self, site, manager):
        create_rule(content(site=site), actor=manager)
        with pytest.raises(RuleAlreadyThere):
            create_rule(content(site=site, name="Another name"), actor=manager)

    def test_a_guide_for_another_occasion_is_refused(self, site, manager):
        guide = Guide.objects.create(title="Sau khám", occasion="after_encounter")
        with pytest.raises(GuideForAnotherOccasion):
            create_rule(content(site=site, guide=guide), actor=manager)

    def test_only_who_may_call_there_is_given_the_calls(self, site, manager, hoa):
        with pytest.raises(MayNotCallThere):
            create_rule(content(site=site, assigned_to=hoa), actor=manager)

    def test_open_contacts_follow_a_changed_priority_unless_someone_is_calling(self, site, manager, mai):
        rule = create_rule(content(site=site), actor=manager)
        free = CareTaskFactory(rule=rule, site=site)
        held = CareTaskFactory(rule=rule, site=site, claimed_by=mai, claimed_at=timezone.now())
        change_rule(rule, content(site=site, priority=1, action="message"), seen=1, actor=manager)
        free.refresh_from_db()
        held.refresh_from_db()
        assert (free.priority, free.action) == (1, "message")
        assert (held.priority, held.action) == (3, "call")

    def test_stopping_closes_and_resuming_plans_again(self, site, manager):
        ReexaminationFactory(site=site, in_days=9)
        rule = create_rule(content(site=site), actor=manager)
        run_jobs()
        set_rule_in_use(rule, False, actor=manager)
        run_jobs()
        assert CareTask.objects.get().closed_reason == "rule_stopped"
        set_rule_in_use(rule, True, actor=manager)
        run_jobs()
        assert CareTask.objects.filter(status="open").count() == 1


class TestPreview:
    """What is shown before saving is what the planner then makes."""

    @pytest.mark.parametrize(
        "more",
        [
            {},
            {"days": 5},
            {"occasion": "after_encounter", "days": 12},
            {"diagnosis_prefix": "I1"},
            {"speciality": "cardiology"},
        ],
    )
    def test_it_equals_what_is_planned(self, site, other_site, cardiology, leader, more):
        encounters = [
            EncounterFactory(site=site, speciality=cardiology, days_ago=1, started_at=_at(day))
            for day in (-1, -3, -9, -14, -40)
        ]
        DiagnosisFactory(encounter=encounters[0], code="I10")
        for index, encounter in enumerate(encounters):
            in_days(site, 1 + index * 7, patient=encounter.patient, encounter=encounter)
        in_days(other_site, 3, 40)
        wanted = {name: cardiology if value == "cardiology" else value for name, value in more.items()}
        rule = content(**wanted)

        shown = preview(rule.as_rule(), sites=[site.pk, other_site.pk], today=TODAY)
        create_rule(rule, actor=leader)
        plan_all(today=TODAY)

        made = CareTask.objects.values_list("due_on", flat=True)
        assert shown.total == len(made) > 0
        assert dict(shown.by_day) == {day: list(made).count(day) for day in made}
        assert {one.patient_id for one in shown.patients} == set(
            CareTask.objects.values_list("patient_id", flat=True)
        )

    def test_it_counts_who_is_contacted_by_another_rule(self, site):
        near, far = in_days(site, 9, 20)
        CareTaskFactory(site=site, patient=near.patient, due_on=TODAY + timedelta(days=5))
        CareTaskFactory(site=site, patient=far.patient, due_on=TODAY + timedelta(days=2))
        shown = preview(content().as_rule(), sites=[site.pk], today=TODAY)
        assert (shown.total, shown.covered) == (2, 1)

    def test_of_a_saved_rule_it_leaves_out_what_is_done(self, site, manager):
        in_days(site, 9, 10)
        rule = create_rule(content(site=site), actor=manager)
        plan_all(today=TODAY)
        CareTask.objects.filter(pk=CareTask.objects.earliest("id").pk).update(status="done")
        assert preview(rule, sites=[site.pk], today=TODAY).total == 1

    def test_it_shows_only_the_sites_asked_for(self, site, other_site):
        in_days(site, 9)
        in_days(other_site, 9)
        assert preview(content().as_rule(), sites=[site.pk], today=TODAY).total == 1

    def test_at_most_twenty_patients_are_named(self, site):
        in_days(site, *range(3, 28))
        shown = preview(content().as_rule(), sites=[site.pk], today=TODAY)
        assert (shown.total, len(shown.patients)) == (25, 20)


def _at(day: int):
    return timezone.make_aware(timezone.datetime(TODAY.year, TODAY.month, TODAY.day, 9)) + timedelta(days=day)


class TestPages:
    def fields(self, **more):
        return {
            "name": "",
            "occasion": "before_reexamination",
            "days": "2",
            "action": "call",
            "priority": "3",
            "assigned_role": "care_agent",
            "seen": "1",
            **more,
        }

    @pytest.mark.parametrize(
        ("who", "status"),
        [
            pytest.param("manager", 200, id="may"),
            pytest.param("mai", 403, id="an-agent-may-not"),
            pytest.param("dung", 403, id="may-only-read"),
            pytest.param("oscar", 403, id="nobody"),
        ],
    )
    def test_who_may_change_rules(self, request, client, who, status):
        client.force_login(request.getfixturevalue(who))
        for url in (reverse("care:rules"), reverse("care:rule-new")):
            assert client.get(url).status_code == status

    def test_a_rule_of_another_site_does_not_exist(self, client, manager, other_site):
        rule = CareRuleFactory(site=other_site)
        client.force_login(manager)
        assert client.get(reverse("care:rule", args=[rule.pk])).status_code == 404

    def test_a_rule_for_all_sites_is_read_by_one_sites_manager_and_changed_by_who_leads_all(
        self, client, manager, leader, site
    ):
        rule = CareRuleFactory()
        url = reverse("care:rule", args=[rule.pk])
        client.force_login(manager)
        assert client.get(url).status_code == 200
        assert client.post(url, self.fields(days="3", site=site.pk)).status_code == 403
        client.force_login(leader)
        assert client.post(url, self.fields(days="3")).status_code == 302
        assert CareRule.objects.get().days == 3

    def test_a_manager_of_one_site_cannot_write_for_all(self, client, manager, other_site):
        client.force_login(manager)
        response = client.post(reverse("care:rule-new"), self.fields())
        assert response.status_code == 422
        assert not CareRule.objects.exists()
        assert not access.may_change_rules_of(manager, None)

    def test_saving_makes_a_name_when_none_is_given(self, client, manager, site):
        client.force_login(manager)
        response = client.post(reverse("care:rule-new"), self.fields(site=site.pk))
        rule = CareRule.objects.get()
        assert response.url == reverse("care:rule", args=[rule.pk])
        assert "2" in rule.name

    def test_the_preview_saves_nothing(self, client, manager, site):
        reexam = ReexaminationFactory(site=site, in_days=9)
        client.force_login(manager)
        response = client.post(reverse("care:rule-preview"), self.fields(site=site.pk))
        assert response.status_code == 200
        assert reexam.patient.code in response.content.decode()
        assert not CareRule.objects.exists()
        assert not CareTask.objects.exists()

    def test_an_incomplete_form_previews_nothing_and_breaks_nothing(self, client, manager, site):
        client.force_login(manager)
        response = client.post(reverse("care:rule-preview"), self.fields(site=site.pk, days=""))
        assert response.status_code == 200

    def test_a_refusal_keeps_what_was_typed(self, client, manager, site):
        CareRuleFactory(site=site, name="Đã có")
        client.force_login(manager)
        response = client.post(reverse("care:rule-new"), self.fields(site=site.pk, name="Tên mới"))
        assert response.status_code == 422
        assert "Tên mới" in response.content.decode()
        assert "Đã có" in response.content.decode()

    def test_stopping_and_using_again(self, client, manager, site):
        rule = CareRuleFactory(site=site)
        client.force_login(manager)
        url = reverse("care:rule-use", args=[rule.pk])
        client.post(url, {"in_use": "0"})
        assert not CareRule.objects.get().is_active
        client.post(url, {"in_use": "1"})
        assert CareRule.objects.get().is_active

    def test_the_pages_ask_little_of_the_database(self, client, manager, site, django_assert_max_num_queries):
        rule = CareRuleFactory(site=site)
        for number in range(5):
            CareTaskFactory(site=site, rule=rule)
            CareRuleFactory(site=site, days=10 + number)
        client.force_login(manager)
        for url, most in ((reverse("care:rules"), 6), (reverse("care:rule", args=[rule.pk]), 18)):
            client.get(url)
            with django_assert_max_num_queries(most):
                client.get(url)


def test_content_survives_the_way_through_a_rule(site):
    wanted = content(site=site, days=7)
    assert replace(content_of(wanted.as_rule()), name=wanted.name) == wanted


def test_an_action_nobody_knows_is_said_beside_its_field(client, site):
    """Bad input: a rule with an action of another version of the page, and without a name."""
    client.force_login(MemberFactory(roles=[(Role.MANAGER, site)]))

    answer = client.post(
        reverse("care:rule-new"),
        {"occasion": "after_encounter", "days": "2", "action": "fax", "priority": "3", "site": site.pk},
    )

    assert answer.status_code == 422
    assert not CareRule.objects.exists()
