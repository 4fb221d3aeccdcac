from __future__ import annotations

import pytest

from tantam.lib.numbers import whole_number


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("42", 42), ("9" * 18, 10**18 - 1)])
def test_digits_are_a_number(text, number):
    assert whole_number(text) == number


@pytest.mark.parametrize(
    "text", [None, "", "-1", "+1", "1.0", " 1", "²", "٣", "9" * 19, "9" * 5_000, "1\x00"]
)
def test_anything_else_is_none(text):
    assert whole_number(text) is None
