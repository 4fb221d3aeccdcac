"""Medication and MedicationRequest."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from tantam.exchange.engine.drafts import Draft, MedicationDraft, PrescriptionDraft
from tantam.exchange.engine.fhir.shapes import (
    Json,
    Where,
    an_object,
    code_in,
    codings,
    encounter_in,
    number,
    objects,
    patient_in,
    pointer,
    said_in,
    word,
    words,
)
from tantam.exchange.engine.filling import fill_line, refuse
from tantam.exchange.engine.reasons import NO_TEXT
from tantam.records.models import MealRelation, PrescriptionStatus

_STATUSES = {
    "active": PrescriptionStatus.ACTIVE,
    "on-hold": PrescriptionStatus.STOPPED,
    "cancelled": PrescriptionStatus.STOPPED,
    "stopped": PrescriptionStatus.STOPPED,
    "completed": PrescriptionStatus.COMPLETED,
    "entered-in-error": PrescriptionStatus.STOPPED,
}
_NOT_ORDERED = frozenset({"proposal", "option"})
_A_DAY = {"s": 86_400.0, "min": 1_440.0, "h": 24.0, "d": 1.0, "wk": 1 / 7, "mo": 1 / 30, "a": 1 / 365}
_CODES_A_DAY = {
    "QD": 1,
    "BID": 2,
    "TID": 3,
    "QID": 4,
    "Q4H": 6,
    "Q6H": 4,
    "Q8H": 3,
    "Q12H": 2,
    "AM": 1,
    "PM": 1,
    "BED": 1,
    "HS": 1,
}
_MEALS = {
    **dict.fromkeys(("AC", "ACM", "ACD", "ACV"), MealRelation.BEFORE),
    **dict.fromkeys(("C", "CM", "CD", "CV"), MealRelation.WITH),
    **dict.fromkeys(("PC", "PCM", "PCD", "PCV"), MealRelation.AFTER),
    **dict.fromkeys(("HS", "NIGHT"), MealRelation.BEDTIME),
}
_SMALLINT = 32_000


def drug_code(concept: Any) -> str:
    """The code of a medicine: RxNorm or ATC before anything else; 40 characters at most."""
    found = codings(concept)

    def order(coding: Json) -> int:
        system = word(coding.get("system")).lower()
        return 0 if "rxnorm" in system else 1 if "atc" in system else 2

    return next((word(item["code"])[:40] for item in sorted(found, key=order) if word(item.get("code"))), "")


def medication(resource: Json, where: Where) -> Iterator[Draft]:
    name, aliases = where.names(resource)
    draft = MedicationDraft(external_id=name, aliases=aliases, file=where.file, row=where.row)
    _fill_drug(draft, resource)
    if draft.drug is None:
        refuse(draft, "no_text", NO_TEXT, column="code")
    yield draft


def _fill_drug(draft: MedicationDraft | PrescriptionDraft, resource: Json) -> None:
    said = said_in(resource.get("code"))
    if not said:
        parts = (
            said_in(item.get("itemCodeableConcept"))
            or word(an_object(item.get("itemReference")).get("display"))
            for item in objects(resource.get("ingredient"))
        )
        said = " + ".join(filter(None, parts))
    fill_line(draft, "drug", said, limit=300, column="code")
    draft.drug_code = drug_code(resource.get("code")) or None


def medication_request(resource: Json, where: Where) -> Iterator[Draft]:
    """What was prescribed; a mere proposal is counted only."""
    patient_ref = patient_in(resource, where, "subject", "patient")
    if patient_ref is None or word(resource.get("intent")) in _NOT_ORDERED:
        return
    name, aliases = where.names(resource)
    draft = PrescriptionDraft(
        external_id=name,
        aliases=aliases,
        file=where.file,
        row=where.row,
        patient_ref=patient_ref,
        encounter_ref=encounter_in(resource, where),
    )
    concept = resource.get("medicationCodeableConcept")
    target = pointer(resource.get("medicationReference"), where)
    fill_line(draft, "drug", said_in(concept), limit=300, column="medication")
    draft.drug_code = drug_code(concept) or None
    if target.inner:
        _fill_drug(draft, target.inner)
    elif target.id:
        draft.medication_ref = target.id
        if draft.drug is None:
            fill_line(draft, "drug", target.display, limit=300, column="medication")
    if draft.drug is None and draft.medication_ref is None:
        refuse(draft, "no_text", NO_TEXT, column="medication")
    status = word(resource.get("status"))
    draft.status = _STATUSES.get(status)
    if status == "entered-in-error":
        draft.withdrawn = True
    draft.started_on = where.day(draft, resource.get("authoredOn"), column="authoredOn")
    _fill_dosage(draft, resource, where)
    yield draft


def _fill_dosage(draft: PrescriptionDraft, resource: Json, where: Where) -> None:
    instructions = objects(resource.get("dosageInstruction"))
    first = an_object(instructions)
    timing = an_object(first.get("timing"))
    repeat = an_object(timing.get("repeat"))
    fill_line(draft, "amount", _amount(first), limit=80, column="dosageInstruction.doseAndRate")
    draft.times_a_day = _times_a_day(timing, repeat)
    moments = words(repeat.get("when"))
    draft.meals = next((_MEALS[moment] for moment in moments if moment in _MEALS), None)
    draft.days = _days(repeat, resource, where, draft)
    said = [word(item.get("text")) or word(item.get("patientInstruction")) for item in instructions]
    if not any(said):
        said = [said_in(item) for item in objects(first.get("additionalInstruction"))]
        said.append(said_in(timing.get("code")) if draft.times_a_day is None else "")
    fill_line(
        draft,
        "note",
        "; ".join(dict.fromkeys(filter(None, said))),
        limit=300,
        column="dosageInstruction.text",
    )


def _plain_number(value: float | int) -> str:
    return f"{value:g}"


def _quantity(quantity: Json) -> str:
    value = number(quantity.get("value"))
    if value is None:
        return ""
    unit = word(quantity.get("unit")) or word(quantity.get("code")).strip("{}")
    return f"{_plain_number(value)} {unit}".strip()


def _amount(instruction: Json) -> str:
    dose = an_object(instruction.get("doseAndRate")) or instruction
    single = _quantity(an_object(dose.get("doseQuantity")))
    if single:
        return single
    between = an_object(dose.get("doseRange"))
    low, high = _quantity(an_object(between.get("low"))), _quantity(an_object(between.get("high")))
    return f"{low} – {high}" if low and high else low or high


def _times_a_day(timing: Json, repeat: Json) -> int | None:
    """Whole times a day, where the timing says so; every second day is no number of times a day."""
    frequency = number(repeat.get("frequency")) or (1 if repeat.get("period") else None)
    period = number(repeat.get("period")) or 1
    unit = word(repeat.get("periodUnit"))
    if frequency and unit in _A_DAY and math.isfinite(frequency) and math.isfinite(period) and period > 0:
        a_day = frequency * _A_DAY[unit] / period
        whole = round(a_day)
        return whole if 1 <= whole <= 48 and abs(a_day - whole) < 0.01 else None
    moments = words(repeat.get("when"))
    if moments:
        return len(moments)
    hours = words(repeat.get("timeOfDay"))
    if hours:
        return len(hours)
    return _CODES_A_DAY.get(code_in(timing.get("code")).upper())


def _days(repeat: Json, resource: Json, where: Where, draft: Draft) -> int | None:
    supply = an_object(an_object(resource.get("dispenseRequest")).get("expectedSupplyDuration"))
    for duration in (an_object(repeat.get("boundsDuration")), supply):
        value = number(duration.get("value"))
        unit = word(duration.get("code")) or word(duration.get("unit"))
        per_day = _A_DAY.get(unit, 1.0 if unit in ("day", "days", "ngày", "") else 0.0)
        if value and per_day and math.isfinite(value):
            days = round(value / per_day)
            return days if 1 <= days <= _SMALLINT else None
    bounds = an_object(repeat.get("boundsPeriod"))
    if bounds.get("start") and bounds.get("end"):
        start = where.day(draft, bounds["start"], column="boundsPeriod.start")
        end = where.day(draft, bounds["end"], column="boundsPeriod.end")
        if start and end and 0 <= (end - start).days < _SMALLINT:
            return (end - start).days + 1
    return None
