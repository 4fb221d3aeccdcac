"""The words patients are asked to agree to, as shipped; an organisation publishes its own versions.

Each tells the purpose, the data, that health data are sensitive, that agreeing is free, how to withdraw and
which rights there are (Law 91/2025/QH15 Art. 4, 9; Decree 356/2025/ND-CP Art. 6).
"""

from __future__ import annotations

from typing import Final

from tantam.privacy.models import Purpose

TEXT_LANGUAGES: Final = ("vi", "en", "zh-hans")

_ASKS: Final[dict[str, dict[str, str]]] = {
    Purpose.CARE_CONTACT: {
        "vi": (
            "{organisation} xin phép gọi điện, nhắn tin (SMS, Zalo) hoặc gửi email cho quý khách để hỏi thăm sức khỏe "
            "sau khi khám, nhắc lịch tái khám và hướng dẫn dùng thuốc.\n\n"
            "Dữ liệu được dùng: họ tên, số điện thoại, Zalo, email, lịch khám và những điều cần biết về lần khám, "
            "chẩn đoán và đơn thuốc."
        ),
        "en": (
            "{organisation} asks for your permission to call you, send you messages (SMS, Zalo) or write to you by "
            "email: to ask how you are after your visit, to remind you of your re-examination and to explain your "
            "medicines.\n\n"
            "Data used: your name, phone number, Zalo, email, appointments, and what is needed about your visit, "
            "diagnosis and prescription."
        ),
        "zh-hans": (
            "{organisation}希望征得您的同意，通过电话、短信、Zalo或电子邮件与您联系：诊后回访、提醒复诊并说明用药方法。\n\n"
            "所用数据：姓名、电话号码、Zalo、电子邮件、就诊安排，以及就诊、诊断和处方的必要信息。"
        ),
    },
    Purpose.HEALTH_RECORD: {
        "vi": (
            "{organisation} xin phép lưu giữ và sử dụng hồ sơ sức khỏe của quý khách để khám, chữa bệnh và theo dõi "
            "điều trị.\n\n"
            "Dữ liệu được dùng: thông tin hành chính, tiền sử bệnh, dị ứng, kết quả khám, chẩn đoán, đơn thuốc và "
            "lịch tái khám. Hồ sơ bệnh án được lưu trong thời hạn pháp luật quy định (hồ sơ ngoại trú và nội trú thông "
            "thường: 10 năm)."
        ),
        "en": (
            "{organisation} asks for your permission to keep and use your health record in order to examine and treat "
            "you and to follow your treatment.\n\n"
            "Data used: personal details, medical history, allergies, findings, diagnoses, prescriptions and "
            "re-examination dates. Medical records are kept as long as the law requires (10 years for ordinary "
            "out-patient and in-patient records)."
        ),
        "zh-hans": (
            "{organisation}希望征得您的同意，保存并使用您的健康记录，用于诊疗和治疗随访。\n\n"
            "所用数据：基本信息、病史、过敏史、检查结果、诊断、处方和复诊日期。病历按法律规定的期限保存"
            "（一般门诊和住院病历为10年）。"
        ),
    },
    Purpose.MARKETING: {
        "vi": (
            "{organisation} xin phép gửi cho quý khách tin tức, chương trình ưu đãi và lời mời khám sức khỏe qua "
            "SMS, Zalo, email hoặc điện thoại.\n\n"
            "Dữ liệu được dùng: họ tên, số điện thoại, Zalo, email, năm sinh, giới tính và các dịch vụ quý khách đã "
            "sử dụng."
        ),
        "en": (
            "{organisation} asks for your permission to send you news, offers and invitations to health check-ups by "
            "SMS, Zalo, email or phone.\n\n"
            "Data used: your name, phone number, Zalo, email, year of birth, sex and the services you have used."
        ),
        "zh-hans": (
            "{organisation}希望征得您的同意，通过短信、Zalo、电子邮件或电话向您发送资讯、优惠活动和体检邀请。\n\n"
            "所用数据：姓名、电话号码、Zalo、电子邮件、出生年份、性别以及您使用过的服务。"
        ),
    },
    Purpose.THIRD_PARTY: {
        "vi": (
            "{organisation} xin phép chuyển thông tin khám chữa bệnh của quý khách cho cơ sở khám chữa bệnh khác hoặc "
            "công ty bảo hiểm. Mỗi lần chuyển đều cần quý khách yêu cầu bằng văn bản, trừ trường hợp pháp luật quy "
            "định khác.\n\n"
            "Dữ liệu được dùng: thông tin hành chính và phần hồ sơ mà quý khách yêu cầu chuyển."
        ),
        "en": (
            "{organisation} asks for your permission to pass information on your examination and treatment to another "
            "care provider or to an insurer. Each time, your written request is needed, unless the law provides "
            "otherwise.\n\n"
            "Data used: personal details and the part of your record which you ask us to pass on."
        ),
        "zh-hans": (
            "{organisation}希望征得您的同意，将您的诊疗信息提供给其他医疗机构或保险公司。除法律另有规定外，"
            "每次提供均需您的书面申请。\n\n"
            "所用数据：基本信息以及您申请提供的病历内容。"
        ),
    },
    Purpose.RESEARCH: {
        "vi": (
            "{organisation} xin phép dùng dữ liệu khám chữa bệnh của quý khách cho nghiên cứu khoa học và đào tạo. "
            "Họ tên và thông tin liên lạc được bỏ đi trước khi sử dụng, nên người đọc không thể nhận ra quý khách.\n\n"
            "Dữ liệu được dùng: tuổi, giới tính, chẩn đoán, quá trình và kết quả điều trị."
        ),
        "en": (
            "{organisation} asks for your permission to use data from your examination and treatment for research and "
            "teaching. Your name and contact details are removed first, so that readers cannot recognise you.\n\n"
            "Data used: age, sex, diagnosis, course and result of treatment."
        ),
        "zh-hans": (
            "{organisation}希望征得您的同意，将您的诊疗数据用于科学研究和教学。使用前会去除姓名和联系方式，"
            "读者无法识别您的身份。\n\n"
            "所用数据：年龄、性别、诊断、治疗过程和结果。"
        ),
    },
}

_SENSITIVE: Final = {
    "vi": (
        "Thông tin về sức khỏe là dữ liệu cá nhân nhạy cảm theo Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15. Dữ liệu "
        "được mã hóa, chỉ người có nhiệm vụ mới được xem, và mỗi lần xem đều được ghi lại. Quý khách có thể hỏi ai đã "
        "xem hồ sơ của mình."
    ),
    "en": (
        "Information on health is sensitive personal data under the Law on Personal Data Protection No. "
        "91/2025/QH15. It is encrypted, seen only by those whose work needs it, and every look is recorded. You may "
        "ask who has looked at your record."
    ),
    "zh-hans": (
        "根据第91/2025/QH15号《个人数据保护法》，健康信息属于敏感个人数据。数据经过加密，只有因工作需要的人员才能查看，"
        "每次查看均有记录。您可以询问谁查看过您的记录。"
    ),
}
_FREE: Final = {
    "vi": (
        "Việc đồng ý là hoàn toàn tự nguyện; nếu không đồng ý, quý khách vẫn được khám chữa bệnh như bình thường. Quý "
        "khách có thể rút lại sự đồng ý bất cứ lúc nào tại quầy lễ tân{hotline}. Việc rút lại không ảnh hưởng đến "
        "những việc đã làm trước đó. Quý khách có quyền được biết, xem, chỉnh sửa, nhận bản sao, yêu cầu xóa hoặc hạn "
        "chế xử lý dữ liệu của mình, và khiếu nại theo quy định của pháp luật."
    ),
    "en": (
        "Agreeing is entirely your choice; if you do not agree you are examined and treated just the same. You may "
        "withdraw your consent at any time at the reception desk{hotline}. Withdrawing does not affect what was done "
        "before. You have the right to know, see, correct and receive a copy of your data, to ask for their deletion "
        "or the restriction of their use, and to complain as the law provides."
    ),
    "zh-hans": (
        "是否同意完全由您自愿决定；不同意也不影响您正常就诊。您可以随时在前台{hotline}撤回同意，撤回不影响此前已进行的处理。"
        "您有权知悉、查阅、更正并获取您的数据副本，要求删除或限制处理，并依法投诉。"
    ),
}
_HOTLINE: Final = {
    "vi": " hoặc qua tổng đài {number}",
    "en": " or by calling {number}",
    "zh-hans": "或拨打热线{number}",
}


def shipped_text(purpose: str, language: str, *, organisation: str, hotline: str) -> str:
    """The whole text for one purpose in one language, with the organisation's name and hotline in it."""
    ways = _HOTLINE[language].format(number=hotline) if hotline else ""
    return "\n\n".join(
        [
            _ASKS[purpose][language].format(organisation=organisation),
            _SENSITIVE[language],
            _FREE[language].format(hotline=ways),
        ]
    )
