"""Vietnamese names by their frequencies, for the demonstration and the benchmarks.

Shares of family names are per thousand of the population; middle and given names by sex and generation.
"""

from __future__ import annotations

from random import Random
from typing import Final

FAMILIES: Final = {
    "Nguyễn": 384, "Trần": 121, "Lê": 95, "Phạm": 70, "Huỳnh": 29, "Hoàng": 22, "Phan": 45, "Võ": 22, "Vũ": 17,
    "Đặng": 21, "Bùi": 20, "Đỗ": 14, "Hồ": 13, "Ngô": 13, "Dương": 10, "Lý": 5, "Đinh": 8, "Trương": 12, "Đoàn": 8,
    "Lâm": 7, "Mai": 7, "Trịnh": 6, "Đào": 7, "Cao": 6, "Lương": 6, "Hà": 5, "Tạ": 4, "Châu": 4, "Tô": 4, "Thái": 4,
    "Quách": 2, "Vương": 3, "Kiều": 2, "Tăng": 3, "La": 2, "Lưu": 4, "Triệu": 2, "Thạch": 2, "Sơn": 1, "Tôn Nữ": 1,
    "Văn": 2, "Ninh": 1, "Nghiêm": 1, "Khổng": 1, "Nông": 1, "Hứa": 2, "Phùng": 4, "Giang": 2, "Đàm": 2, "Chu": 4,
}  # fmt: skip

_MIDDLE: Final = {
    ("male", "old"): "Văn Văn Văn Văn Văn Đình Hữu Đức Công Quang Ngọc Xuân Bá Thế Minh",
    ("male", "grown"): "Văn Văn Văn Minh Đức Quốc Hữu Hoàng Thanh Anh Ngọc Tuấn Quang Công Trọng Duy Xuân Chí Thành",
    ("male", "young"): "Minh Gia Hoàng Đức Nhật Quốc Bảo Tuấn Anh Thiên Hải Khánh Đăng Hữu Duy Phúc Trí",
    ("female", "old"): "Thị Thị Thị Thị Thị Thị Thị Ngọc Kim Thị_Kim Thị_Ngọc",
    ("female", "grown"): (
        "Thị Thị Thị Thị Ngọc Thu Thanh Thị_Thanh Thị_Thu Kim Phương Hồng Thùy Mỹ Bích Thị_Mỹ Diễm "
        "Quỳnh"
    ),
    ("female", "young"): "Ngọc Thảo Bảo Minh Gia Khánh Phương Quỳnh An Hà Thanh Tuệ Thiên Kim Ánh Diệu",
}  # fmt: skip

_GIVEN: Final = {
    ("male", "old"): (
        "Hùng Thành Dũng Sơn Bình Minh Hải Tâm Phúc Thắng Ba Tư Năm Lợi Quý Đức Hòa Tùng Vinh Chiến "
        "Cường Long Tiến Thanh Nam Khánh Lộc Phước Hiền Nghĩa Định Thuận Bảy Tài Sáu Xuân Hưng Đông "
        "Quang Kiên"
    ),
    ("male", "grown"): (
        "Anh Hùng Tuấn Dũng Nam Long Hải Hiếu Trung Thành Khoa Phúc Đạt Huy Cường Quân Sơn Minh Tùng "
        "Bình Thắng Hoàng Linh Tài Vinh Duy Khánh Việt Phong Kiên Toàn Lâm Hưng Nghĩa Thịnh An Phước "
        "Nhân Quý Tân Trường Công"
    ),
    ("male", "young"): (
        "Khang Bảo Minh Phúc Anh Khoa Phát Đạt Khôi Long Nam Duy Quân Kiệt Thịnh Tuấn Hưng Hoàng Hiếu "
        "Trí Tài Phong Nguyên Vinh Nghĩa Khánh Đăng An Sơn Bin Lâm Quang Thiện"
    ),
    ("female", "old"): (
        "Lan Hoa Hồng Mai Cúc Huệ Nga Hằng Thu Xuân Đào Liên Sen Phượng Hạnh Bích Loan Tuyết Ba Tư "
        "Năm Bảy Hoàng Kim Yến Thanh Tâm Nhung Hương Vân Lý Mười Lành Út Ngọc Dung Phúc Thảo"
    ),
    ("female", "grown"): (
        "Hương Lan Linh Hằng Trang Hà Mai Ngọc Hạnh Thảo Thu Nga Nhung Yến Phương Anh Hoa Thúy Loan "
        "Dung Vân Huyền Tâm Trâm Oanh Ngân Hiền Thủy Quỳnh Châu My Nhi Vy Tuyền Diễm Giang Liên Bích "
        "Tú Kiều Chi Duyên"
    ),
    ("female", "young"): (
        "Anh Vy Ngọc Nhi Hân Thư Linh Như Ngân Phương Thảo My Trân Quỳnh Nghi Trang Trâm An Thy Châu "
        "Trúc Uyên Yến Chi Khánh Mai Ánh Diệp Nhiên Hà Đan Bình"
    ),
}  # fmt: skip


def _split(words: str) -> list[str]:
    return [word.replace("_", " ") for word in words.split()]


_FAMILY_NAMES = list(FAMILIES)
_FAMILY_SHARES = list(FAMILIES.values())
MIDDLES: Final = {key: _split(words) for key, words in _MIDDLE.items()}
GIVENS: Final = {key: _split(words) for key, words in _GIVEN.items()}


def generation(age: int) -> str:
    return "young" if age < 20 else "grown" if age < 56 else "old"


def family_name(chance: Random) -> str:
    return chance.choices(_FAMILY_NAMES, _FAMILY_SHARES)[0]


def full_name(chance: Random, sex: str, age: int, family: str = "") -> str:
    """A whole name in Vietnamese order. Earlier given names in the lists are the more common ones."""
    kind = (sex, generation(age))
    given = GIVENS[kind]
    last = given[int(len(given) * chance.random() ** 1.6)]
    middle = chance.choice(MIDDLES[kind])
    if sex == "female" and middle == "Thị" and chance.random() < 0.35:
        first = chance.choice(given)
        middle = f"Thị {first}" if first != last else middle
    elif middle == last:
        middle = "Văn" if sex == "male" else "Thị"
    return f"{family or family_name(chance)} {middle} {last}"
