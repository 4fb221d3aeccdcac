"""No list of patients is read without a trace (D9)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from tantam.journal.models import Entry, Listing
from tantam.journal.models.listings import MOST_NAMED
from tantam.journal.operations import note_list
from tests.factories.patients import PatientFactory

pytestmark = pytest.mark.django_db

NOW = timedelta(seconds=-1)


def listed():
    Listing.objects.write_down(quiet_for=NOW)
    return Entry.objects.filter(event="journal.list:shown")


def test_what_is_typed_counts_once(mai, django_assert_num_queries):
    with django_assert_num_queries(3):
        note_list(mai, "search", [3, 1])
        note_list(mai, "search", [1])
        note_list(mai, "search", [7, 1])

    (entry,) = listed()

    assert entry.actor == mai
    assert entry.details == {"kind": "search", "patients": [1, 3, 7], "count": 3, "times": 3}
    assert not Listing.objects.exists()


def test_an_entry_says_how_many_there_were_even_when_it_cannot_name_them_all(mai):
    for first in range(0, 3_000, 30):
        note_list(mai, "search", range(first, first + 30))
    note_list(mai, "search", [0, 1, 2])

    (entry,) = listed()

    assert (len(entry.details["patients"]), entry.details["times"]) == (MOST_NAMED, 101)
    assert entry.details["count"] in range(3_000, 3_004)


def test_a_list_still_growing_waits(mai):
    note_list(mai, "search", [1])

    assert Listing.objects.write_down() == 0


def test_an_empty_list_leaves_nothing(mai):
    note_list(mai, "search", [])

    assert not Listing.objects.exists()


@pytest.mark.parametrize("name", ["desk:search", "patients:find"])
def test_a_search_says_whom_it_showed(client, mai, name):
    patient = PatientFactory(full_name="Nguyễn Thị Hằng")
    client.force_login(mai)

    client.get(reverse(name), {"q": "nguyen thi hang"})

    (entry,) = listed()
    assert entry.details["patients"] == [patient.pk]


def test_who_looks_at_very_much_is_told_and_nobody_is_stopped(mai, site):
    from tantam.accounts.permissions import Role
    from tantam.journal.models import BellItem
    from tantam.privacy.operations.watching import tell_of_many_looks
    from tantam.privacy.policy import LookPolicy
    from tests.factories.accounts import MemberFactory

    officer = MemberFactory(username="phuc", roles=[(Role.PRIVACY_OFFICER, site)])
    for _ in range(4):
        note_list(mai, "search", [1])
    listed()

    assert tell_of_many_looks(LookPolicy(lists_a_minute=4), actor=None) == 0
    assert tell_of_many_looks(LookPolicy(lists_a_minute=3), actor=None) == 1
    assert tell_of_many_looks(LookPolicy(lists_a_minute=3), actor=None) == 0

    (item,) = BellItem.objects.all()
    assert (item.member, item.details["member"]) == (officer, mai.pk)
