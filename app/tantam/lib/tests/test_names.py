from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.lib import names

VIETNAMESE = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
written = st.text(alphabet=VIETNAMESE + VIETNAMESE.upper() + "  -'", max_size=40)


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("NGUYỄN THỊ  HOÀNG ANH", "Nguyễn Thị Hoàng Anh"),
        ("  trần văn b\t", "Trần Văn B"),
        ("H'HEN NIÊ", "H'Hen Niê"),
        ("Y-BLƠ MLÔ", "Y-Blơ Mlô"),
        ("Lê Thị McDonald", "Lê Thị McDonald"),
        ("LÊ\u200b LAN\x00", "Lê Lan"),
        ("王小明", "王小明"),
    ],
)
def test_names_are_tidied_and_otherwise_kept(raw, name):
    assert names.clean_name(raw) == name


def test_names_are_stored_composed():
    nfd = unicodedata.normalize("NFD", "Nguyễn Thị Hoàng Anh")

    assert len(nfd) == 24
    assert len(names.clean_name(nfd)) == 20


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Nguyễn Thị Đào", "nguyen thi dao"),
        ("Đặng Thuý Hường", "dang thuy huong"),
        ("hòa", "hoa"),
        ("hoà", "hoa"),
        ("  LÊ   văn Ư ", "le van u"),
        ("Đỗ Bảo Ngọc Strauß", "do bao ngoc strauss"),
        ("王 小明", "王 小明"),
    ],
)
def test_names_fold_to_what_people_type(name, folded):
    assert names.fold(name) == folded
    assert names.fold(unicodedata.normalize("NFD", name)) == folded


@given(written)
def test_cleaning_and_folding_are_stable(raw):
    name = names.clean_name(raw)
    folded = names.fold(raw)

    assert names.clean_name(name) == name
    assert folded.isascii()
    assert names.fold(folded) == folded == names.fold(raw.upper()) == names.fold(raw.lower())


@given(written)
def test_words_turned_twice_are_as_before(raw):
    folded = names.fold(raw)

    assert names.reversed_words(names.reversed_words(folded)) == folded
    assert names.first_word(folded) == names.last_word(names.reversed_words(folded))


@pytest.mark.parametrize(
    ("age", "sex", "salutation"),
    [
        (3, "female", "bé"),
        (15, "male", "em"),
        (30, "male", "anh"),
        (30, "female", "chị"),
        (55, "male", "chú"),
        (55, "female", "cô"),
        (70, "male", "bác"),
        (70, "unknown", "bác"),
        (30, "unknown", "anh/chị"),
        (55, "other", "anh/chị"),
        (None, "female", "chị"),
        (None, "unknown", "anh/chị"),
    ],
)
def test_people_are_addressed_by_age_and_sex(age, sex, salutation):
    assert names.salutation(age, sex) == salutation


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Nguyễn Thị Ánh", "NÁ"), ("đào", "Đ"), ("(Bé) Lan", "BL"), ("", "?"), ("…", "?"), ("王小明", "王")],
)
def test_an_avatar_has_initials(name, initials):
    assert names.initials(name) == initials


def test_the_given_name_is_the_last_word():
    assert names.given_name("Nguyễn Thị Hoàng Anh ") == "Anh"
    assert names.given_name("") == names.first_word("") == ""
