"""What is said in the calls, in the words of patients and of the colleagues who wrote it down."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

from tantam.care.models import is_worrying
from tantam.demo.people import Somebody

HEALTH_WORDS: Final = {"better": "đỡ hơn", "same": "như cũ", "worse": "nặng hơn"}
EXPERIENCE_WORDS: Final = {"good": "hài lòng", "fair": "tạm được", "bad": "chưa hài lòng"}
CONFIRMATION_WORDS: Final = {"confirmed": "sẽ đến", "unsure": "chưa chắc", "declined": "không đến"}
EXPERIENCE_NOTES: Final = {
    "good": (
        "Bác sĩ giải thích kỹ, dễ hiểu", "Điều dưỡng nhẹ nhàng, bé không sợ", "Khám nhanh, không phải chờ lâu",
        "Lễ tân chỉ đường tận tình", "Bác sĩ hỏi han cặn kẽ, yên tâm", "",  "", "", "", "",
    ),
    "fair": (
        "Chờ lấy thuốc hơi lâu", "Bãi xe đông, tìm chỗ mất thời gian", "Phòng chờ nóng",
        "Đợi kết quả xét nghiệm hơn một tiếng",
    ),
    "bad": (
        "Hẹn 8 giờ mà 9 giờ 15 mới được gọi vào", "Nhân viên thu ngân trả lời cộc lốc",
        "Chưa được giải thích vì sao phải làm thêm xét nghiệm", "Gọi tổng đài nhiều lần không ai nghe máy",
    ),
}  # fmt: skip
NOTES: Final = (
    "Nhắc mang theo sổ khám và thuốc đang dùng.", "Dặn nhịn ăn sáng để lấy máu.", "Con gái sẽ đưa đi khám.",
    "Xin khám đầu giờ sáng để kịp đi làm.", "Nhờ giữ đúng bác sĩ phụ trách.", "Đã nhắc mang kết quả xét nghiệm cũ.",
    "Muốn nhận nhắc lịch qua Zalo.", "Đã hướng dẫn đường vào cổng sau cho xe lăn.",
)  # fmt: skip
NO_ANSWER_NOTES: Final = (
    "",
    "",
    "",
    "Chuông dài không bắt máy",
    "Tắt máy giữa chừng",
    "Đang chạy xe, xin gọi lại sau",
)
NEEDS: Final = (
    ("Muốn bác sĩ đến khám tại nhà vì đi lại khó khăn",
     "Bệnh viện chưa có khám tại nhà; đã hướng dẫn khám từ xa và hỗ trợ xe lăn tại cổng"),
    ("Muốn được bảo hiểm y tế chi trả toàn bộ chi phí implant",
     "Bảo hiểm y tế không chi trả phục hình implant; đã giới thiệu trả góp và gói ưu đãi"),
    ("Xin khám vào 20 giờ tối vì làm ca", "Phòng khám nhận đến 16 giờ 30; đã đề nghị sáng Chủ nhật"),
    ("Muốn lấy thuốc mà không cần tái khám",
     "Thuốc kê đơn cần bác sĩ khám lại; đã giải thích vì an toàn và hẹn khung giờ nhanh"),
    ("Cần phiên dịch tiếng Hàn khi khám",
     "Hiện chưa có phiên dịch tiếng Hàn trực tiếp; đã đề nghị phiên dịch qua điện thoại"),
    ("Muốn chụp cộng hưởng từ ngay tại cơ sở",
     "Cơ sở chưa có máy cộng hưởng từ; đã hướng dẫn chụp tại cơ sở Sài Gòn, có xe đưa đón"),
)  # fmt: skip
MOVE_REASONS: Final = (
    "Bận đám giỗ ở quê", "Trùng lịch công tác", "Con thi học kỳ", "Chưa xin nghỉ làm được", "Đi xa chưa về kịp",
    "Đang sốt, xin dời vài hôm",
)  # fmt: skip
DOCTOR_REASONS: Final = (
    "Muốn khám bác sĩ nữ", "Được người quen giới thiệu", "Muốn khám gần nhà hơn", "Hợp giờ khám của bác sĩ này hơn",
)  # fmt: skip
REACTIONS: Final = (
    "Nổi mẩn ngứa khắp người sau liều thứ hai", "Phù mi mắt sau khi uống", "Ngứa, nổi mề đay hai cánh tay",
    "Đau bụng, nổi ban đỏ ở bụng",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation: the answers as codes, and the words."""

    experience: str
    experience_note: str
    health: str
    symptoms_before: str
    symptoms_after: str
    confirmation: str
    note: str
    spoke_with: str

    @property
    def is_worrying(self) -> bool:
        return is_worrying(health=self.health, experience=self.experience)

    @property
    def in_words(self) -> str:
        """As the doctor reads it on the list."""
        parts = [f"Sức khỏe: {HEALTH_WORDS[self.health]}"] if self.health else []
        if self.symptoms_before:
            parts.append(f"Trước: {self.symptoms_before}")
        if self.symptoms_after:
            parts.append(f"Hiện nay: {self.symptoms_after}")
        if self.experience:
            parts.append(f"Lần khám: {EXPERIENCE_WORDS[self.experience]}")
        if self.experience_note:
            parts.append(f"“{self.experience_note}”")
        if self.confirmation:
            parts.append(f"Tái khám: {CONFIRMATION_WORDS[self.confirmation]}")
        if self.note:
            parts.append(self.note)
        return ". ".join(part.rstrip(".") for part in parts) + "."


def talk(chance: Random, who: Somebody, *, before: str, about_date: bool, follow_up: bool = False) -> Talk:
    """What somebody says about the last visit, their health, and whether they will come."""
    shares = (80, 15, 5) if follow_up else (63, 29, 8)
    health = chance.choices(("better", "same", "worse"), shares)[0]
    words = {
        "better": who.illness.said_better,
        "same": who.illness.said_same,
        "worse": who.illness.said_worse,
    }[health]
    experience = "" if follow_up else chance.choices(("good", "fair", "bad", ""), (78, 10, 2, 10))[0]
    confirmation = chance.choices(("confirmed", "unsure", "declined"), (89, 8, 3))[0] if about_date else ""
    return Talk(
        experience=experience,
        experience_note=chance.choice(EXPERIENCE_NOTES[experience]) if experience else "",
        health=health,
        symptoms_before=before if chance.random() < 0.7 else "",
        symptoms_after=chance.choice(words),
        confirmation=confirmation,
        note=chance.choice(NOTES) if about_date and chance.random() < 0.3 else "",
        spoke_with=who.speaker,
    )
