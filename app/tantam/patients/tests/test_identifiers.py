from __future__ import annotations

from datetime import date

import pytest
from django.apps import apps
from django.urls import reverse

from tantam.journal.models import Entry
from tantam.patients.errors import IdentifierHeld, IdentifierNeeded
from tantam.patients.models import Identifier
from tantam.patients.models.identifier import IDENTITY_NUMBER, INSURANCE_NUMBER, OWN_CODE, source_system
from tantam.patients.operations import end_identifier, identify
from tantam.patients.privacy import export
from tantam.patients.queries.changes import changes_of
from tantam.patients.queries.identifiers import identifiers_of, patients_identified
from tantam.patients.queries.search import search_patients
from tantam.privacy.registries.personal_data import destroy
from tests.factories.patients import PatientFactory

pytestmark = pytest.mark.django_db

HOA_SEN, VIET_DUC = source_system(1), source_system(2)


@pytest.fixture
def lan():
    return PatientFactory(
        code="BN-900017",
        full_name="Nguyễn Thị Lan",
        identity_number="001164012345",
        insurance_number="GD4010116401234",
    )


@pytest.fixture
def nam():
    return PatientFactory(full_name="Trần Văn Nam", sex="male")


def test_two_sites_that_number_alike_mean_two_people(lan, nam, mai):
    identify(lan, system=HOA_SEN, value="00017", label="Hoa Sen", actor=mai)
    identify(nam, system=VIET_DUC, value="00017", label="Việt Đức", actor=mai)

    assert patients_identified(HOA_SEN, ["00017", "00018"]) == {"00017": lan.pk}
    assert patients_identified(VIET_DUC, ["00017"]) == {"00017": nam.pk}
    assert patients_identified(OWN_CODE, ["00017", "BN-900017"]) == {"BN-900017": lan.pk}


def test_in_its_space_a_code_means_one_person(lan, nam, mai):
    identify(lan, system=HOA_SEN, value="00017", actor=mai)

    with pytest.raises(IdentifierHeld) as refused:
        identify(nam, system=HOA_SEN, value=" 00017 ", actor=mai)

    assert refused.value.patient_id == lan.pk
    assert Identifier.objects.get().patient == lan


def test_said_again_nothing_changes(lan, mai):
    first = identify(lan, system=HOA_SEN, value="hs 17", label="Hoa Sen", actor=mai)

    assert identify(lan, system=HOA_SEN, value="HS  17", label="Hoa Sen", actor=mai) == first
    assert Entry.objects.filter(event="patients.identifier:added").count() == 1
    assert "17" not in str(Entry.objects.get(event="patients.identifier:added").details)


@pytest.mark.parametrize("value", ["", "  ", "\x00", "9" * 81])
def test_a_code_is_something_short(lan, mai, value):
    with pytest.raises(IdentifierNeeded):
        identify(lan, system=HOA_SEN, value=value, actor=mai)


def test_zeros_in_front_tell_codes_apart(lan, nam, mai):
    identify(lan, system=HOA_SEN, value="017", actor=mai)
    identify(nam, system=HOA_SEN, value="17", actor=mai)

    assert patients_identified(HOA_SEN, ["017", "17"]) == {"017": lan.pk, "17": nam.pk}


def test_a_number_that_ended_may_mean_another(lan, nam, mai):
    old = identify(lan, system=HOA_SEN, value="17", actor=mai)
    end_identifier(old, on=date(2026, 1, 31), actor=mai)
    identify(nam, system=HOA_SEN, value="17", actor=mai)

    assert patients_identified(HOA_SEN, ["17"]) == {"17": nam.pk}
    assert [(one.value, one.is_current) for one in identifiers_of(lan)] == [("17", False)]


def test_cards_are_asked_like_codes(lan, nam):
    assert patients_identified(IDENTITY_NUMBER, ["001164012345", "", "9"]) == {"001164012345": lan.pk}
    assert patients_identified(INSURANCE_NUMBER, ["GD4010116401234"]) == {"GD4010116401234": lan.pk}


def test_a_card_that_two_people_have_means_nobody(lan):
    PatientFactory(insurance_number="GD4010116401234")

    assert patients_identified(INSURANCE_NUMBER, ["GD4010116401234"]) == {}


def test_thousands_are_asked_at_once(lan, mai, django_assert_num_queries):
    identify(lan, system=HOA_SEN, value="4711", actor=mai)

    with django_assert_num_queries(1):
        assert patients_identified(HOA_SEN, [str(number) for number in range(10_000)]) == {"4711": lan.pk}


@pytest.mark.parametrize("typed", ["HS/24.001", "hs/24.001", " HS/24.001 "])
def test_a_hospitals_own_number_finds_the_patient(lan, nam, mai, typed):
    identify(lan, system=HOA_SEN, value="HS/24.001", label="Hoa Sen", actor=mai)

    assert [one.name for one in search_patients(typed).patients] == ["Nguyễn Thị Lan"]


@pytest.mark.parametrize("value", ["24.001234", "00017", "AB 17", "HS-17"])
def test_numbers_of_every_spelling_are_found(lan, mai, value):
    identify(lan, system=HOA_SEN, value=value, actor=mai)

    assert [one.id for one in search_patients(value).patients] == [lan.pk]


def test_the_details_page_says_whose_number_it_is(client, lan, mai):
    identify(lan, system=HOA_SEN, value="HS-17", label="Bệnh viện Hoa Sen", actor=mai)
    client.force_login(mai)

    page = client.get(reverse("patients:details", args=[lan.pk])).content.decode()

    assert "Bệnh viện Hoa Sen" in page
    assert "HS-17" in page


def test_the_history_says_when_it_ended(lan, mai):
    number = identify(lan, system=HOA_SEN, value="HS-17", label="Hoa Sen", actor=mai)
    end_identifier(number, on=date(2026, 1, 31), actor=mai)

    changes = changes_of(lan)
    assert [change.subject for change in changes] == ["HS-17", "HS-17"]
    assert [(one.old, one.new) for change in changes for one in change.fields] == [("", "31/01/2026")]


def test_it_is_given_out_and_destroyed_with_the_rest(lan, mai):
    number = identify(lan, system=HOA_SEN, value="HS-17", label="Hoa Sen", actor=mai)
    end_identifier(number, actor=mai)

    assert export(lan.pk)["identifiers"][0]["value"] == "HS-17"
    destroy(lan.pk)
    assert not Identifier.objects.exists()
    assert not apps.get_model("patients", "IdentifierEvent").objects.exists()
