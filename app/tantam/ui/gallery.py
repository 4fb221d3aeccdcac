"""Made-up facts for the gallery. Nobody in it exists."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from tantam.ui.forms import DayInput, PhoneInput, Picker

DEPARTMENTS = [
    ("tim-mach", "Tim mạch"),
    ("noi-tiet", "Nội tiết"),
    ("rang", "Răng – Hàm – Mặt"),
    ("nhi", "Nhi"),
    ("san", "Sản phụ khoa"),
]


class GalleryForm(forms.Form):
    """One field of each kind; pressing the button without filling it in shows the errors."""

    full_name = forms.CharField(label="Họ và tên", max_length=120, help_text="Viết đúng như trên giấy tờ.")
    born = forms.DateField(label="Ngày sinh", widget=DayInput, help_text="Ví dụ 21/11/1985.")
    phone = forms.CharField(label="Số điện thoại", widget=PhoneInput)
    email = forms.EmailField(label="Thư điện tử", required=False)
    department = forms.ChoiceField(label="Khoa", choices=[("", "---------"), *DEPARTMENTS])
    doctor = forms.ChoiceField(
        label="Bác sĩ phụ trách",
        choices=[
            ("", "---------"),
            ("1", "BS. Trần Minh Đức"),
            ("2", "BS. Lê Thu Hà"),
            ("3", "BS. Phạm Gia Bảo"),
        ],
        widget=Picker,
        required=False,
    )
    outcome = forms.ChoiceField(
        label="Sau lần khám thế nào?",
        choices=[("better", "Đỡ hơn"), ("same", "Như cũ"), ("worse", "Nặng hơn")],
        widget=forms.RadioSelect,
    )
    topics = forms.MultipleChoiceField(
        label="Đã hỏi về",
        choices=[("drug", "Thuốc"), ("diet", "Ăn uống"), ("move", "Vận động")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    note = forms.CharField(label="Ghi chú", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    consent = forms.BooleanField(label="Bệnh nhân đồng ý nhận tin nhắn nhắc tái khám")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            raise forms.ValidationError("Còn chỗ chưa đúng; xin xem bên dưới.")
        return cleaned


_PEOPLE = [
    ("Nguyễn Thị Hồng Hạnh", "Tăng huyết áp", "+84912345678"),
    ("Trần Văn Phúc", "Đái tháo đường típ 2", "+84987654321"),
    ("Lê Hoàng Bảo Trân", "Viêm dạ dày", "+84903112233"),
    ("Phạm Quốc Đạt", "Sau nhổ răng khôn", "+84356789012"),
    ("Đặng Thuỳ Dương", "Thai 28 tuần", "+84778990011"),
    ("Vũ Đức Anh", "Hen phế quản", "+84869445566"),
    ("Huỳnh Ngọc Lan", "Rối loạn lipid máu", "+84918776655"),
]


def rows(count: int) -> list[dict[str, Any]]:
    """Rows of a work list."""
    today = timezone.localdate()
    listed = []
    for place in range(count):
        name, reason, phone = _PEOPLE[place % len(_PEOPLE)]
        listed.append(
            {
                "id": place,
                "url": f"#call-{place}",
                "name": name,
                "code": f"BN-{place + 1208:06d}",
                "reason": reason,
                "phone": phone,
                "due": today + timedelta(days=place % 9 - 3),
                "late": place % 9 < 3,
                "attempts": place % 4,
            }
        )
    return listed


def facts() -> dict[str, Any]:
    """Everything the gallery shows."""
    now = timezone.now()
    header = {
        "name": "Nguyễn Thị Hồng Hạnh",
        "salutation": "cô",
        "age_text": "58 tuổi",
        "sex_label": "Nữ",
        "born_text": "14/03/1968",
        "code": "BN-001208",
        "phone_display": "0912 345 678",
        "phone_uri": "tel:+84912345678",
        "allergies": [
            {"agent": "Penicillin", "severity_label": "nặng", "certainty_label": "đã xác nhận"},
            {"agent": "Tôm, cua", "severity_label": "nhẹ", "certainty_label": "người nhà kể"},
        ],
        "vulnerability": ["Sống một mình", "Nghe kém"],
        "consent_label": "Đồng ý gọi và nhắn Zalo",
        "consent_kind": "good",
        "next_reexamination": date(2026, 12, 3),
        "url": "#",
    }
    return {
        "kinds": ["neutral", "accent", "good", "info", "wait", "danger"],
        "words": {
            "neutral": "Bản nháp",
            "accent": "Đang gọi",
            "good": "Đã liên lạc",
            "info": "Đã hẹn lại",
            "wait": "Quá hạn",
            "danger": "Dị ứng nặng",
        },
        "header": header,
        "header_unknown": {
            **header,
            "allergies": [],
            "allergies_known": False,
            "vulnerability": [],
            "salutation": "bé",
            "name": "Lê Hoàng Bảo Trân",
            "age_text": "8 tháng",
            "consent_label": "Chưa có đồng ý",
            "consent_kind": "wait",
            "born_text": "02/03/2026",
            "next_reexamination": None,
        },
        "rows": rows(6),
        "steps": ["Chuẩn bị", "Gọi", "Ghi nhận", "Xong"],
        "tabs": [
            {"key": "due", "label": "Đến hạn", "url": "?tab=due", "count": 24},
            {"key": "late", "label": "Quá hạn", "url": "?tab=late", "count": 7},
            {"key": "mine", "label": "Của tôi", "url": "?tab=mine", "count": 5},
            {"key": "free", "label": "Chưa ai nhận", "url": "?tab=free", "count": 12},
        ],
        "now": now,
        "soon": now + timedelta(minutes=25),
        "late": now - timedelta(hours=3),
        "today": timezone.localdate(),
        "tomorrow": timezone.localdate() + timedelta(days=1),
        "charts": _charts(),
    }


def _chart(
    first: list[int], unit: str, name: str, second: list[int] | None = None, other: str = ""
) -> dict[str, Any]:
    series = [{"name": name, "values": first}]
    if second is not None:
        series.append({"name": other, "values": second})
    return {"labels": ["T2", "T3", "T4", "T5", "T6", "T7", "CN"], "series": series, "unit": unit}


def _charts() -> list[tuple[str, str, dict[str, Any]]]:
    """One chart of each kind."""
    reached = _chart([62, 70, 68, 75, 81, 79, 84], "%", "Gọi được")
    calls = _chart([42, 38, 51, 47, 55, 23, 18], "", "Đã gọi", [6, 4, 9, 3, 5, 8, 2], "Quá hạn")
    people = {
        "labels": ["Mai", "Dũng", "Hoa", "Oanh"],
        "series": [{"name": "Cuộc gọi", "values": [128, 96, 73, 41]}],
    }
    path = {
        "labels": ["Cần tái khám", "Đã gọi", "Gọi được", "Xác nhận", "Đã đến"],
        "series": [{"name": "Bệnh nhân", "values": [420, 388, 301, 244, 219]}],
    }
    hours = {
        "columns": ["8 giờ", "10 giờ", "12 giờ", "14 giờ", "16 giờ", "18 giờ"],
        "rows": ["Thứ Hai", "Thứ Ba", "Thứ Tư"],
        "values": [[3, 8, 4, 9, 12, 15], [2, 7, 5, 8, 11, 14], [4, 9, 3, 7, 10, 16]],
    }
    causes = {
        "labels": ["Không nghe máy", "Sai số", "Máy bận", "Hẹn gọi lại", "Khác"],
        "series": [{"name": "Lần gọi", "values": [86, 41, 28, 17, 6]}],
    }
    return [
        ("line", "Tỷ lệ gọi được theo ngày", reached),
        ("bar", "Cuộc gọi theo ngày", calls),
        ("rank", "Theo nhân viên", people),
        ("funnel", "Từ hẹn đến khám", path),
        ("heat", "Giờ dễ liên lạc", hours),
        ("pareto", "Vì sao không gọi được", causes),
    ]
