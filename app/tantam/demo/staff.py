"""Forty-seven members of staff over all roles, and who of them to sign in as."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tantam.accounts.permissions import Role

ALL: Final = ("sai-gon", "thu-duc", "nha-khoa")
SG, TD, NK = (("sai-gon",), ("thu-duc",), ("nha-khoa",))
PASSWORD: Final = "tantam-demo-2026"


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff; doctors also have a title and a speciality."""

    username: str
    full_name: str
    sex: str
    role: Role
    sites: tuple[str, ...]
    job_title: str
    title: str = ""
    speciality: str = ""


R = Role
# fmt: off
STAFF: Final = (
    Person("quantri", "Trịnh Công Hậu", "male", R.ADMINISTRATOR, ALL, "Trưởng phòng Công nghệ thông tin"),
    Person("quantri.phuong", "Lâm Mỹ Phượng", "female", R.ADMINISTRATOR, ALL, "Quản trị hệ thống"),
    Person("quanly", "Đỗ Minh Quân", "male", R.MANAGER, ALL, "Giám đốc Dịch vụ khách hàng"),
    Person("quanly.thuduc", "Cao Thị Bích Vân", "female", R.MANAGER, TD, "Trưởng phòng Chăm sóc khách hàng"),
    Person("quanly.nhakhoa", "Võ Hoàng Nam", "male", R.MANAGER, NK, "Quản lý phòng khám"),
    Person("letan.lan", "Vũ Thị Lan", "female", R.RECEPTIONIST, SG, "Lễ tân"),
    Person("letan.hue", "Nguyễn Thị Huệ", "female", R.RECEPTIONIST, SG, "Lễ tân"),
    Person("letan.tri", "Phan Minh Trí", "male", R.RECEPTIONIST, SG, "Lễ tân"),
    Person("letan.nga", "Hồ Thị Thúy Nga", "female", R.RECEPTIONIST, TD, "Lễ tân"),
    Person("letan.khoa", "Đinh Đăng Khoa", "male", R.RECEPTIONIST, TD, "Lễ tân"),
    Person("letan.my", "Trương Hoàng My", "female", R.RECEPTIONIST, NK, "Lễ tân"),
    Person("tuvan.ngoc", "Bùi Bảo Ngọc", "female", R.CONSULTANT, SG, "Tư vấn viên"),
    Person("tuvan.khanh", "Lê Quốc Khánh", "male", R.CONSULTANT, TD, "Tư vấn viên"),
    Person("tuvan.vy", "Huỳnh Tường Vy", "female", R.CONSULTANT, NK, "Tư vấn viên nha khoa"),
    Person("mai.cskh", "Trần Thị Mai", "female", R.CARE_AGENT, SG, "Nhân viên chăm sóc khách hàng"),
    Person("thao.cskh", "Nguyễn Phương Thảo", "female", R.CARE_AGENT, SG, "Nhân viên chăm sóc khách hàng"),
    Person("tuan.cskh", "Phạm Anh Tuấn", "male", R.CARE_AGENT, SG, "Nhân viên chăm sóc khách hàng"),
    Person("linh.cskh", "Đặng Thùy Linh", "female", R.CARE_AGENT, TD, "Nhân viên chăm sóc khách hàng"),
    Person("dat.cskh", "Ngô Thành Đạt", "male", R.CARE_AGENT, TD, "Nhân viên chăm sóc khách hàng"),
    Person("nhi.cskh", "Lương Yến Nhi", "female", R.CARE_AGENT, NK, "Nhân viên chăm sóc khách hàng"),
    Person("yen.cskh", "Mai Hải Yến", "female", R.CARE_AGENT, NK, "Nhân viên chăm sóc khách hàng"),
    Person("bs.son", "Nguyễn Hồng Sơn", "male", R.DOCTOR, SG, "Trưởng khoa Tim mạch", "ThS.BS", "tim-mach"),
    Person("bs.huong", "Trần Thu Hương", "female", R.DOCTOR, SG, "Trưởng khoa Nội tiết", "BS.CKII", "noi-tiet"),
    Person("bs.khai", "Lê Quang Khải", "male", R.DOCTOR, SG, "Bác sĩ Tiêu hóa", "BS.CKI", "tieu-hoa"),
    Person("bs.thuy", "Phạm Thanh Thúy", "female", R.DOCTOR, SG, "Bác sĩ Hô hấp", "BS.CKI", "ho-hap"),
    Person("bs.ngan", "Võ Kim Ngân", "female", R.DOCTOR, SG, "Bác sĩ Nhi", "BS.CKI", "nhi"),
    Person("bs.lien", "Hoàng Thị Bích Liên", "female", R.DOCTOR, SG, "Trưởng khoa Sản", "BS.CKII", "san-phu-khoa"),
    Person("bs.phuc", "Đoàn Hữu Phúc", "male", R.DOCTOR, SG, "Bác sĩ Cơ xương khớp", "ThS.BS", "co-xuong-khop"),
    Person("bs.binh", "Dương Thái Bình", "male", R.DOCTOR, TD, "Trưởng khoa Nội", "BS.CKI", "noi-tong-quat"),
    Person("bs.quyen", "Tạ Lệ Quyên", "female", R.DOCTOR, TD, "Bác sĩ Nhi", "BS.", "nhi"),
    Person("bs.thanh", "Bùi Xuân Thành", "male", R.DOCTOR, TD, "Bác sĩ Tai mũi họng", "BS.CKI", "tai-mui-hong"),
    Person("bs.dung", "Lý Mỹ Dung", "female", R.DOCTOR, TD, "Bác sĩ Da liễu", "BS.", "da-lieu"),
    Person("bs.vinh", "Huỳnh Quốc Vinh", "male", R.DOCTOR, NK, "Bác sĩ Răng hàm mặt", "BS.", "rang-ham-mat"),
    Person("bs.chi", "Nguyễn Quỳnh Chi", "female", R.DOCTOR, NK, "Bác sĩ Chỉnh nha", "ThS.BS", "chinh-nha"),
    Person("bs.loc", "Trương Tấn Lộc", "male", R.DOCTOR, NK, "Bác sĩ Implant", "BS.CKI", "implant"),
    Person("troly.hanh", "Lê Thị Mỹ Hạnh", "female", R.ASSISTANT, SG, "Điều dưỡng trưởng"),
    Person("troly.duy", "Trần Khánh Duy", "male", R.ASSISTANT, TD, "Điều dưỡng"),
    Person("troly.tram", "Phan Ngọc Trâm", "female", R.ASSISTANT, NK, "Trợ thủ nha khoa"),
    Person("thungan.yen", "Đào Hoàng Yến", "female", R.CASHIER, SG, "Thu ngân"),
    Person("thungan.hieu", "Lưu Trung Hiếu", "male", R.CASHIER, TD, "Thu ngân"),
    Person("marketing.long", "Châu Thành Long", "male", R.MARKETING, ALL, "Chuyên viên Truyền thông"),
    Person("khieunai.dung", "Lê Quốc Dũng", "male", R.COMPLAINT_OFFICER, ALL, "Chuyên viên giải quyết khiếu nại"),
    Person("daotao.ha", "Nghiêm Thu Hà", "female", R.TRAINER, ALL, "Chuyên viên Đào tạo"),
    Person("dulieu.binh", "Phùng Thanh Bình", "male", R.PRIVACY_OFFICER, ALL, "Cán bộ bảo vệ dữ liệu cá nhân"),
    Person("kiemsoat.vinh", "Kiều Thế Vinh", "male", R.AUDITOR, ALL, "Kiểm soát nội bộ"),
    Person("dieuduong.thu", "Hoàng Minh Thư", "female", R.NURSE, SG, "Điều dưỡng"),
    Person("ktv.phong", "Mạc Thanh Phong", "male", R.TECHNICIAN, SG, "Kỹ thuật viên xét nghiệm"),
)

# Practitioners the records name who do not sign in.
VISITING: Final = (
    Person("", "Hà Ngọc Diệp", "female", R.DOCTOR, SG, "", "PGS.TS.BS", "tim-mach"),
    Person("", "Vương Đình Khang", "male", R.DOCTOR, TD, "", "BS.CKII", "noi-tong-quat"),
    Person("", "Tô Minh Châu", "female", R.DOCTOR, NK, "", "BS.", "rang-ham-mat"),
)
# fmt: on

# The first of each role is the one to try; what they see, in the words of the role.
SEES: Final = {
    R.CARE_AGENT: "Danh sách việc hôm nay, màn hình gọi, ghi kết quả cuộc gọi",
    R.DOCTOR: "Bệnh nhân hôm nay và ngày mai, điều CSKH mới biết, hồ sơ",
    R.MANAGER: "Bảng theo dõi chăm sóc, quy tắc chăm sóc, nhập dữ liệu",
    R.RECEPTIONIST: "Tìm và đăng ký bệnh nhân, thông tin liên hệ, dời ngày tái khám",
    R.CONSULTANT: "Bệnh nhân, ngày tái khám, việc chăm sóc (chỉ xem)",
    R.ASSISTANT: "Bệnh nhân trong ngày của bác sĩ, dị ứng",
    R.NURSE: "Hồ sơ, dị ứng, ngày tái khám, lịch sử chăm sóc",
    R.TECHNICIAN: "Tìm bệnh nhân, hồ sơ, dị ứng",
    R.CASHIER: "Tìm bệnh nhân",
    R.MARKETING: "Bảng theo dõi chăm sóc",
    R.COMPLAINT_OFFICER: "Hồ sơ và lịch sử chăm sóc (chỉ xem)",
    R.TRAINER: "Gợi ý trò chuyện, danh sách nhân viên",
    R.AUDITOR: "Nhật ký, lượt xem hồ sơ, bảng theo dõi",
    R.ADMINISTRATOR: "Nhân viên và vai trò, cơ sở, nhập dữ liệu (cần mã xác thực)",
    R.PRIVACY_OFFICER: "Sự đồng ý, lượt xem hồ sơ, nhật ký (cần mã xác thực)",
}
ROLE_NAMES: Final = {
    R.CARE_AGENT: "Nhân viên chăm sóc",
    R.DOCTOR: "Bác sĩ",
    R.MANAGER: "Quản lý",
    R.RECEPTIONIST: "Lễ tân",
    R.CONSULTANT: "Tư vấn viên",
    R.ASSISTANT: "Trợ lý",
    R.NURSE: "Điều dưỡng",
    R.TECHNICIAN: "Kỹ thuật viên",
    R.CASHIER: "Thu ngân",
    R.MARKETING: "Truyền thông",
    R.COMPLAINT_OFFICER: "Giải quyết khiếu nại",
    R.TRAINER: "Đào tạo",
    R.AUDITOR: "Kiểm soát",
    R.ADMINISTRATOR: "Quản trị",
    R.PRIVACY_OFFICER: "Bảo vệ dữ liệu",
}


def first_of(role: Role) -> Person:
    return next(person for person in STAFF if person.role == role)
