"""The guides we ship. They are written in Vietnamese, the language of the calls; every clinic edits its own.

Red flags and touch points follow the dental follow-up and discharge-call protocols the clinic approves before use.
"""

from __future__ import annotations

from dataclasses import dataclass

from tantam.knowledge.models import Occasion, PatientFact
from tantam.patients.models import Vulnerability


@dataclass(frozen=True, slots=True)
class Starter:
    key: str
    title: str
    occasion: Occasion
    goals: tuple[str, ...]
    questions: tuple[str, ...]
    facts: tuple[PatientFact, ...]
    cautions: tuple[str, ...]
    diagnosis_prefixes: str = ""
    mark: str = ""


_F = PatientFact
_BEFORE, _AFTER = Occasion.BEFORE_REEXAMINATION, Occasion.AFTER_ENCOUNTER
_EMERGENCY = (
    "Đau ngực, khó thở, ngất, yếu liệt, chảy máu không cầm: hướng dẫn gọi 115 hoặc đến cấp cứu ngay, "
    "rồi báo bác sĩ."
)
_NO_ADVICE = "Không chẩn đoán, không đổi thuốc qua điện thoại. Điều thuộc chuyên môn thì ghi lại cho bác sĩ."
_WHO = "Người nghe máy không phải bệnh nhân: hỏi rõ là ai trước khi nói về bệnh."
_DENTAL_FEVER = "Sốt từ 38 °C, há miệng khó hoặc nuốt đau: báo bác sĩ và hẹn khám lại ngay trong ngày."
_CHILD_DANGER = (
    "Bé bỏ bú, li bì khó đánh thức, co giật, thở nhanh hoặc rút lõm ngực, tím tái, nôn tất cả mọi thứ: "
    "đưa đi cấp cứu ngay."
)
_GUARDIAN_ONLY = "Chỉ trao đổi về bệnh của bé với cha, mẹ hoặc người giám hộ."

STARTERS: tuple[Starter, ...] = (
    Starter(
        "general-before",
        "Trước ngày tái khám",
        _BEFORE,
        goals=(
            "Biết {xưng hô} thấy thế nào từ lần khám trước, có gì mới cần báo bác sĩ",
            "Xác nhận ngày tái khám, hoặc chọn ngày khác thuận tiện hơn",
            "{xưng hô} biết cần mang gì và chuẩn bị gì",
        ),
        questions=(
            "Từ hôm khám đến nay {xưng hô} thấy trong người thế nào ạ?",
            "Những khó chịu hôm đi khám giờ đã đỡ, vẫn vậy hay nặng hơn?",
            "Lần khám vừa rồi có điều gì {xưng hô} chưa hài lòng không ạ?",
            "{xưng hô} dùng thuốc có đều không, uống vào có thấy khó chịu gì không?",
            "{xưng hô} có từng bị dị ứng với thuốc nào không, kể cả mới đây?",
            "Lịch tái khám là {ngày tái khám}, {xưng hô} đến được không ạ?",
            "{xưng hô} có điều gì muốn nhắn trước cho {bác sĩ} không?",
            "Khi đến {xưng hô} có cần giúp gì không: xe lăn, người đưa đi, phiên dịch?",
        ),
        facts=(_F.REEXAMINATION, _F.LAST_ENCOUNTER, _F.ADVICE, _F.MEDICINES, _F.LAST_CONTACT),
        cautions=(_EMERGENCY, _NO_ADVICE, _WHO),
    ),
    Starter(
        "general-after",
        "Sau khi khám hoặc ra viện",
        _AFTER,
        goals=(
            "Biết {xưng hô} đã ổn chưa, điều trị có hiệu quả không",
            "{xưng hô} hiểu lời dặn và biết cách dùng thuốc",
            "Nghe {xưng hô} nói thật về lần khám vừa rồi",
        ),
        questions=(
            "Sau khi về {xưng hô} thấy trong người thế nào ạ?",
            "Trước khi khám {xưng hô} khó chịu nhất là gì, giờ điều đó ra sao?",
            "Thuốc bác sĩ kê {xưng hô} dùng được mấy hôm rồi, có gì chưa rõ không?",
            "Dùng thuốc xong có nổi mẩn, ngứa, buồn nôn hay khó thở không?",
            "Lời dặn của {bác sĩ} có điều nào khó làm theo không ạ?",
            "Nếu chấm lần khám vừa rồi, {xưng hô} hài lòng, tạm được hay chưa hài lòng?",
            "Có ai trong đội ngũ {xưng hô} muốn gửi lời cảm ơn hoặc góp ý không?",
            "{xưng hô} còn câu hỏi nào cho bác sĩ không?",
        ),
        facts=(_F.LAST_ENCOUNTER, _F.ADVICE, _F.MEDICINES, _F.ALLERGIES, _F.REEXAMINATION),
        cautions=(_EMERGENCY, _NO_ADVICE, _WHO),
    ),
    Starter(
        "hypertension",
        "Tăng huyết áp: trước ngày tái khám",
        _BEFORE,
        diagnosis_prefixes="I10 I11 I12 I13 I15",
        goals=(
            "Biết huyết áp ở nhà những ngày gần đây",
            "Biết {xưng hô} dùng thuốc đều hay bỏ liều, và vì sao",
            "Xác nhận ngày tái khám",
        ),
        questions=(
            "Mấy hôm nay {xưng hô} đo huyết áp ở nhà được bao nhiêu, đo lúc nào ạ?",
            "Có hôm nào quên hoặc tự ngưng thuốc không? Khi nào thì dễ quên?",
            "{xưng hô} có chóng mặt khi đứng dậy, phù chân, ho khan hay mệt sau khi uống thuốc không?",
            "{xưng hô} có đau đầu, hồi hộp, nhìn mờ hay khó ngủ không?",
            "Việc ăn nhạt và đi bộ có làm được không ạ, vướng ở đâu?",
            "Lịch tái khám là {ngày tái khám}, {xưng hô} đến được không ạ?",
            "{xưng hô} nhớ mang sổ đo huyết áp và thuốc đang dùng giúp bệnh viện nhé?",
        ),
        facts=(_F.REEXAMINATION, _F.MEDICINES, _F.ADVICE, _F.LAST_ENCOUNTER, _F.LAST_CONTACT),
        cautions=(
            "Huyết áp từ 180/120 trở lên, hoặc kèm đau đầu dữ dội, nói khó, méo miệng, yếu tay chân, đau ngực: "
            "gọi 115 ngay.",
            "Không khuyên tăng, giảm hay ngưng thuốc. Ghi số đo và báo bác sĩ.",
            _WHO,
        ),
    ),
    Starter(
        "diabetes",
        "Đái tháo đường: trước ngày tái khám",
        _BEFORE,
        diagnosis_prefixes="E10 E11 E13 E14",
        goals=(
            "Biết đường huyết gần đây và những lần hạ đường huyết",
            "Biết {xưng hô} ăn uống, dùng thuốc hoặc tiêm insulin thế nào",
            "Xác nhận ngày tái khám và dặn nhịn ăn nếu phải lấy máu",
        ),
        questions=(
            "Mấy hôm nay {xưng hô} thử đường huyết được bao nhiêu, lúc đói hay sau ăn ạ?",
            "Có lúc nào run tay, vã mồ hôi, đói cồn cào hay choáng không? Khi đó {xưng hô} làm gì?",
            "Thuốc hoặc insulin {xưng hô} dùng có đều không, có hôm nào quên không?",
            "Chân có tê, có vết xước hay vết loét nào lâu lành không ạ?",
            "Mắt nhìn có mờ đi không?",
            "Ăn uống theo lời dặn có khó ở chỗ nào không?",
            "Lịch tái khám là {ngày tái khám}, {xưng hô} đến được không ạ?",
        ),
        facts=(_F.REEXAMINATION, _F.MEDICINES, _F.ADVICE, _F.ALLERGIES, _F.LAST_CONTACT),
        cautions=(
            "Lơ mơ, nói lẫn, vã mồ hôi nhiều: cho uống nước đường nếu còn tỉnh và gọi 115.",
            "Vết loét bàn chân sưng đỏ, chảy mủ hoặc có mùi: báo bác sĩ, hẹn khám trong ngày.",
            _NO_ADVICE,
        ),
    ),
    Starter(
        "dental-extraction",
        "Sau nhổ răng, tiểu phẫu răng",
        _AFTER,
        diagnosis_prefixes="K01 K02 K04 K08.3 K10.3",
        goals=(
            "Phát hiện sớm chảy máu, nhiễm trùng, viêm ổ răng khô",
            "{xưng hô} biết chăm sóc vết nhổ và dùng thuốc đúng",
            "Hẹn ngày kiểm tra hoặc cắt chỉ",
        ),
        questions=(
            "Chỗ nhổ còn rỉ máu không ạ? Đã cầm hẳn từ lúc nào?",
            "Nếu cho điểm đau từ 0 đến 10 thì hôm nay mấy điểm, so với hôm qua tăng hay giảm?",
            "Má có sưng không? Hôm nay sưng hơn hay xẹp hơn hôm qua?",
            "{xưng hô} có sốt, có mùi hôi hay vị lạ trong miệng không?",
            "Há miệng và ăn uống được đến đâu rồi ạ?",
            "Thuốc {xưng hô} dùng đủ chưa, có nổi mẩn hay khó chịu gì không?",
            "Mấy hôm nay {xưng hô} có hút thuốc, uống bằng ống hút hay súc miệng mạnh không?",
        ),
        facts=(_F.LAST_ENCOUNTER, _F.MEDICINES, _F.ALLERGIES, _F.ADVICE, _F.REEXAMINATION),
        cautions=(
            "Đau tăng lên ở ngày thứ 3–4: nghĩ đến viêm ổ răng khô, hẹn khám ngay trong ngày.",
            "Sưng và đỏ từ ngày thứ 3: coi như nhiễm trùng cho đến khi bác sĩ loại trừ.",
            "Chảy máu quá 24 giờ hoặc cắn gạc 30 phút không cầm: đến ngay.",
            _DENTAL_FEVER,
        ),
    ),
    Starter(
        "dental-implant",
        "Sau đặt implant",
        _AFTER,
        diagnosis_prefixes="K08.1 Z96.5",
        goals=(
            "Phát hiện sớm biến chứng quanh implant",
            "{xưng hô} biết vệ sinh và ăn uống đúng",
            "Xác nhận hẹn kiểm tra, cắt chỉ sau 7–10 ngày",
        ),
        questions=(
            "Chỗ đặt implant còn chảy máu hay sưng không ạ?",
            "Điểm đau từ 0 đến 10 hôm nay là mấy, đang giảm hay tăng?",
            "Môi hoặc cằm bên đó có tê không, còn tê đến hôm nay không?",
            "Có thấy phần nào lỏng, lung lay hay cộm không?",
            "{xưng hô} vệ sinh chỗ đó thế nào, có khó không ạ?",
            "Có chảy dịch mũi, nghẹt một bên mũi từ hôm làm không?",
        ),
        facts=(_F.LAST_ENCOUNTER, _F.MEDICINES, _F.ALLERGIES, _F.ADVICE, _F.REEXAMINATION),
        cautions=(
            "Tê kéo dài, chảy mủ, implant lung lay, dịch chảy ra mũi: báo bác sĩ, hẹn khám trong ngày.",
            _DENTAL_FEVER,
            _NO_ADVICE,
        ),
    ),
    Starter(
        "dental-after",
        "Sau khi làm răng",
        _AFTER,
        diagnosis_prefixes="K0 Z01.2",
        goals=("Biết {xưng hô} đã ăn nhai dễ chịu chưa", "Nhắc lịch hẹn tiếp theo"),
        questions=(
            "Ăn nhai có đau hay ê buốt không ạ?",
            "Miếng trám, mão răng hoặc mắc cài có cộm, lỏng hay bong không?",
            "Nướu có sưng hoặc chảy máu nhiều hơn trước không?",
            "{xưng hô} hài lòng với lần làm răng vừa rồi không ạ?",
            "Lịch hẹn tiếp theo {xưng hô} đến được không ạ?",
        ),
        facts=(_F.LAST_ENCOUNTER, _F.ADVICE, _F.MEDICINES, _F.REEXAMINATION),
        cautions=(
            "Sưng, sốt, đau không giảm khi uống thuốc: báo bác sĩ, hẹn khám trong ngày.",
            "Nuốt phải vật gì, dây cung đâm vào má: hẹn khám ngay.",
            _NO_ADVICE,
        ),
    ),
    Starter(
        "pregnancy",
        "Thai phụ: trước lần khám thai tới",
        _BEFORE,
        diagnosis_prefixes="O Z34 Z35",
        mark=Vulnerability.PREGNANT,
        goals=(
            "Biết mẹ và bé trong bụng đang ổn",
            "Mẹ biết dấu hiệu phải đến viện ngay",
            "Xác nhận ngày khám thai và người đi cùng",
        ),
        questions=(
            "Hôm nay {xưng hô} thấy trong người thế nào, ăn ngủ được không ạ?",
            "Bé đạp có đều không, có hôm nào thấy ít hơn hẳn không?",
            "Có ra máu, ra nước hay đau bụng từng cơn không ạ?",
            "Có đau đầu, hoa mắt hay phù mặt, phù tay không?",
            "Sắt, canxi, axit folic {xưng hô} uống có đều không, có khó uống không?",
            "Lịch khám thai là {ngày tái khám}, hôm đó ai đi cùng {xưng hô} ạ?",
        ),
        facts=(_F.REEXAMINATION, _F.VULNERABILITY, _F.MEDICINES, _F.ALLERGIES, _F.LAST_ENCOUNTER),
        cautions=(
            "Ra máu, ra nước ối, đau bụng từng cơn, đau đầu dữ dội, co giật, thai đạp ít hẳn: "
            "đến khoa Sản hoặc cấp cứu ngay.",
            "Không khuyên dùng hay ngưng bất kỳ thuốc nào.",
            "Hỏi nhẹ nhàng; nếu mẹ vừa mất thai, dừng bộ gợi ý này và chia sẻ.",
        ),
    ),
    Starter(
        "child",
        "Trẻ em: trước ngày tái khám",
        _BEFORE,
        mark=Vulnerability.CHILD,
        goals=(
            "Nói chuyện với cha, mẹ hoặc người giám hộ",
            "Biết bé ăn, ngủ, chơi thế nào và thuốc có cho uống được không",
            "Xác nhận ngày tái khám và người đưa bé đi",
        ),
        questions=(
            "Em đang nói chuyện với ba, mẹ hay người nhà của bé ạ?",
            "Bé ăn, bú, ngủ và chơi thế nào so với hôm đi khám?",
            "Bé còn sốt không, cao nhất bao nhiêu độ, đo lúc nào?",
            "Thuốc cho bé uống có đủ liều không, bé có nôn ra không?",
            "Uống thuốc xong bé có nổi mẩn, ngứa hay khò khè không?",
            "Bé tiêm chủng đủ theo lịch chưa ạ?",
            "Lịch tái khám là {ngày tái khám}, ai sẽ đưa bé đi ạ?",
        ),
        facts=(_F.REEXAMINATION, _F.VULNERABILITY, _F.MEDICINES, _F.ALLERGIES, _F.ADVICE),
        cautions=(
            _CHILD_DANGER,
            _GUARDIAN_ONLY,
            _NO_ADVICE,
        ),
    ),
    Starter(
        "child-after",
        "Trẻ em: sau khi khám",
        _AFTER,
        mark=Vulnerability.CHILD,
        goals=(
            "Biết bé đã đỡ chưa, ăn, ngủ, chơi thế nào",
            "{người nghe máy} biết cho bé uống thuốc đúng và dấu hiệu phải đưa bé đi khám ngay",
            "Nghe {người nghe máy} nói thật về lần khám vừa rồi",
        ),
        questions=(
            "Em đang nói chuyện với ba, mẹ hay người nhà của bé ạ?",
            "Từ hôm khám về bé ăn, bú, ngủ và chơi thế nào ạ?",
            "Bé còn sốt không, cao nhất bao nhiêu độ, đo lúc nào?",
            "Bé còn ho, khò khè, nôn hay đi ngoài nhiều lần không?",
            "Thuốc cho bé uống có đủ liều không, uống xong bé có nổi mẩn, ngứa hay nôn ra không?",
            "Lời dặn của {bác sĩ} có điều nào khó làm theo không ạ?",
            "Lần khám vừa rồi gia đình hài lòng, tạm được hay chưa hài lòng?",
        ),
        facts=(_F.LAST_ENCOUNTER, _F.ADVICE, _F.MEDICINES, _F.ALLERGIES, _F.REEXAMINATION),
        cautions=(_CHILD_DANGER, _GUARDIAN_ONLY, _NO_ADVICE),
    ),
)
