"""The care rules we ship, as drafts: each does nothing until a manager has read it and switched it on.

The days follow the dental follow-up and discharge-call protocols a clinic approves before use. They are written in
Vietnamese, the language of the calls; every clinic edits its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tantam.care.models import Action, CareRule, Priority
from tantam.care.rules.contents import RuleContent
from tantam.knowledge.models import Occasion

_BEFORE, _AFTER = Occasion.BEFORE_REEXAMINATION, Occasion.AFTER_ENCOUNTER
_FIRST = Priority.HIGH

STARTER_RULES: Final = (
    RuleContent("Gọi nhắc và hỏi thăm trước tái khám 3 ngày", _BEFORE, 3),
    RuleContent("Nhắn tin nhắc trước tái khám 1 ngày", _BEFORE, 1, Action.MESSAGE, Priority.LOW),
    RuleContent("Gọi hỏi thăm sau khám, sau xuất viện 2 ngày", _AFTER, 2),
    RuleContent("Bệnh mạn tính: hỏi thăm mỗi tháng (tăng huyết áp, đái tháo đường)", _AFTER, 30,
                diagnosis_prefix="I10, I11, E10, E11"),
    RuleContent("Suy tim: hỏi cân nặng, khó thở sau 7 ngày", _AFTER, 7, priority=_FIRST, diagnosis_prefix="I50"),
    RuleContent("Nhổ răng, tiểu phẫu: gọi sau 1 ngày (chảy máu, đau, sưng)", _AFTER, 1, priority=_FIRST,
                diagnosis_prefix="K01, K08.1, K08.3"),
    RuleContent("Nhổ răng, tiểu phẫu: gọi sau 3 ngày (viêm ổ răng khô, nhiễm trùng)", _AFTER, 3, priority=_FIRST,
                diagnosis_prefix="K01, K08.1, K08.3, K10.3"),
    RuleContent("Nội nha: gọi sau 2 ngày (đau khi cắn, miếng trám tạm)", _AFTER, 2, diagnosis_prefix="K04"),
    RuleContent("Cạo vôi, nha chu: nhắn tin sau 3 ngày (ê buốt, chảy máu nướu)", _AFTER, 3, Action.MESSAGE,
                Priority.LOW, diagnosis_prefix="K05"),
    RuleContent("Chỉnh nha: gọi sau 3 ngày (mắc cài, dây cung, loét miệng)", _AFTER, 3, diagnosis_prefix="K07"),
)  # fmt: skip


def lacks_starters(rules: Iterable[CareRule]) -> bool:
    """Whether one of the shipped rules is not among these, in use or not."""
    names = {rule.name for rule in rules}
    return any(content.name not in names for content in STARTER_RULES)
