"""Sheets typed in fonts of before Unicode are read, or refused; never taken as they look (B5)."""

from __future__ import annotations

import io

import openpyxl
import pytest

from tantam.exchange.engine.readers import FileRefused
from tantam.exchange.engine.sheets.legacy import from_tcvn3, from_vni
from tantam.exchange.tests.test_says_everything import patients, read

VNI = {
    "Nguyễn Thị Ánh Hằng": "Nguyeãn Thò AÙnh Haèng",
    "Đặng Quốc Đạt": "Ñaëng Quoác Ñaït",
    "Huỳnh Ngọc Quỳnh": "Huyønh Ngoïc Quyønh",
    "Trần Phương Thảo": "Traàn Phöông Thaûo",
    "Vũ Thị Mỹ Kỳ": "Vuõ Thò Myõ Kyø",
    "Lê Ưng Ý": "Leâ Öng YÙ",
    "Bùi Xuân Trường": "Buøi Xuaân Tröôøng",
    "Hồ Đắc Thuấn": "Hoà Ñaéc Thuaán",
    "Lý Thúy Ngà": "Lyù Thuùy Ngaø",
    "Tạ Nghĩa Ôn": "Taï Nghóa OÂn",
    "Ngô Hoài Sơn": "Ngoâ Hoaøi Sôn",
    "Phạm Ẩn Hộ": "Phaïm AÅn Hoä",
}
TCVN3 = {
    "Đặng Quốc Đạt": "§Æng Quèc §¹t",
    "Huỳnh Ngọc Quỳnh": "Huúnh Ngäc Quúnh",
    "Trần Phương Thảo": "TrÇn Ph\u00ad¬ng Th¶o",
    "Bùi Xuân Trường": "Bïi Xu©n Tr\u00adêng",
    "Hồ Đắc Thuấn": "Hå §¾c ThuÊn",
    "Lý Thúy Ngà": "Lý Thóy Ngµ",
    "Ngô Hoài Sơn": "Ng« Hoµi S¬n",
}


@pytest.mark.parametrize(("name", "written"), VNI.items())
def test_vni_is_read(name, written):
    assert from_vni(written) == name
    assert from_vni(written.upper()) == name.upper()


@pytest.mark.parametrize(("name", "written"), TCVN3.items())
def test_tcvn3_is_read(name, written):
    assert from_tcvn3(written) == name


def test_every_letter_comes_back_from_tcvn3():
    small = "àảãáạăằẳẵắặâầẩẫấậèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵđ"
    back = {from_tcvn3(chr(code)): chr(code) for code in range(0xA1, 0xFF)}

    assert from_tcvn3("".join(back[letter] for letter in small)) == small


@pytest.mark.parametrize("kind", ["bytes", "workbook"])
@pytest.mark.parametrize("table", [VNI, TCVN3], ids=["vni", "tcvn3"])
def test_a_sheet_in_an_old_font_is_read(table, kind):
    people = [[written, "01/02/1960", f"091234567{n % 10}"] for n, written in enumerate(table.values())]
    rows = [["Ho ten", "Ngay sinh", "SDT"], *people]
    if kind == "bytes":
        content = "\n".join(";".join(row) for row in rows).encode("latin-1")
    else:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        out = io.BytesIO()
        book.save(out)
        content = out.getvalue()

    assert [item.full_name for item in patients(read(content))] == list(table)


def test_letters_nobody_can_tell_are_refused_with_a_sentence():
    content = b"Ho ten;Ngay sinh;SDT\n" + b"\x8a\x9d\xbf\xa4 \xd7\xf7\xa6;01/02/1960;0912345678\n" * 3

    with pytest.raises(FileRefused) as refused:
        read(content)

    assert refused.value.problem.code == "letters_unknown"
    assert "TCVN3" in refused.value.problem.sentence


def test_names_of_other_countries_are_left_as_they_are():
    (person,) = patients(read("Ho ten;Ngay sinh;SDT\nJosé Müller;01/02/1960;0912345678\n"))

    assert person.full_name == "José Müller"
