"""Whom to call: tabs, filters, order, pages, and who may see them (B6)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tantam.accounts.permissions import Role
from tantam.care.models import CareTask
from tantam.care.operations.claims import claim_task
from tantam.care.queries.work_list import Asked, Place, Tab, counts, rows
from tests.factories.accounts import MemberFactory
from tests.factories.care import CareRuleFactory, CareTaskFactory
from tests.factories.patients import ContactPointFactory, PatientFactory

LIST = "/care/"


def shown(asked: Asked) -> list[int]:
    return [row.id for row in rows(asked)]


def names(response) -> list[str]:
    return re.findall(r'class="row-link"[^>]*>([^<]+)<', response.content.decode())


@pytest.fixture
def asked(site, mai):
    return Asked(member_id=mai.pk, sites=[site.pk])


def tab(asked: Asked, which: Tab) -> Asked:
    return Asked(member_id=asked.member_id, sites=asked.sites, tab=which)


class TestTabs:
    @pytest.fixture
    def tasks(self, site, mai):
        rule = CareRuleFactory()
        lan = MemberFactory(roles=[(Role.CARE_AGENT, site)])
        made = {
            "due": CareTaskFactory(site=site, rule=rule),
            "overdue": CareTaskFactory(site=site, rule=rule, due_in=-2),
            "upcoming": CareTaskFactory(site=site, rule=rule, due_in=2),
            "mine": CareTaskFactory(site=site, rule=rule, assigned_to=mai),
            "held": CareTaskFactory(site=site, rule=rule, due_in=1),
            "lans": CareTaskFactory(site=site, rule=rule, assigned_to=lan),
            "stuck": CareTaskFactory(site=site, rule=rule, due_in=-1, needs_supervisor=True),
            "message": CareTaskFactory(site=site, rule=rule, action="message"),
        }
        CareTaskFactory(site=site, rule=rule, status="done")
        claim_task(made["held"], actor=mai)
        return {name: task.pk for name, task in made.items()}

    @pytest.mark.parametrize(
        ("which", "held"),
        [
            (Tab.DUE, {"due", "mine", "lans"}),
            (Tab.OVERDUE, {"overdue"}),
            (Tab.UPCOMING, {"upcoming", "held"}),
            (Tab.MINE, {"mine", "held"}),
            (Tab.UNASSIGNED, {"due", "overdue"}),
            (Tab.SUPERVISOR, {"stuck"}),
            (Tab.MESSAGES, {"message"}),
        ],
    )
    def test_each_tab_holds_its_own_and_counts_them(self, asked, tasks, which, held):
        assert set(shown(tab(asked, which))) == {tasks[name] for name in held}
        assert counts(asked)[which] == len(held)

    def test_what_other_sites_do_is_not_here(self, asked, other_site):
        CareTaskFactory(site=other_site)
        assert shown(asked) == []


def test_the_order_is_priority_then_day_then_best_time(site, asked):
    def made(**more):
        return CareTaskFactory(site=site, **more).pk

    late = made(due_in=-3, best_hour=18)
    morning = made(due_in=-1, best_hour=8)
    unknown = made(due_in=-1)
    urgent = made(due_in=-1, priority=1)
    assert shown(tab(asked, Tab.OVERDUE)) == [urgent, late, morning, unknown]


def test_filters_narrow_rows_and_counts(site, cardiology, mai):
    fits = CareTaskFactory(site=site, speciality=cardiology, priority=2)
    CareTaskFactory(site=site, priority=2)
    CareTaskFactory(site=site, speciality=cardiology)
    asked = Asked(member_id=mai.pk, sites=[site.pk], speciality=cardiology.pk, priority=2)
    assert shown(asked) == [fits.pk]
    assert counts(asked)[Tab.DUE] == 1


def test_pages_follow_one_another_without_gap_or_repetition(site, mai, client):
    rule = CareRuleFactory()
    for number in range(120):
        CareTaskFactory(site=site, rule=rule, priority=1 + number % 4, best_hour=8 + number % 3)
    client.force_login(mai)
    seen: list[str] = []
    url = LIST
    for _page in range(3):
        response = client.get(url)
        seen += re.findall(r'id="task-(\d+)"', response.content.decode())
        following = re.search(r'is-secondary" href="(/care/\?[^"]*after=[^"]+)"', response.content.decode())
        url = following[1].replace("&amp;", "&") if following else ""
    assert url == ""
    assert len(seen) == len(set(seen)) == 120


def test_more_rows_are_a_fragment_for_htmx(site, mai, client):
    rule = CareRuleFactory()
    tasks = [CareTaskFactory(site=site, rule=rule) for _ in range(3)]
    client.force_login(mai)
    first = min(tasks, key=lambda task: task.pk)
    after = Place(3, first.due_on, 24, first.pk).written()
    response = client.get(LIST, {"after": after}, headers={"HX-Request": "true"})
    body = response.content.decode()
    assert "<html" not in body
    assert len(re.findall(r'id="task-', body)) == 2


@pytest.mark.parametrize("text", ["", "x", "1.2.3", "1.20261301.8.4", "1.20261101.8.4.5", "a.b.c.d"])
def test_a_broken_place_is_the_first_page(text):
    assert Place.read(text) is None


def test_a_place_survives_the_address():
    place = Place(2, timezone.localdate(), 14, 77)
    assert Place.read(place.written()) == place


class TestRows:
    @pytest.fixture
    def page(self, client, mai):
        client.force_login(mai)
        return lambda **asked: client.get(LIST, asked).content.decode()

    def test_a_row_says_who_why_when_and_how(self, site, cardiology, page):
        patient = PatientFactory(full_name="Nguyễn <b>Hoa</b>", birth_year=1960, phone="0912345678")
        rule = CareRuleFactory(name="Gọi trước tái khám 2 ngày")
        task = CareTaskFactory(
            site=site, rule=rule, patient=patient, speciality=cardiology, priority=1, best_hour=14, attempts=2,
            next_attempt_at=timezone.now() + timedelta(minutes=30),
        )  # fmt: skip
        body = page()
        assert "Nguyễn &lt;b&gt;Hoa&lt;/b&gt;" in body
        for text in (patient.code, "…678", rule.name, "Tim mạch", "14–16", f"{task.anchor_on:%d/%m/%Y}"):
            assert text in body
        assert f'href="/care/calls/{task.pk}/"' in body

    def test_a_note_about_the_best_time_is_said_in_its_words(self, site, page):
        patient = PatientFactory()
        ContactPointFactory(patient=patient, raw="0987654321", note="Sau 17 giờ")
        CareTaskFactory(site=site, patient=patient, best_hour=8)
        assert "Sau 17 giờ" in page()

    def test_a_patient_being_called_cannot_be_taken(self, site, page):
        lan = MemberFactory(full_name="Ngô Thị Lan", roles=[(Role.CARE_AGENT, site)])
        patient = PatientFactory()
        claim_task(CareTaskFactory(site=site, patient=patient), actor=lan)
        other = CareTaskFactory(site=site, patient=patient)
        body = page()
        assert body.count("Ngô Thị Lan") == 2
        assert f"/care/tasks/{other.pk}/claim" not in body

    def test_an_empty_tab_says_how_it_fills(self, page):
        for which in Tab:
            assert "t-empty" in page(tab=which.value)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        pytest.param("mai", 200, id="may"),
        pytest.param("dung", 200, id="may-only-read"),
        pytest.param("hoa", 200, id="other-branch"),
        pytest.param("oscar", 403, id="nobody"),
        pytest.param("receptionist", 403, id="not-their-work"),
    ],
)
def test_who_may_see_the_list(request, client, site, who, status):
    CareTaskFactory(site=site, patient__full_name="Trần Văn Kín")
    client.force_login(request.getfixturevalue(who))
    for asked in ({}, {"site": str(site.pk)}, {"site": "all"}):
        response = client.get(LIST, asked)
        assert response.status_code == status
        assert ("Trần Văn Kín" in response.content.decode()) == (who in ("mai", "dung"))


@pytest.mark.parametrize(
    ("who", "status"),
    [
        pytest.param("mai", 302, id="may"),
        pytest.param("dung", 403, id="may-only-read"),
        pytest.param("hoa", 404, id="other-branch"),
        pytest.param("oscar", 403, id="nobody"),
    ],
)
def test_who_may_take_a_call(request, client, site, who, status):
    task = CareTaskFactory(site=site)
    member = request.getfixturevalue(who)
    client.force_login(member)
    response = client.post(reverse("care:claim", args=[task.pk]))
    assert response.status_code == status
    assert CareTask.objects.filter(claimed_by=member).exists() == (status == 302)


def test_the_next_call_opens_its_screen_and_an_empty_list_says_so(client, site, mai):
    task = CareTaskFactory(site=site)
    client.force_login(mai)
    response = client.post(reverse("care:next-call"))
    assert response.url == reverse("care:call", args=[task.pk])
    CareTask.objects.update(status="done", claimed_by=None, claimed_at=None)
    assert client.post(reverse("care:next-call")).url == LIST


def test_giving_back_returns_to_where_one_was_and_never_elsewhere(client, site, mai):
    task = claim_task(CareTaskFactory(site=site), actor=mai)
    client.force_login(mai)
    url = reverse("care:release", args=[task.pk])
    assert client.post(url, {"next": "/care/?tab=mine"}).url == "/care/?tab=mine"
    assert client.post(url, {"next": "https://elsewhere.example/"}).url == LIST


class TestSupervising:
    @pytest.fixture
    def task(self, site, mai):
        return claim_task(CareTaskFactory(site=site, needs_supervisor=True), actor=mai)

    @pytest.mark.parametrize(("who", "status"), [("manager", 200), ("mai", 403), ("dung", 403), ("hoa", 403)])
    def test_who_may_look_after_a_contact(self, request, client, task, who, status):
        client.force_login(request.getfixturevalue(who))
        assert client.get(reverse("care:task", args=[task.pk])).status_code == status

    def test_assigning(self, client, task, manager, mai):
        client.force_login(manager)
        assert (
            client.post(reverse("care:assignment", args=[task.pk]), {"assigned_to": mai.pk}).status_code
            == 302
        )
        assert CareTask.objects.get().assigned_to == mai

    def test_someone_who_may_not_call_is_not_offered(self, client, task, manager, dung):
        client.force_login(manager)
        response = client.post(reverse("care:assignment", args=[task.pk]), {"assigned_to": dung.pk})
        assert response.status_code == 422
        assert CareTask.objects.get().assigned_to is None

    def test_closing_needs_a_reason(self, client, task, manager):
        client.force_login(manager)
        url = reverse("care:closing", args=[task.pk])
        assert client.post(url).status_code == 422
        assert client.post(url, {"reason": "refused"}).status_code == 302
        assert CareTask.objects.get().closed_reason == "refused"

    def test_taking_over_opens_the_call(self, client, task, manager, mai):
        client.force_login(mai)
        assert client.post(reverse("care:claim", args=[task.pk]), {"take-over": "1"}).status_code == 403
        client.force_login(manager)
        response = client.post(reverse("care:claim", args=[task.pk]), {"take-over": "1"})
        assert response.url == reverse("care:call", args=[task.pk])
        assert CareTask.objects.get().claimed_by == manager


class TestMessages:
    """A rule can ask for a message; until a channel carries it, it is sent by hand (B4)."""

    @pytest.fixture
    def task(self, site):
        patient = PatientFactory(full_name="Nguyễn Thị Hằng", birth_year=1985, phone="0912345678")
        return CareTaskFactory(site=site, patient=patient, action="message")

    def test_the_text_is_ready_in_the_patients_language(self, client, task, mai):
        client.force_login(mai)
        url = reverse("care:message", args=[task.pk])
        body = client.get(url).content.decode()
        assert "chị Hằng" in body
        assert f"{task.anchor_on:%d/%m/%Y}" in body
        task.patient.language = "en"
        task.patient.save(update_fields=["language"])
        assert "Dear Nguyễn Thị Hằng" in client.get(url).content.decode()

    @pytest.mark.parametrize(("who", "status"), [("mai", 302), ("dung", 403), ("hoa", 404), ("oscar", 403)])
    def test_who_may_mark_it_as_sent(self, request, client, task, who, status):
        client.force_login(request.getfixturevalue(who))
        response = client.post(reverse("care:message", args=[task.pk]), {"channel": "zalo"})
        assert response.status_code == status
        assert CareTask.objects.get().is_open == (status != 302)

    def test_sending_twice_is_refused_in_words(self, client, task, mai):
        client.force_login(mai)
        url = reverse("care:message", args=[task.pk])
        client.post(url, {"channel": "sms"})
        assert client.post(url, {"channel": "sms"}).status_code == 422

    def test_a_call_is_no_message(self, client, site, mai):
        task = CareTaskFactory(site=site)
        client.force_login(mai)
        assert client.get(reverse("care:message", args=[task.pk])).status_code == 404


def test_the_page_asks_the_database_few_questions(client, site, mai, django_assert_max_num_queries):
    """Figures: at most 15 queries; it takes seven, however many rows there are: one leaves the trace (D9)."""
    rule = CareRuleFactory()
    for _ in range(60):
        CareTaskFactory(site=site, rule=rule, patient__phone="0912345678")
    client.force_login(mai)
    client.get(LIST)
    with django_assert_max_num_queries(7):
        assert client.get(LIST).status_code == 200
