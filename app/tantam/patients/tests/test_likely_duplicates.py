"""Whether somebody is registered already (A9)."""

from __future__ import annotations

from datetime import date

import pytest

from tantam.lib.dates import Birth
from tantam.patients.models import PatientStatus
from tantam.patients.queries.likely import Person, Reason, identity_holders, likely_duplicates
from tantam.patients.rules.same_person import names_alike
from tests.factories.patients import ContactPointFactory, PatientFactory


@pytest.fixture
def hang(site):
    return PatientFactory(
        full_name="Nguyễn Thị Hằng", birth_year=1985, birth_date=date(1985, 3, 12), sex="female",
        phone="0912345678", identity_number="087185000999", insurance_number="4797912345",
    )  # fmt: skip


SAME_PHONE = {"phones": ("+84912345678",)}
SAME_NAME = {"full_name": "Nguyễn Thị Hằng"}
BORN = Birth(1985, date(1985, 3, 12))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("person", "reasons", "must_be_answered"),
    [
        pytest.param({"identity_number": "087185000999"}, [Reason.IDENTITY], True, id="identity"),
        pytest.param({"insurance_number": "4797912345"}, [Reason.INSURANCE], True, id="insurance"),
        pytest.param(
            SAME_PHONE | {"full_name": "Nguyen Hang"}, [Reason.PHONE_AND_NAME], True, id="phone-and-name"
        ),
        pytest.param(
            SAME_PHONE | {"full_name": "Nguyễn Thị Hăngf"}, [Reason.PHONE_AND_NAME], True, id="a-slip"
        ),
        pytest.param(SAME_PHONE | {"full_name": "Lê Gia Bảo"}, [Reason.PHONE], False, id="family"),
        pytest.param(
            {"full_name": "nguyen thi hang", "birth": Birth(1985)}, [Reason.NAME_AND_YEAR], True, id="year"
        ),
        pytest.param(
            {"full_name": "Hang Nguyen Thi", "birth": BORN}, [Reason.NAME_AND_DATE], True, id="any-order"
        ),
        pytest.param(SAME_NAME | {"birth": Birth(1985, date(1985, 3, 13))}, None, False, id="another-day"),
        pytest.param(SAME_NAME | {"birth": Birth(1986)}, None, False, id="another-year"),
        pytest.param(SAME_NAME | {"birth": Birth(1985), "sex": "male"}, None, False, id="another-sex"),
        pytest.param(SAME_NAME, None, False, id="a-name-alone-says-nothing"),
        pytest.param({}, None, False, id="nothing-typed"),
    ],
)
def test_who_is_like_whom(hang, person, reasons, must_be_answered):
    found = likely_duplicates(Person(**person))

    assert [list(one.reasons) for one in found] == ([reasons] if reasons else [])
    assert any(one.must_be_answered for one in found) == must_be_answered


@pytest.mark.django_db
def test_the_strongest_reason_comes_first(hang):
    namesake = PatientFactory(full_name="Nguyễn Thị Hằng", birth_year=1985)
    sister = PatientFactory(full_name="Nguyễn Thị Hạnh", birth_year=1990)
    ContactPointFactory(patient=sister, raw="0912345678")

    found = likely_duplicates(
        Person(
            full_name="Nguyễn Thị Hằng",
            birth=Birth(1985),
            phones=("+84912345678",),
            identity_number="087185000999",
        )
    )

    assert [one.patient.id for one in found[:1]] == [hang.pk]
    assert {one.patient.id for one in found} == {hang.pk, namesake.pk, sister.pk}
    assert found[0].is_same_identity


@pytest.mark.django_db
def test_a_year_that_is_not_known_only_informs(site):
    PatientFactory(full_name="Nguyễn Thị Hằng", birth_year=None)

    (found,) = likely_duplicates(Person(full_name="Nguyễn Thị Hằng", birth=Birth(1985)))

    assert found.reasons == (Reason.NAME,)
    assert not found.must_be_answered


@pytest.mark.django_db
def test_the_patient_being_corrected_is_left_out(hang):
    assert likely_duplicates(Person(identity_number="087185000999"), but=hang.pk) == []


@pytest.mark.django_db
def test_a_number_of_someone_gone_informs_but_is_not_held(hang):
    hang.status = PatientStatus.DECEASED
    hang.save(update_fields=["status"])

    (found,) = likely_duplicates(Person(identity_number="087185000999"))

    assert not found.is_same_identity
    assert identity_holders([hang.identity_index]) == {}


@pytest.mark.django_db
def test_asking_is_one_statement(hang, django_assert_num_queries):
    likely_duplicates(Person(full_name="Nguyễn Thị Hằng", birth=Birth(1985)))

    with django_assert_num_queries(1):
        likely_duplicates(Person(full_name="Nguyễn Thị Hằng", birth=Birth(1985), phones=("+84912345678",)))


@pytest.mark.parametrize(
    ("first", "second", "alike"),
    [
        ("nguyen thi hang", "nguyen hang", True),
        ("nguyen thi hang", "hang nguyen thi", True),
        ("nguyen thi hang", "nguyen thi hanh", True),
        ("nguyen thi hang", "le gia bao", False),
        ("nguyen thi hang", "", False),
    ],
)
def test_names_alike(first, second, alike):
    assert names_alike(first, second) == alike
