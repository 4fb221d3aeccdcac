"""The organisation's own pages: sites, departments, holidays, and the journal."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tantam.accounts.models import Member
from tantam.accounts.permissions import Permission, Role
from tantam.facility.models import Department, HolidayOverride, Room, Site
from tantam.journal.operations import record
from tests.factories.accounts import MemberFactory
from tests.proof import sign_in


@pytest.fixture
def at_work(client, manager):
    client.force_login(manager)
    return client


@pytest.mark.parametrize("name", ["facility:journal", "facility:journal-export"])
def test_the_journal_of_another_branch_stays_there(client, site, other_site, name):
    """D9: entries of the member's sites, and those of no site."""
    auditor = MemberFactory(username="kiemtra", roles=[(Role.AUDITOR, site)])
    sign_in(client, auditor)
    for place in (site, other_site):
        record("facility.site:saved", place, actor=None, mark=f"mark-{place.code}")
    record("facility.organisation:corrected", MemberFactory(), actor=None, mark="mark-of-all")

    answer = client.get(reverse(name))
    page = b"".join(answer) if answer.streaming else answer.content

    shown = {mark for mark in ("trung-tam", "phia-nam", "of-all") if f"mark-{mark}".encode() in page}
    assert shown == {"trung-tam", "of-all"}


def test_a_second_department_of_one_name_is_refused_in_words(at_work, site):
    Department.objects.create(site=site, name="Khoa Tim")

    answer = at_work.post(
        reverse("facility:department-new", args=[site.pk]), {"name": "Khoa Tim", "is_active": "on"}
    )

    assert answer.status_code == 422
    assert Department.objects.count() == 1


def test_a_second_entry_for_one_day_is_refused_in_words(at_work):
    sent = {"day": "24/11/2026", "name": "Ngày thành lập", "is_holiday": "on"}

    answers = [at_work.post(reverse("facility:holidays"), sent).status_code for _each in range(2)]

    assert answers == [302, 422]
    assert HolidayOverride.objects.count() == 1


def test_somebody_can_work_at_a_new_site_at_once(at_work, manager):
    sent = {
        "name": "Cơ sở mới",
        "code": "co-so-moi",
        "kind": "clinic",
        "time_zone": "Asia/Ho_Chi_Minh",
        "is_active": "on",
    }

    at_work.post(reverse("facility:site-new"), sent)

    opened = Site.objects.get(code="co-so-moi")
    assert Member.objects.get(pk=manager.pk).may(Permission.FACILITY_MANAGE, opened.pk)


SENT = {
    "facility:department-new": {"name": "Khoa Tim", "is_active": "on"},
    "facility:room-new": {"name": "P. 101", "is_active": "on"},
    "facility:holidays": {"day": "24/11/2026", "name": "Ngày thành lập", "is_holiday": "on"},
    "facility:site-new": {
        "name": "Cơ sở mới", "code": "co-so-moi", "kind": "clinic", "time_zone": "Asia/Ho_Chi_Minh", "is_active": "on",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", SENT)
def test_a_form_sent_twice_makes_one_row_and_says_so_once(at_work, site, name):
    """Pressed twice, or sent again by a browser: the second answer is the first one's."""
    before = {model: model.objects.count() for model in (Department, Room, HolidayOverride, Site)}
    of_a_site = name in ("facility:department-new", "facility:room-new")
    address = reverse(name, args=[site.pk] if of_a_site else [])
    shown = at_work.get(address).context["form"]
    sent = SENT[name] | {"submission": str(shown["submission"].value())}

    answers = [at_work.post(address, sent) for _each in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    after = {model: model.objects.count() for model in before}
    assert sum(after.values()) - sum(before.values()) == 1


def test_a_manager_of_one_site_makes_holidays_for_that_site_only(client, site, other_site, manager):
    client.force_login(manager)
    sent = {"day": "24/11/2026", "name": "Ngày thành lập", "is_holiday": "on"}

    assert client.get(reverse("facility:organisation")).status_code == 403
    assert client.post(reverse("facility:holidays"), sent).status_code == 422
    assert client.post(reverse("facility:holidays"), {**sent, "site": other_site.pk}).status_code == 422
    assert client.post(reverse("facility:holidays"), {**sent, "site": site.pk}).status_code == 302

    assert HolidayOverride.objects.get().site == site
    shared = HolidayOverride.objects.create(day="2026-12-24", name="Nghỉ chung")
    assert client.post(reverse("facility:holiday-removal", args=[shared.pk])).status_code == 404


@pytest.mark.parametrize(
    "day", ["31/12/9999", "01/01/0001", "9999-12-31", "99999999999", "31/02/2026", "\x00"]
)
@pytest.mark.parametrize("end", ["from", "to"])
def test_days_at_the_edge_of_time_do_not_break_the_journal(client, site, day, end):
    client.force_login(MemberFactory(username="kiemtra", roles=[(Role.AUDITOR, site)]))

    assert client.get(reverse("facility:journal"), {end: day}).status_code == 200
