"""What may not be seen, what nobody asked and what is none are three sentences, wherever a patient stands."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tantam.accounts.permissions import Role
from tantam.lib.errors import Refusal
from tantam.records.operations import note_no_allergies
from tests.factories.accounts import MemberFactory
from tests.factories.patients import PatientFactory
from tests.factories.records import AllergyFactory
from tests.proof import prove

WITHHELD, UNKNOWN, NONE = "Bạn không có quyền xem dị ứng", "Chưa hỏi dị ứng", "Không dị ứng"
PAGES = ("desk:patient", "desk:timeline", "patients:details", "patients:history")


@pytest.fixture
def penicillin(site):
    return AllergyFactory(agent="Penicillin").patient


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", [Role.CASHIER, Role.PRIVACY_OFFICER])
def test_who_may_not_see_allergies_is_told_so_over_a_known_one(client, site, penicillin, role, page):
    member = MemberFactory(roles=[(role, site)])
    client.force_login(member)
    session = client.session
    prove(session, member)
    session.save()
    html = client.get(reverse(page, args=[penicillin.pk])).content.decode()
    assert WITHHELD in html
    assert "Penicillin" not in html
    assert UNKNOWN not in html
    assert NONE not in html


@pytest.mark.parametrize("page", [*PAGES, "records:allergies"])
def test_nobody_asked_and_asked_and_none_are_not_the_same(client, receptionist, page):
    patient = PatientFactory()
    client.force_login(receptionist)
    address = reverse(page, args=[patient.pk])
    before = client.get(address).content.decode()
    assert UNKNOWN in before
    assert NONE not in before

    client.post(reverse("records:allergies-none", args=[patient.pk]))

    after = client.get(address).content.decode()
    assert NONE in after
    assert UNKNOWN not in after


def test_nobody_says_none_over_a_known_allergy(penicillin, mai):
    with pytest.raises(Refusal, match="Penicillin"):
        note_no_allergies(penicillin, actor=mai)
    penicillin.refresh_from_db()
    assert penicillin.allergies_asked_on is None
