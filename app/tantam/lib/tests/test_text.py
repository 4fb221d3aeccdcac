from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.lib.sheets_out import safe_cell
from tantam.lib.text import TextTooLong, clean_text, shorten


def test_controls_go_and_lines_stay():
    assert clean_text("a\x00b\x07\r\nc\rd\te\u202e\ud800 ", max_length=20) == "ab\nc\nd\te"


def test_text_is_stored_composed():
    assert (
        clean_text(unicodedata.normalize("NFD", "Nguyễn Thị Hoàng Anh"), max_length=20)
        == "Nguyễn Thị Hoàng Anh"
    )


def test_joined_emoji_stay_joined():
    assert clean_text("👨\u200d👩\u200d👧", max_length=9) == "👨\u200d👩\u200d👧"


@pytest.mark.parametrize("text", ["x" * 11, "x" * 1_000_000])
def test_text_is_refused_rather_than_cut(text):
    with pytest.raises(TextTooLong):
        clean_text(text, max_length=10)


@given(st.text(alphabet=st.characters(), max_size=200))
def test_whatever_is_pasted_can_be_stored(raw):
    text = clean_text(raw, max_length=10_000)

    assert "\x00" not in text
    assert text.encode().decode() == text
    assert clean_text(text, max_length=10_000) == text


@given(st.text(), st.integers(1, 50))
def test_shortened_text_fits(text, length):
    assert len(shorten(text, length)) <= length


def test_shortened_text_says_so():
    assert shorten("đau bụng  âm ỉ", 20) == "đau bụng âm ỉ"
    assert shorten("đau bụng âm ỉ", 9) == "đau bụng…"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+84912345678", "'+84912345678"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("＝1+1", "'＝1+1"),
        ("Nguyễn = Lan", "Nguyễn = Lan"),
        ("a\x00b", "ab"),
        (-5, -5),
        (None, ""),
    ],
)
def test_no_cell_we_write_is_a_formula(value, cell):
    assert safe_cell(value) == cell
