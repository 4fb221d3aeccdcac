from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.lib.identity import (
    BIRTH_PROVINCES,
    CitizenNumberInvalid,
    InsuranceNumberInvalid,
    citizen_number_warnings,
    parse_citizen_number,
    parse_insurance_number,
)


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("087084000999", "087084000999"),
        ("087 084 000 999", "087084000999"),
        ("087.084.000-999", "087084000999"),
        ("012345678", "012345678"),
        (87084000999, "087084000999"),
        ("87084000999", "087084000999"),
        ("87084000999.0", "087084000999"),
        (1084000999.0, "001084000999"),
        (12345678, "012345678"),
    ],
)
def test_identity_numbers_in_every_spelling(raw, number):
    assert parse_citizen_number(raw) == number


@pytest.mark.parametrize(
    "raw", ["", "123", "0912345678", "1084000999", "08708400099", "ABCDEFGHI", "9" * 1_000, "０" * 12]
)
def test_what_is_no_identity_number_is_refused(raw):
    with pytest.raises(CitizenNumberInvalid):
        parse_citizen_number(raw)


@given(st.sampled_from(sorted(BIRTH_PROVINCES)), st.from_regex(r"[0-3][0-9]{8}", fullmatch=True))
def test_a_sheet_that_ate_the_zeros_loses_nobody(province, rest):
    assert parse_citizen_number(int(province + rest)) == province + rest


@pytest.mark.parametrize(
    ("number", "sex", "year", "warnings"),
    [
        ("087084000999", "male", 1984, 0),
        ("087084000999", "female", 1984, 1),
        ("087084000999", "male", 1985, 1),
        ("087084000999", "female", 1985, 2),
        ("087084000999", "unknown", None, 0),
        ("001305000001", "female", 2005, 0),
        ("012345678", "female", 1985, 0),
    ],
)
def test_a_number_that_disagrees_with_the_person_warns(number, sex, year, warnings):
    assert len(citizen_number_warnings(number, sex, year)) == warnings


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("DN 4 01 0123456789", "DN4010123456789"),
        ("dn4010123456789", "DN4010123456789"),
        ("0123456789", "0123456789"),
        (123456789, "0123456789"),
        ("087084000999", "087084000999"),
        (87084000999, "087084000999"),
    ],
)
def test_insurance_numbers_old_and_new(raw, number):
    assert parse_insurance_number(raw) == number


@pytest.mark.parametrize("raw", ["", "DN9010123456789", "12345", "D14010123456789", "DN401012345678"])
def test_what_is_no_insurance_number_is_refused(raw):
    with pytest.raises(InsuranceNumberInvalid):
        parse_insurance_number(raw)
