from __future__ import annotations

import contextlib

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.lib.phones import (
    OLD_PREFIXES,
    PhoneExtensionApart,
    PhoneInvalid,
    PhoneKind,
    display,
    parse_phone,
    search_digits,
    split_phones,
    tail,
    tel_uri,
)


@pytest.mark.parametrize(
    ("raw", "e164"),
    [
        ("0912345678", "+84912345678"),
        ("84912345678", "+84912345678"),
        ("912345678", "+84912345678"),
        ("0084912345678", "+84912345678"),
        ("(+84) 912.345.678", "+84912345678"),
        ("+84 (0) 912 345 678", "+84912345678"),
        ("0912-345-678", "+84912345678"),
        ("0912\u00a0345\u00a0678\u202c", "+84912345678"),
        ("'0912345678", "+84912345678"),
        ("０９１２３４５６７８", "+84912345678"),
        (912345678, "+84912345678"),
        (912345678.0, "+84912345678"),
        ("912345678.0", "+84912345678"),
        ("9.12345678E8", "+84912345678"),
        ("SĐT: 0912 345 678", "+84912345678"),
        ("0912345678 (mẹ)", "+84912345678"),
        ("01651234567", "+84351234567"),
        ("1651234567", "+84351234567"),
        ("+841651234567", "+84351234567"),
        ("02838221234", "+842838221234"),
        (2838221234, "+842838221234"),
        ("19009095", "+8419009095"),
        ("+1 650-253-0000", "+16502530000"),
        ("001 650 253 0000", "+16502530000"),
    ],
)
def test_every_spelling_is_one_number(raw, e164):
    assert parse_phone(raw).e164 == e164


@pytest.mark.parametrize(
    ("raw", "kind", "sms"),
    [
        ("0912345678", PhoneKind.MOBILE, True),
        ("028 3822 1234", PhoneKind.LANDLINE, False),
        ("1800 1234", PhoneKind.TOLL_FREE, False),
        ("1900 9095", PhoneKind.PREMIUM, False),
        ("+1 650 253 0000", PhoneKind.FOREIGN, True),
    ],
)
def test_only_some_numbers_take_messages(raw, kind, sms):
    phone = parse_phone(raw)

    assert (phone.kind, phone.may_receive_sms) == (kind, sms)


@pytest.mark.parametrize(
    "raw",
    ["", " ", "abc", "113", "0912", "0000000000", "09123456789", "0912345678/0987654321", "555-123-4567", "=1+1",
     "0912abc678", "9" * 100_000, True, float("nan"), float("inf"), -912345678, "21/11/1985"],
)  # fmt: skip
def test_what_is_no_number_is_refused_by_name(raw):
    with pytest.raises(PhoneInvalid) as refusal:
        parse_phone(raw)

    assert len(str(refusal.value)) < 200


def test_an_extension_is_not_lost_in_silence():
    with pytest.raises(PhoneExtensionApart):
        parse_phone("028 3822 1234 ext 102")
    with pytest.raises(PhoneExtensionApart):
        parse_phone("028 3822 1234 (máy lẻ 102)".replace("(", "").replace(")", ""))


@pytest.mark.parametrize(("old", "new"), OLD_PREFIXES.items())
def test_old_prefixes_lead_to_todays_numbers(old, new):
    phone = parse_phone(f"0{old}1234567")

    assert phone.e164 == f"+84{new}1234567"
    assert phonenumbers.is_valid_number(phonenumbers.parse(phone.e164))


@given(st.from_regex(r"[35789][0-9]{8}", fullmatch=True))
def test_the_fast_path_agrees_with_the_library(digits):
    number = phonenumbers.parse("+84" + digits)
    known = (
        phonenumbers.is_valid_number(number)
        and phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
    )

    try:
        mobile = parse_phone("0" + digits).kind is PhoneKind.MOBILE
    except PhoneInvalid:
        mobile = False

    assert mobile == known


@given(st.from_regex(r"(3[2-9]|7[06-9]|8[1-5]|9[0-46-8])[0-9]{7}", fullmatch=True))
def test_a_number_shown_is_read_back(digits):
    e164 = "+84" + digits

    assert parse_phone(display(e164)).e164 == e164
    assert parse_phone(tel_uri(e164).removeprefix("tel:")).e164 == e164
    assert {search_digits(prefix + digits) for prefix in ("", "0", "84", "+84", "0084", "+84 0")} == {digits}


@given(st.text(max_size=60) | st.integers() | st.floats())
def test_anything_is_a_number_or_refused(raw):
    with contextlib.suppress(PhoneInvalid):
        assert parse_phone(raw).e164.startswith("+")
    with contextlib.suppress(PhoneInvalid):
        assert all(any(character.isdigit() for character in number) for number in split_phones(raw))
    search_digits(str(raw))


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("0912345678", ["0912345678"]),
        ("0912345678/0987654321", ["0912345678", "0987654321"]),
        ("0912 345 678, 0987 654 321;02838221234", ["0912 345 678", "0987 654 321", "02838221234"]),
        ("0912345678-0987654321", ["0912345678", "0987654321"]),
        ("0912-345-678 - 0987-654-321", ["0912-345-678", "0987-654-321"]),
        ("0912-345-678", ["0912-345-678"]),
        ("0912345678 hoặc 0987654321", ["0912345678", "0987654321"]),
        ("0912 345 678 0987 654 321", ["0912 345 678", "0987 654 321"]),
        ("0912345678\n01651234567", ["0912345678", "01651234567"]),
        ("Mẹ: 0912345678; Bố: 0987654321", ["Mẹ: 0912345678", "Bố: 0987654321"]),
        (912345678.0, ["912345678"]),
        ("không có", []),
        ("", []),
    ],
)
def test_one_cell_may_hold_several_numbers(cell, numbers):
    assert split_phones(cell) == numbers


@pytest.mark.parametrize(
    ("e164", "shown"),
    [
        ("+84912345678", "0912 345 678"),
        ("+842838221234", "028 3822 1234"),
        ("+8419009095", "1900 9095"),
        ("+16502530000", "+1 650-253-0000"),
        ("no number", "no number"),
    ],
)
def test_numbers_are_shown_as_people_read_them(e164, shown):
    assert display(e164) == shown


def test_a_tap_calls_what_answers():
    assert tel_uri("+84912345678") == "tel:+84912345678"
    assert tel_uri("+8419009095") == "tel:19009095"


def test_the_front_desk_asks_for_the_last_digits():
    assert tail("+84912345678") == "5678"
    assert tail("+84912345678", 6) == "345678"


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("5678", "5678"),
        ("0123", "0123"),
        ("345 678", "345678"),
        ("0912.345", "912345"),
        ("+84 912", "912"),
        ("84912345678", "912345678"),
        ("01651234567", "351234567"),
        ("Lan", None),
        ("12", None),
        ("21/11/1985", None),
        ("21-11-1985", None),
        ("BN-000123", None),
        ("+", None),
        ("9" * 20, None),
    ],
)
def test_a_search_knows_a_telephone_number_when_it_sees_one(text, digits):
    assert search_digits(text) == digits
