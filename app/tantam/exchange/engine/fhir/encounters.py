"""Encounter, Appointment and CarePlan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tantam.exchange.engine.drafts import CarePlanDraft, Draft, EncounterDraft, ReexaminationDraft
from tantam.exchange.engine.fhir.shapes import (
    Json,
    NotAboutAPatient,
    Where,
    an_object,
    code_in,
    codings,
    encounter_in,
    objects,
    patient_in,
    pointer,
    practitioner_in,
    said_in,
    word,
)
from tantam.exchange.engine.filling import fill_line, note, one_line, refuse
from tantam.exchange.engine.problems import Problem
from tantam.exchange.engine.reasons import ENDS_BEFORE_START, NO_DATE, NO_TEXT
from tantam.records.models import EncounterKind, EncounterStatus, ReexaminationStatus

_CLASSES = {
    "AMB": EncounterKind.OUTPATIENT,
    "OP": EncounterKind.OUTPATIENT,
    "IMP": EncounterKind.INPATIENT,
    "ACUTE": EncounterKind.INPATIENT,
    "NONAC": EncounterKind.INPATIENT,
    "OBSENC": EncounterKind.INPATIENT,
    "SS": EncounterKind.INPATIENT,
    "PRENC": EncounterKind.OUTPATIENT,
    "EMER": EncounterKind.EMERGENCY,
    "FLD": EncounterKind.EMERGENCY,
    "HH": EncounterKind.HOME,
    "VR": EncounterKind.REMOTE,
    "VIRTUAL": EncounterKind.REMOTE,
}
_STATUSES = {
    "planned": EncounterStatus.PLANNED,
    "arrived": EncounterStatus.IN_PROGRESS,
    "triaged": EncounterStatus.IN_PROGRESS,
    "in-progress": EncounterStatus.IN_PROGRESS,
    "onleave": EncounterStatus.IN_PROGRESS,
    "finished": EncounterStatus.FINISHED,
    "completed": EncounterStatus.FINISHED,
    "cancelled": EncounterStatus.CANCELLED,
    "entered-in-error": EncounterStatus.CANCELLED,
}
_APPOINTMENTS = {
    "proposed": ReexaminationStatus.PLANNED,
    "pending": ReexaminationStatus.PLANNED,
    "booked": ReexaminationStatus.PLANNED,
    "waitlist": ReexaminationStatus.PLANNED,
    "arrived": ReexaminationStatus.DONE,
    "checked-in": ReexaminationStatus.DONE,
    "fulfilled": ReexaminationStatus.DONE,
    "cancelled": ReexaminationStatus.CANCELLED,
    "noshow": ReexaminationStatus.CANCELLED,
    "entered-in-error": ReexaminationStatus.CANCELLED,
}
_RESPONSIBLE_FIRST = {"ATND": 0, "PPRF": 1, "ADM": 2, "CON": 3}
ACTIVITIES_AT_MOST = 100


def _by_responsibility(participants: Any) -> Iterator[Any]:
    def order(participant: Json) -> int:
        codes = [
            word(coding.get("code"))
            for concept in objects(participant.get("type"))
            for coding in codings(concept)
        ]
        return min((_RESPONSIBLE_FIRST.get(code, 9) for code in codes), default=5)

    for participant in sorted(objects(participants), key=order):
        yield participant.get("individual") or participant.get("actor")


def encounter(resource: Json, where: Where) -> Iterator[Draft]:
    patient_ref = patient_in(resource, where, "subject", "patient")
    name, aliases = where.names(resource)
    draft = EncounterDraft(
        external_id=name, aliases=aliases, file=where.file, row=where.row, patient_ref=patient_ref
    )
    draft.practitioner_ref, mentions = practitioner_in(_by_responsibility(resource.get("participant")), where)
    draft.encounter_kind = _kind(resource.get("class"))
    status = word(resource.get("status"))
    draft.status = _STATUSES.get(status)
    if status == "entered-in-error":
        draft.withdrawn = True
    period = an_object(resource.get("period"))
    draft.started_at = where.moment(draft, period.get("start"), column="period.start", refuses=True)
    draft.ended_at = where.moment(draft, period.get("end"), column="period.end")
    if draft.started_at is None and not draft.is_refused:
        refuse(draft, "no_date", NO_DATE, column="period.start")
    if draft.started_at and draft.ended_at and draft.ended_at < draft.started_at:
        note(
            draft,
            Problem.of("ends_before_start", ENDS_BEFORE_START, field="period.end", value=period.get("end")),
        )
        draft.ended_at = None
    reason = "; ".join(dict.fromkeys(filter(None, map(said_in, objects(resource.get("reasonCode"))))))
    reason = (
        reason
        or said_in(resource.get("type"))
        or word(an_object(resource.get("reasonReference")).get("display"))
    )
    fill_line(draft, "reason", reason, limit=500, column="reasonCode")
    fill_line(draft, "speciality", said_in(resource.get("serviceType")), limit=100, column="serviceType")
    ranked = sorted(objects(resource.get("diagnosis")), key=_diagnosis_order)
    if ranked:
        main = pointer(ranked[0].get("condition"), where)
        draft.main_diagnosis_ref = main.id if main and main.type in ("", "Condition") and main.id else None
    yield from mentions
    yield draft


def _kind(given: Any) -> str | None:
    found = an_object(given)
    code = (word(found.get("code")) or code_in(found)).upper()
    return _CLASSES.get(code)


def _diagnosis_order(diagnosis: Json) -> tuple[int, int]:
    rank = diagnosis.get("rank")
    return (
        rank if isinstance(rank, int) and not isinstance(rank, bool) else 1_000,
        {"DD": 0, "AD": 1, "CC": 2}.get(code_in(diagnosis.get("use")), 1),
    )


def appointment(resource: Json, where: Where) -> Iterator[Draft]:
    participants = objects(resource.get("participant"))
    actors = [pointer(item.get("actor"), where) for item in participants]
    patient = next((actor for actor in actors if actor.type == "Patient" and actor.id), None)
    others = [actor.type for actor in actors if actor.type in ("Group", "Device")]
    if patient is None and others:
        raise NotAboutAPatient(others[0])
    name, aliases = where.names(resource)
    draft = ReexaminationDraft(
        external_id=name,
        aliases=aliases,
        file=where.file,
        row=where.row,
        patient_ref=patient.id if patient else "",
    )
    doctors = (
        item.get("actor")
        for item, actor in zip(participants, actors, strict=True)
        if actor.type in ("Practitioner", "PractitionerRole") or actor.inner
    )
    draft.practitioner_ref, mentions = practitioner_in(iter(list(doctors)), where)
    status = word(resource.get("status"))
    draft.status = _APPOINTMENTS.get(status)
    if status == "entered-in-error":
        draft.withdrawn = True
    start = resource.get("start") or an_object(resource.get("requestedPeriod")).get("start")
    begins = where.moment(draft, start, column="start", refuses=True)
    if begins is not None:
        local = begins.astimezone(where.zone)
        draft.due_on = local.date()
        draft.at_time = local.time().replace(microsecond=0) if len(word(start)) > 10 else None
    elif not draft.is_refused:
        refuse(draft, "no_date", NO_DATE, column="start")
    fill_line(draft, "speciality", said_in(resource.get("specialty")), limit=100, column="specialty")
    purpose = (
        word(resource.get("description"))
        or said_in(resource.get("reasonCode"))
        or said_in(resource.get("serviceType"))
        or said_in(resource.get("appointmentType"))
    )
    fill_line(draft, "purpose", purpose, limit=300, column="description")
    yield from mentions
    yield draft


def care_plan(resource: Json, where: Where) -> Iterator[Draft]:
    patient_ref = patient_in(resource, where, "subject", "patient")
    name, aliases = where.names(resource)
    draft = CarePlanDraft(
        external_id=name,
        aliases=aliases,
        file=where.file,
        row=where.row,
        patient_ref=patient_ref,
        encounter_ref=encounter_in(resource, where),
    )
    said = list(dict.fromkeys(filter(None, map(said_in, objects(resource.get("category"))))))
    named = [text for text in said if text != "assess-plan"]
    title = word(resource.get("title")) or ", ".join(named) or word(resource.get("description"))
    fill_line(draft, "title", title or ", ".join(said), limit=300, column="title")
    activities = objects(resource.get("activity"))
    for activity in activities[:ACTIVITIES_AT_MOST]:
        detail = an_object(activity.get("detail"))
        text = said_in(detail.get("code")) or word(detail.get("description"))
        line = one_line(text or word(an_object(activity.get("reference")).get("display")), 300)
        if line and line not in draft.activities:
            draft.activities.append(line)
    status = word(resource.get("status"))
    draft.is_active = status in ("active", "on-hold", "draft", "")
    if status == "entered-in-error":
        draft.withdrawn = True
    period = an_object(resource.get("period"))
    draft.starts_on = where.day(draft, period.get("start"), column="period.start")
    draft.ends_on = where.day(draft, period.get("end"), column="period.end")
    if draft.title is None and draft.activities:
        draft.title = draft.activities[0]
    if draft.title is None:
        refuse(draft, "no_text", NO_TEXT, column="title")
    yield draft
