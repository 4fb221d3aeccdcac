from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.lib.money import MoneyInvalid, allocate, format_vnd, parse_vnd


@pytest.mark.parametrize(
    ("raw", "amount"),
    [
        ("1.250.000 ₫", 1_250_000),
        ("1,250,000đ", 1_250_000),
        ("1 250 000", 1_250_000),
        ("1250000", 1_250_000),
        ("1250000.00", 1_250_000),
        ("1.250.000,00 VND", 1_250_000),
        ("1.250", 1_250),
        ("500k", 500_000),
        ("1,5 triệu", 1_500_000),
        ("1.5tr", 1_500_000),
        ("2 tỷ", 2_000_000_000),
        ("-5.000", -5_000),
        (-5_000, -5_000),
        (1_250_000.0, 1_250_000),
        ("0", 0),
    ],
)
def test_amounts_as_people_type_them(raw, amount):
    assert parse_vnd(raw) == amount


@pytest.mark.parametrize(
    "raw", ["", "abc", "12.5", 12.5, "1.25.000", "1,250.000", "1,23456k", True, float("nan"), "1" * 500]
)
def test_what_is_no_amount_is_refused(raw):
    with pytest.raises(MoneyInvalid):
        parse_vnd(raw)


@given(st.integers(-(10**15), 10**15))
def test_an_amount_shown_is_read_back(amount):
    assert parse_vnd(format_vnd(amount)) == amount


def test_an_amount_is_shown_with_dots():
    assert format_vnd(1_250_000) == "1.250.000 ₫"


@given(
    st.integers(-(10**12), 10**12),
    st.lists(st.integers(0, 10**6), min_size=1, max_size=30).filter(any),
)
def test_nothing_is_lost_when_an_amount_is_divided(amount, weights):
    shares = allocate(amount, weights)

    assert sum(shares) == amount
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share * sum(weights) - amount * weight) < sum(weights)


def test_the_largest_remainder_gets_the_last_dong():
    assert allocate(100, [1, 1, 1]) == [34, 33, 33]
    assert allocate(10, [1, 2, 0]) == [3, 7, 0]
    assert allocate(-100, [1, 1, 1]) == [-34, -33, -33]


@pytest.mark.parametrize("weights", [[0, 0], [2, -1], []])
def test_weights_that_divide_nothing_are_an_error(weights):
    with pytest.raises(ValueError, match="weights"):
        allocate(1, weights)
