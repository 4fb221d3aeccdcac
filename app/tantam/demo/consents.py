"""What patients, or who decides for them, agreed to at their first visit."""

from __future__ import annotations

from datetime import datetime, timedelta

from tantam.demo.people import Somebody
from tantam.demo.tables import Row
from tantam.demo.world import World

# purpose, share of those who said yes, of those who said no
ANSWERS = (("health_record", 0.99, 0.0), ("care_contact", 0.94, 0.03), ("marketing", 0.42, 0.22))


def decide(world: World, somebody: Somebody, texts: dict[str, Row]) -> None:
    """What the patient, or who decides for them, agreed to at the first visit; some changed their mind later."""
    chance = world.chance
    at, clerk = somebody.patient["created_at"] + timedelta(minutes=3), somebody.patient["created_by"]
    age = somebody.age_on(at.date())
    helped = "decides_with_help" in somebody.patient["vulnerability"]
    for purpose, yes, no in ANSWERS:
        luck = chance.random()
        if luck >= yes + no:
            continue
        decision = "given" if luck < yes else "refused"
        by = "representative" if age < 7 or helped else "both" if age < 18 else "self"
        channel = chance.choice(("paper", "paper", "in_person"))
        row = world.consents.add(
            patient=somebody.patient,
            purpose=purpose,
            decision=decision,
            text=texts[purpose],
            channel=channel,
            decided_by=by,
            evidence=f"Phiếu đồng ý số {chance.randrange(10_000, 99_999)}, lưu tại quầy"
            if channel == "paper"
            else "",
            decided_at=at,
            recorded_by=clerk,
            recorded_at=at,
            **_representative(somebody, by),
        )
        _tell(world, row, at, clerk)
        if purpose == "marketing" and decision == "given" and chance.random() < 0.06:
            later = at + timedelta(days=chance.randrange(20, 200))
            if later.date() < world.days.today:
                gone = world.consents.add(
                    **{**row, "decision": "withdrawn", "channel": "zalo", "evidence": "", "decided_at": later,
                       "recorded_at": later}
                )  # fmt: skip
                _tell(world, gone, later, clerk)


def _representative(somebody: Somebody, by: str) -> dict[str, str]:
    point = somebody.points[0]
    if by == "self" or not point.get("owner_name"):
        return {"representative_name": "Người giám hộ"} if by != "self" else {}
    return {"representative_name": point["owner_name"], "representative_relation": point["owner"]}


def _tell(world: World, row: Row, at: datetime, clerk: Row) -> None:
    world.tell(
        f"privacy.consent:{row['decision']}",
        row,
        at,
        clerk,
        purpose=row["purpose"],
        channel=row["channel"],
        decided_by=row["decided_by"],
        version=1,
    )
