"""Condition, AllergyIntolerance and Observation (vital signs)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from tantam.exchange.engine.drafts import AllergyDraft, DiagnosisDraft, Draft, VitalDraft
from tantam.exchange.engine.fhir.shapes import (
    Json,
    Where,
    an_object,
    code_in,
    codings,
    encounter_in,
    objects,
    patient_in,
    said_in,
    word,
    words,
)
from tantam.exchange.engine.filling import fill_line, one_line, refuse
from tantam.exchange.engine.measures import VITALS, measured
from tantam.exchange.engine.problems import Problem
from tantam.exchange.engine.reasons import NO_DATE, NO_TEXT
from tantam.records.models import AllergyKind, Certainty, DiagnosisStatus, Severity

_SYSTEMS = (
    ("icd-10", "icd10"),
    ("icd10", "icd10"),
    ("snomed", "snomed"),
    ("loinc", "loinc"),
    ("icd-9", "icd9"),
)
_ICD10_IN_TEXT = re.compile(r"[A-TV-Z]\d[0-9A-Z](?:\.?[0-9A-Z]{1,4})?[†*]?")
_CATEGORIES = {
    "medication": AllergyKind.DRUG,
    "food": AllergyKind.FOOD,
    "environment": AllergyKind.ENVIRONMENT,
    "biologic": AllergyKind.DRUG,
}
_SEVERITIES = {"mild": Severity.MILD, "moderate": Severity.MODERATE, "severe": Severity.SEVERE}
_BY_WEIGHT = [Severity.UNKNOWN, Severity.MILD, Severity.MODERATE, Severity.SEVERE]
_AGENT_PREFIX = re.compile(r"(?:allergy to|allergic to|dị ứng(?: với)?)\s+", re.IGNORECASE)


def best_code(concept: Any) -> tuple[str, str]:
    """Code and system of a CodeableConcept: ICD-10 before anything else; ("", "") without a code."""
    best, rank = ("", ""), 9
    for coding in codings(concept):
        code, system = word(coding.get("code")).strip(), word(coding.get("system")).lower()
        if not code:
            continue
        name = next((ours for mark, ours in _SYSTEMS if mark in system), "")
        if not system and _ICD10_IN_TEXT.fullmatch(code):
            name = "icd10"
        place = {"icd10": 0, "snomed": 1}.get(name, 2)
        if place < rank:
            best, rank = (code[:30], name or one_line(system.rsplit("/", 1)[-1], 20)), place
    return best


def condition(resource: Json, where: Where) -> Iterator[Draft]:
    patient_ref = patient_in(resource, where, "subject", "patient")
    if patient_ref is None:
        return
    name, aliases = where.names(resource)
    draft = DiagnosisDraft(
        external_id=name,
        aliases=aliases,
        file=where.file,
        row=where.row,
        patient_ref=patient_ref,
        encounter_ref=encounter_in(resource, where),
    )
    code, system = best_code(resource.get("code"))
    if code:
        draft.code, draft.code_system = code, system
    fill_line(draft, "text", said_in(resource.get("code")), limit=300, column="code")
    if draft.text is None:
        refuse(draft, "no_text", NO_TEXT, column="code")
    clinical = code_in(resource.get("clinicalStatus")) or word(resource.get("clinicalStatus"))
    verification = code_in(resource.get("verificationStatus")) or word(resource.get("verificationStatus"))
    over = clinical in ("inactive", "remission", "resolved") or verification == "refuted"
    draft.status = DiagnosisStatus.RESOLVED if over else DiagnosisStatus.ACTIVE
    if verification == "entered-in-error":
        draft.withdrawn = True
    onset = an_object(resource.get("onsetPeriod")).get("start")
    draft.noted_on = where.day(
        draft, resource.get("onsetDateTime") or onset or resource.get("recordedDate"), column="onset"
    )
    yield draft


def allergy(resource: Json, where: Where) -> Iterator[Draft]:
    patient_ref = patient_in(resource, where, "patient", "subject")
    if patient_ref is None:
        return
    name, aliases = where.names(resource)
    draft = AllergyDraft(
        external_id=name,
        aliases=aliases,
        file=where.file,
        row=where.row,
        patient_ref=patient_ref,
        encounter_ref=encounter_in(resource, where),
    )
    reactions = objects(resource.get("reaction"))
    agent = said_in(resource.get("code") or resource.get("substance")) or next(
        filter(None, (said_in(reaction.get("substance")) for reaction in reactions)), ""
    )
    fill_line(draft, "agent", _AGENT_PREFIX.sub("", agent.strip(), count=1), limit=200, column="code")
    if draft.agent is None:
        refuse(draft, "no_text", NO_TEXT, column="code")
    draft.allergy_kind = next(
        (_CATEGORIES[category] for category in words(resource.get("category")) if category in _CATEGORIES),
        AllergyKind.OTHER,
    )
    manifestations = [
        said_in(manifestation)
        for reaction in reactions
        for manifestation in objects(reaction.get("manifestation"))
    ]
    described = [word(reaction.get("description")) for reaction in reactions]
    reaction = ", ".join(dict.fromkeys(filter(None, manifestations))) or "; ".join(filter(None, described))
    fill_line(draft, "reaction", reaction, limit=300, column="reaction")
    found = [_SEVERITIES.get(word(reaction.get("severity")), Severity.UNKNOWN) for reaction in reactions]
    worst = max(found, key=_BY_WEIGHT.index, default=Severity.UNKNOWN)
    if worst == Severity.UNKNOWN and resource.get("criticality") == "high":
        worst = Severity.SEVERE
    draft.severity = worst
    clinical = code_in(resource.get("clinicalStatus")) or word(resource.get("clinicalStatus"))
    verification = code_in(resource.get("verificationStatus")) or word(resource.get("verificationStatus"))
    if verification == "entered-in-error":
        draft.withdrawn = True
    if verification in ("refuted", "entered-in-error") or clinical in ("inactive", "resolved"):
        draft.certainty = Certainty.REFUTED
    else:
        draft.certainty = Certainty.CONFIRMED if verification == "confirmed" else Certainty.SUSPECTED
    draft.noted_at = where.moment(
        draft, resource.get("recordedDate") or resource.get("onsetDateTime"), column="recordedDate"
    )
    yield draft


def observation(resource: Json, where: Where) -> Iterator[Draft]:
    """Vital signs, one draft for each: a blood pressure panel gives two. Others are counted only."""
    panel = objects(resource.get("component"))
    candidates = [(resource, False), *((component, True) for component in panel)]
    wanted = [
        (part, is_component, vital)
        for part, is_component in candidates
        if (vital := _vital(part)) is not None and "valueQuantity" in part
    ]
    if not wanted:
        return
    patient_ref = patient_in(resource, where, "subject")
    if patient_ref is None:
        return
    status = word(resource.get("status"))
    name, aliases = where.names(resource)
    taken_at = (
        resource.get("effectiveDateTime")
        or an_object(resource.get("effectivePeriod")).get("start")
        or resource.get("effectiveInstant")
        or resource.get("issued")
    )
    for part, is_component, vital in wanted:
        draft = VitalDraft(
            external_id=f"{name}#{vital}"[:200] if is_component else name,
            aliases=[] if is_component else aliases,
            file=where.file,
            row=where.row,
            patient_ref=patient_ref,
            encounter_ref=encounter_in(resource, where),
            vital=vital,
        )
        if status in ("entered-in-error", "cancelled"):
            draft.withdrawn = True
        draft.measured_at = where.moment(draft, taken_at, column="effectiveDateTime", refuses=True)
        if draft.measured_at is None and not draft.is_refused:
            refuse(draft, "no_date", NO_DATE, column="effectiveDateTime")
        _fill_measure(draft, vital, an_object(part.get("valueQuantity")))
        yield draft


def _vital(part: Json) -> str | None:
    for coding in codings(part.get("code")):
        system = word(coding.get("system"))
        if (not system or "loinc" in system.lower()) and word(coding.get("code")) in VITALS:
            return VITALS[word(coding.get("code"))]
    return None


def _fill_measure(draft: VitalDraft, vital: str, quantity: Json) -> None:
    raw = quantity.get("value")
    try:
        value = Decimal(str(raw)) if raw is not None and not isinstance(raw, bool | dict | list) else None
    except InvalidOperation:
        value = None
    unit = word(quantity.get("code")) or word(quantity.get("unit"))
    result = measured(vital, value, unit)
    if isinstance(result, Problem):
        draft.problems.append(result)
    else:
        draft.measure, draft.unit = result
