"""Where people live: the 34 provinces and their communes since 1 July 2025, most of them near the hospitals."""

from __future__ import annotations

from functools import lru_cache
from random import Random
from typing import Final

NEAR: Final = (
    "Phường Bến Thành", "Phường Sài Gòn", "Phường Tân Định", "Phường Xuân Hòa", "Phường Bàn Cờ", "Phường Nhiêu Lộc",
    "Phường Khánh Hội", "Phường Chợ Quán", "Phường Gia Định", "Phường Bình Thạnh", "Phường Thạnh Mỹ Tây",
    "Phường Phú Nhuận", "Phường Đức Nhuận", "Phường Tân Sơn Hòa", "Phường Gò Vấp", "Phường Hạnh Thông",
    "Phường Thủ Đức", "Phường Linh Xuân", "Phường Tam Bình", "Phường Hiệp Bình", "Phường Long Bình",
    "Phường Tăng Nhơn Phú", "Phường Phước Long", "Phường Bình Trưng", "Phường An Khánh", "Phường Dĩ An",
    "Phường Tân Hưng", "Phường Tân Thuận", "Phường Bình Đông", "Phường Chợ Lớn",
)  # fmt: skip
HOME: Final = 79
# Shares by province code of those who do not live near; the south above all.
FAR: Final = {75: 22, 80: 14, 82: 12, 86: 10, 92: 6, 91: 6, 96: 5, 68: 8, 56: 5, 66: 5, 52: 4, 51: 3, 48: 3, 46: 2,
              1: 3, 31: 1, 38: 1, 40: 2, 37: 1, 33: 1}  # fmt: skip
STREETS: Final = (
    "Hoa Mai", "Bằng Lăng", "Ngọc Lan", "Hoa Sứ", "Phượng Vĩ", "Cây Keo", "Bình Lợi", "Hoa Lan", "Trường Sa",
    "Hoàng Sa", "Lê Văn Sỹ", "Phan Xích Long", "Nguyễn Trãi", "Lê Lợi", "Trần Hưng Đạo", "Hai Bà Trưng", "Võ Văn Ngân",
    "Kha Vạn Cân", "Đặng Văn Bi", "Nguyễn Văn Trỗi", "Cách Mạng Tháng Tám", "Điện Biên Phủ", "Lý Thường Kiệt",
)  # fmt: skip


@lru_cache(maxsize=1)
def _communes() -> dict[int, tuple[str, list[str]]]:
    from vietnam_provinces import Province, Ward

    found = {int(province.code): (str(province.name), list[str]()) for province in Province.iter_all()}
    for ward in Ward.iter_all():
        found[int(ward.province_code)][1].append(str(ward.name))
    return found


def address(chance: Random) -> dict[str, str]:
    """Province, commune and line; the line is invented."""
    communes = _communes()
    luck = chance.random()
    if luck < 0.62:
        province, commune = communes[HOME][0], chance.choice(NEAR)
    else:
        code = HOME if luck < 0.78 else chance.choices(list(FAR), list(FAR.values()))[0]
        province, names = communes[code]
        commune = chance.choice(names)
    number = chance.randrange(1, 420)
    if commune.startswith("Phường"):
        alley = f"/{chance.randrange(1, 60)}" if chance.random() < 0.4 else ""
        line = f"{number}{alley} đường {chance.choice(STREETS)}"
    else:
        line = f"Tổ {chance.randrange(1, 15)}, ấp {chance.randrange(1, 9)}"
    return {"province": province, "commune": commune, "address_line": line}
