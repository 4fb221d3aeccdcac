"""The care rules of the demonstration, and whom they would have reached on a day in the past.

What lies ahead is planned by the real planner; this only tells which contacts it had planned until yesterday.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from tantam.demo.tables import Row
from tantam.demo.world import World


@dataclass(frozen=True, slots=True)
class Rule:
    """One care rule as a manager would write it."""

    name: str
    occasion: str
    days: int
    action: str = "call"
    priority: int = 3
    site: str = ""
    speciality: str = ""
    prefixes: str = ""
    is_active: bool = True

    @property
    def is_before(self) -> bool:
        return self.occasion == BEFORE

    def fits(self, *, site: str, speciality: str, codes: list[str]) -> bool:
        if self.site not in ("", site) or self.speciality not in ("", speciality):
            return False
        wanted = tuple(self.prefixes.split(", ")) if self.prefixes else ("",)
        return any(code.startswith(wanted) for code in codes)


BEFORE: Final = "before_reexamination"
AFTER: Final = "after_encounter"
RULES: Final = (
    Rule("Gọi nhắc và hỏi thăm trước tái khám 3 ngày", BEFORE, 3),
    Rule("Thai phụ: gọi trước lần khám thai 7 ngày", BEFORE, 7, priority=2, prefixes="O24"),
    Rule("Chỉnh nha: nhắn tin trước hẹn 1 ngày", BEFORE, 1, action="message", priority=4, speciality="chinh-nha"),
    Rule("Sau nhổ răng, tiểu phẫu: gọi sau 1 ngày", AFTER, 1, priority=2, prefixes="K01, K08.3"),
    Rule("Sau đặt implant: gọi sau 3 ngày", AFTER, 3, priority=2, speciality="implant", prefixes="K08.1"),
    Rule("Trẻ viêm phế quản, tiêu chảy, tay chân miệng: hỏi thăm sau 2 ngày", AFTER, 2, priority=2,
         speciality="nhi", prefixes="J20, A09, B08"),
    Rule("Dọa sảy thai: gọi sau 2 ngày", AFTER, 2, priority=1, prefixes="O20"),
    Rule("Suy tim: hỏi cân nặng, khó thở sau 7 ngày", AFTER, 7, priority=2, prefixes="I50"),
    Rule("Hỏi mức hài lòng sau khám 5 ngày (đang tạm dừng)", AFTER, 5, priority=4, is_active=False),
)  # fmt: skip


def make_rules(world: World) -> list[tuple[Rule, Row]]:
    return [
        (
            rule,
            world.rules.add(
                name=rule.name,
                occasion=rule.occasion,
                days=rule.days,
                action=rule.action,
                priority=rule.priority,
                site=world.site_of.get(rule.site),
                speciality=world.speciality_of.get(rule.speciality),
                diagnosis_prefix=rule.prefixes,
                assigned_role="care_agent",
                is_active=rule.is_active,
                created_by=world.member_of["quanly"],
            ),
        )
        for rule in RULES
    ]


@dataclass(frozen=True, slots=True)
class Due:
    """A contact that a rule asks for: about what, and on which day."""

    rule: Rule
    rule_row: Row
    source: Row
    encounter: Row
    reexamination: Row | None
    anchor_on: date
    due_on: date

    @property
    def natural_key(self) -> dict[str, object]:
        kind = "encounter" if self.reexamination is None else "reexamination"
        return {"source_kind": kind, "source_id": self.source, "rule": self.rule_row, "occurrence": 0}


def asked_for(world: World, rules: list[tuple[Rule, Row]], since: date) -> list[Due]:
    """What the active rules asked for from `since` until yesterday, in the order of days."""
    codes: dict[Row, list[str]] = {}
    for diagnosis in world.diagnoses.rows:
        codes.setdefault(diagnosis["encounter"], []).append(diagnosis["code"])
    found: list[Due] = []
    for rule, row in rules:
        if not rule.is_active:
            continue
        sources = world.reexaminations.rows if rule.is_before else world.encounters.rows
        for source in sources:
            encounter = source["encounter"] if rule.is_before else source
            site, speciality = encounter["site"]["code"], encounter["speciality"]["code"]
            if not rule.fits(site=site, speciality=speciality, codes=codes[encounter]):
                continue
            due = _due(world, rule, row, source, encounter)
            if since <= due.due_on < world.days.today and due.due_on > encounter["started_at"].date():
                found.append(due)
    return sorted(found, key=lambda due: (due.due_on, due.rule.days))


def _due(world: World, rule: Rule, row: Row, source: Row, encounter: Row) -> Due:
    if rule.is_before:
        anchor = source["due_on"]
        due_on = world.days.open_day(anchor - timedelta(days=rule.days), -1)
        return Due(rule, row, source, encounter, source, anchor, due_on)
    anchor = encounter["ended_at"].date()
    return Due(
        rule, row, source, encounter, None, anchor, world.days.open_day(anchor + timedelta(days=rule.days))
    )
