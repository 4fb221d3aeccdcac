"""What a row says of a visit: doctor, diagnoses, prescription, re-examination, allergies, vital signs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from tantam.exchange.engine.drafts import (
    AllergyDraft,
    DiagnosisDraft,
    Draft,
    EncounterDraft,
    PatientDraft,
    PractitionerDraft,
    PrescriptionDraft,
    ReexaminationDraft,
    VitalDraft,
    external_id,
)
from tantam.exchange.engine.filling import (
    diagnosis_with_code,
    fill_day,
    fill_line,
    fill_moment,
    note,
    refuse,
)
from tantam.exchange.engine.measures import measured
from tantam.exchange.engine.problems import Problem
from tantam.exchange.engine.reasons import IN_FUTURE
from tantam.exchange.engine.sheets.columns import Column
from tantam.exchange.engine.sheets.row import SheetRow
from tantam.exchange.engine.sheets.values import (
    encounter_kind_of,
    folded,
    meals_of,
    number_of,
    parts_of,
    pressure_of,
    says_nothing,
    small_number_of,
    text_of,
    time_of,
)
from tantam.exchange.engine.titles import without_title
from tantam.lib.names import fold
from tantam.records.models import VitalKind

_DRUG_DETAILS = frozenset((Column.DRUG_AMOUNT, Column.DRUG_TIMES, Column.DRUG_DAYS))
_VITALS = frozenset((Column.BLOOD_PRESSURE, Column.PULSE, Column.TEMPERATURE, Column.WEIGHT, Column.HEIGHT))


@lru_cache(10_000)
def _doctor(said: str) -> tuple[str, str, str] | None:
    """Title, name and external id of the doctor a cell names; None for no doctor."""
    if says_nothing(said):
        return None
    title, name = without_title(said)
    if not any(character.isalpha() for character in name):
        return None
    return title, name, external_id(f"doctor:{fold(name)}")


def doctor_of(row: SheetRow) -> PractitionerDraft | None:
    said = row.text(Column.DOCTOR)
    found = _doctor(said[:200]) if said else None
    if found is None:
        return None
    title, name, known_as = found
    draft = PractitionerDraft(external_id=known_as, is_mention=True, title=title or None, **row.at)
    fill_line(draft, "full_name", name, limit=120, column=row.header(Column.DOCTOR))
    return draft


def encounter_of(
    row: SheetRow, patient: PatientDraft, doctor: PractitionerDraft | None
) -> EncounterDraft | None:
    if Column.ENCOUNTER_DATE not in row.cells:
        return None
    draft = EncounterDraft(
        external_id="",
        patient_ref=patient.external_id,
        practitioner_ref=doctor.external_id if doctor else None,
        status="finished",
        **row.at,
    )
    column = row.header(Column.ENCOUNTER_DATE)
    zone = row.context.zone
    cell = row.cells[Column.ENCOUNTER_DATE]
    fill_moment(draft, "started_at", cell, column=column, zone=zone, refuses=True)  # type: ignore[arg-type]
    if draft.started_at is not None:
        row.encounter_day = draft.started_at.astimezone(zone).date()
        if row.encounter_day > row.context.today:
            refuse(draft, "in_future", IN_FUTURE, column=column, value=row.text(Column.ENCOUNTER_DATE))
            draft.problems[-1] = draft.problems[-1].with_params(value=row.text(Column.ENCOUNTER_DATE)[:40])
    code = row.text(Column.ENCOUNTER_CODE)
    day = row.encounter_day or row.text(Column.ENCOUNTER_DATE)[:20]
    draft.external_id = external_id(f"{patient.external_id}@{f'#{code}' if code else day}")
    if Column.ENCOUNTER_END in row.cells:
        end = row.cells[Column.ENCOUNTER_END]
        fill_moment(draft, "ended_at", end, column=row.header(Column.ENCOUNTER_END), zone=zone)  # type: ignore[arg-type]
        if draft.ended_at and draft.started_at and draft.ended_at < draft.started_at:
            draft.ended_at = None
    if Column.ENCOUNTER_KIND in row.cells:
        draft.encounter_kind = encounter_kind_of(row.text(Column.ENCOUNTER_KIND))
    row.fill_line(draft, "speciality", Column.SPECIALITY, limit=100)
    row.fill_line(draft, "department", Column.DEPARTMENT, limit=120)
    row.fill_line(draft, "reason", Column.REASON, limit=500)
    row.fill_text(draft, "symptoms", Column.SYMPTOMS)
    row.fill_text(draft, "advice", Column.ADVICE)
    row.fill_text(draft, "clinical_notes", Column.CLINICAL_NOTES)
    return draft


def diagnoses_of(row: SheetRow, patient: PatientDraft, encounter: EncounterDraft | None) -> Iterator[Draft]:
    text, code = row.text(Column.DIAGNOSIS), row.text(Column.DIAGNOSIS_CODE)
    about = encounter.external_id if encounter else patient.external_id
    if text or code:
        yield _diagnosis(row, patient, encounter, f"{about}#main", text, code, is_main=True)
    if Column.DIAGNOSIS_OTHER in row.cells:
        for place, other in enumerate(parts_of(row.text(Column.DIAGNOSIS_OTHER)), start=1):
            yield _diagnosis(row, patient, encounter, f"{about}#other:{place}", other, "", is_main=False)


def _diagnosis(row: SheetRow, patient: PatientDraft, encounter: EncounterDraft | None, name: str, text: str, code: str,
    *, is_main: bool,
) -> DiagnosisDraft:  # fmt: skip
    draft = DiagnosisDraft(
        external_id=external_id(name),
        patient_ref=patient.external_id,
        encounter_ref=encounter.external_id if encounter else None,
        is_main=is_main,
        noted_on=row.encounter_day,
        **row.at,
    )
    if not code:
        text, code = diagnosis_with_code(text)
    fill_line(draft, "text", text or code, limit=300, column=row.header(Column.DIAGNOSIS))
    if code:
        fill_line(draft, "code", code.upper(), limit=30, column=row.header(Column.DIAGNOSIS_CODE))
        draft.code_system = "icd10"
    return draft


def prescriptions_of(
    row: SheetRow, patient: PatientDraft, encounter: EncounterDraft | None
) -> Iterator[Draft]:
    said = row.text(Column.DRUG)
    if not said or says_nothing(said):
        return
    about = encounter.external_id if encounter else patient.external_id
    has_details = not _DRUG_DETAILS.isdisjoint(row.cells)
    # Beside columns for amount and days a cell holds one medicine; alone it may hold the whole prescription.
    drugs = (
        [said]
        if has_details
        else [part for part in said.replace("\r", "\n").replace(";", "\n").split("\n") if part.strip()]
    )
    for drug in drugs[:30]:
        draft = PrescriptionDraft(
            external_id=external_id(f"{about}#drug:{folded(drug)[:100]}"),
            patient_ref=patient.external_id,
            encounter_ref=encounter.external_id if encounter else None,
            started_on=row.encounter_day,
            **row.at,
        )
        fill_line(draft, "drug", drug.strip(" -•*"), limit=300, column=row.header(Column.DRUG))
        if draft.drug is None:
            continue
        row.fill_line(draft, "amount", Column.DRUG_AMOUNT, limit=80)
        if has_details:
            draft.times_a_day = small_number_of(row.cells.get(Column.DRUG_TIMES), at_most=24)
            draft.days = small_number_of(row.cells.get(Column.DRUG_DAYS), at_most=1_000)
        row.fill_line(draft, "note", Column.DRUG_NOTE, limit=300)
        draft.meals = meals_of(row.text(Column.DRUG_NOTE) or said)
        yield draft


def reexaminations_of(
    row: SheetRow, patient: PatientDraft, encounter: EncounterDraft | None, doctor: PractitionerDraft | None
) -> Iterator[Draft]:
    cell = row.cells.get(Column.REEXAMINATION)
    if cell is None or says_nothing(text_of(cell)):
        return
    about = encounter.external_id if encounter else patient.external_id
    draft = ReexaminationDraft(
        external_id=external_id(f"{about}#reexamination"),
        patient_ref=patient.external_id,
        encounter_ref=encounter.external_id if encounter else None,
        practitioner_ref=doctor.external_id if doctor else None,
        **row.at,
    )
    column = row.header(Column.REEXAMINATION)
    fill_day(draft, "due_on", cell, column=column, today=row.context.today, refuses=True)  # type: ignore[arg-type]
    if Column.REEXAMINATION_TIME in row.cells:
        draft.at_time = time_of(row.cells[Column.REEXAMINATION_TIME])
    row.fill_line(draft, "speciality", Column.SPECIALITY, limit=100)
    yield draft


def allergies_of(row: SheetRow, patient: PatientDraft) -> Iterator[Draft]:
    said = row.text(Column.ALLERGY)
    if not said or says_nothing(said):
        return
    for agent in parts_of(said):
        if says_nothing(agent):
            continue
        draft = AllergyDraft(
            external_id=external_id(f"{patient.external_id}#allergy:{fold(agent)[:100]}"),
            patient_ref=patient.external_id,
            **row.at,
        )
        fill_line(draft, "agent", agent, limit=200, column=row.header(Column.ALLERGY))
        row.fill_line(draft, "reaction", Column.ALLERGY_REACTION, limit=300)
        yield draft


def vitals_of(row: SheetRow, patient: PatientDraft, encounter: EncounterDraft) -> Iterator[Draft]:
    if _VITALS.isdisjoint(row.cells):
        return
    pressure = pressure_of(row.text(Column.BLOOD_PRESSURE))
    values = [
        (VitalKind.SYSTOLIC, Column.BLOOD_PRESSURE, pressure[0] if pressure else None),
        (VitalKind.DIASTOLIC, Column.BLOOD_PRESSURE, pressure[1] if pressure else None),
        (VitalKind.HEART_RATE, Column.PULSE, number_of(row.cells.get(Column.PULSE))),
        (VitalKind.TEMPERATURE, Column.TEMPERATURE, number_of(row.cells.get(Column.TEMPERATURE))),
        (VitalKind.WEIGHT, Column.WEIGHT, number_of(row.cells.get(Column.WEIGHT))),
        (VitalKind.HEIGHT, Column.HEIGHT, number_of(row.cells.get(Column.HEIGHT))),
    ]
    for vital, _column, value in values:
        if value is None:
            continue
        # Heights are also written in metres.
        unit = "m" if vital == VitalKind.HEIGHT and value < 3 else ""
        draft = VitalDraft(
            external_id=external_id(f"{encounter.external_id}#{vital.value}"),
            patient_ref=patient.external_id,
            encounter_ref=encounter.external_id,
            **row.at,
        )
        found = measured(vital, value, unit)
        if isinstance(found, Problem):
            note(draft, found)
        else:
            draft.vital, (draft.measure, draft.unit) = vital.value, found
            draft.measured_at = encounter.started_at
        yield draft
