"""The two hospitals and the dental clinic: departments, rooms, hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Final

ORGANISATION: Final = {
    "id": 1,
    "name": "Hệ thống Y tế Tận Tâm",
    "short_name": "Tận Tâm",
    "hotline": "1900 0126",
    "time_zone": "Asia/Ho_Chi_Minh",
    "patient_code_prefix": "BN-",
}

# code: Vietnamese, English, Chinese
SPECIALITIES: Final = {
    "noi-tong-quat": ("Nội tổng quát", "General internal medicine", "普通内科"),
    "tim-mach": ("Tim mạch", "Cardiology", "心血管科"),
    "noi-tiet": ("Nội tiết", "Endocrinology", "内分泌科"),
    "tieu-hoa": ("Tiêu hóa", "Gastroenterology", "消化科"),
    "ho-hap": ("Hô hấp", "Respiratory medicine", "呼吸科"),
    "nhi": ("Nhi", "Paediatrics", "儿科"),
    "san-phu-khoa": ("Sản phụ khoa", "Obstetrics and gynaecology", "妇产科"),
    "co-xuong-khop": ("Cơ xương khớp", "Musculoskeletal medicine", "骨关节科"),
    "tai-mui-hong": ("Tai mũi họng", "Ear, nose and throat", "耳鼻喉科"),
    "da-lieu": ("Da liễu", "Dermatology", "皮肤科"),
    "rang-ham-mat": ("Răng hàm mặt", "Dentistry", "口腔科"),
    "chinh-nha": ("Chỉnh nha", "Orthodontics", "正畸科"),
    "implant": ("Implant và phẫu thuật miệng", "Implants and oral surgery", "种植与口腔外科"),
}

MORNING, AFTERNOON = (time(7, 0), time(11, 30)), (time(13, 0), time(16, 30))
DENTAL_MORNING, DENTAL_AFTERNOON = (time(8, 0), time(12, 0)), (time(13, 30), time(20, 0))
SUNDAY_MORNING = (time(7, 30), time(11, 30))


@dataclass(frozen=True, slots=True)
class Place:
    """A site: its departments by speciality, its rooms, its week."""

    code: str
    name: str
    kind: str
    address: str
    phone: str
    share: float
    """Of all patients."""
    specialities: tuple[str, ...]
    hours: tuple[tuple[time, time], ...]
    sunday: tuple[tuple[time, time], ...]

    def hours_on(self, weekday: int) -> tuple[tuple[time, time], ...]:
        return self.sunday if weekday == 6 else self.hours


MAIN: Final = "sai-gon"
PLACES: Final = (
    Place(
        MAIN,
        "Bệnh viện Đa khoa Tận Tâm Sài Gòn",
        "hospital",
        "Số 126 đường Hoa Mai, Phường Bến Thành, Thành phố Hồ Chí Minh",
        "028 7300 0126",
        0.49,
        ("tim-mach", "noi-tiet", "tieu-hoa", "ho-hap", "nhi", "san-phu-khoa", "co-xuong-khop"),
        (MORNING, AFTERNOON),
        (SUNDAY_MORNING,),
    ),
    Place(
        "thu-duc",
        "Bệnh viện Tận Tâm Thủ Đức",
        "hospital",
        "Số 58 đường Bằng Lăng, Phường Thủ Đức, Thành phố Hồ Chí Minh",
        "028 7300 0158",
        0.27,
        ("noi-tong-quat", "nhi", "tai-mui-hong", "da-lieu"),
        (MORNING, AFTERNOON),
        (SUNDAY_MORNING,),
    ),
    Place(
        "nha-khoa",
        "Nha khoa Tận Tâm Xuân Hòa",
        "dental",
        "Số 9 đường Ngọc Lan, Phường Xuân Hòa, Thành phố Hồ Chí Minh",
        "028 7300 0109",
        0.24,
        ("rang-ham-mat", "chinh-nha", "implant"),
        (DENTAL_MORNING, DENTAL_AFTERNOON),
        ((time(8, 0), time(12, 0)),),
    ),
)

# Departments every site of the kind has besides those of its specialities.
OTHER_DEPARTMENTS: Final = {
    "hospital": ("Khoa Khám bệnh", "Phòng Chăm sóc khách hàng", "Khoa Xét nghiệm", "Khoa Chẩn đoán hình ảnh"),
    "dental": ("Quầy lễ tân", "Phòng Chăm sóc khách hàng"),
}


def department_name(speciality: str, kind: str) -> str:
    name = SPECIALITIES[speciality][0]
    return f"Khoa {name}" if kind == "hospital" else f"Phòng {name}"


def room_names(place: Place) -> list[tuple[str, str, str, bool]]:
    """Rooms: name, floor, speciality (may be empty), step-free."""
    rooms: list[tuple[str, str, str, bool]] = [("Quầy tiếp đón", "Trệt", "", True)]
    word = "Phòng khám" if place.kind == "hospital" else "Ghế"
    for position, speciality in enumerate(place.specialities):
        floor = 1 + position // 3
        for number in (1, 2):
            label = f"{word} {SPECIALITIES[speciality][0]} {number}"
            rooms.append((label, f"Lầu {floor}", speciality, True))
    rooms.append(("Phòng gọi chăm sóc", "Lầu 4" if place.kind == "hospital" else "Trệt", "", False))
    return rooms
