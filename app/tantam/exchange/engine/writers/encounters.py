"""Visits and what they hold: diagnoses, prescriptions, measurements, re-examination dates, plans, allergies."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from tantam.exchange.engine.drafts import (
    AllergyDraft,
    CarePlanDraft,
    DiagnosisDraft,
    EncounterDraft,
    ForPatient,
    Kind,
    PrescriptionDraft,
    ReexaminationDraft,
    VitalDraft,
)
from tantam.exchange.engine.problems import Problem
from tantam.exchange.engine.reasons import NO_TEXT
from tantam.exchange.engine.writers.batch import UNCHANGED, UPDATED, Batch, Entry, write_rows
from tantam.lib.bulk import all_at_once
from tantam.lib.names import fold
from tantam.records.models import (
    Allergy,
    CarePlan,
    Diagnosis,
    DiagnosisStatus,
    Encounter,
    EncounterStatus,
    PrescriptionLine,
    PrescriptionStatus,
    Reexamination,
    ReexaminationStatus,
    VitalSign,
)


def _present(values: dict[str, Any]) -> dict[str, Any]:
    return {column: value for column, value in values.items() if value is not None}


def _refs(batch: Batch, name: str) -> list[str | None]:
    return [getattr(entry.draft, name) for entry in batch.entries]


def _encounter_id(draft: ForPatient, encounters: dict[str, int]) -> int | None:
    return encounters.get(draft.encounter_ref or "")


def write_encounters(batch: Batch) -> None:
    patients = batch.patients()
    doctors = batch.practitioners(_refs(batch, "practitioner_ref"))
    specialities = batch.specialities_of(doctors.values())
    now = timezone.now()

    def said(entry: Entry) -> dict[str, Any]:
        draft: EncounterDraft = entry.draft  # type: ignore[assignment]
        entry.facts = {"main": draft.main_diagnosis_ref} if draft.main_diagnosis_ref else None
        return _present(
            {
                "patient_id": patients[entry.item.patient_ref],
                "doctor_id": doctors.get(draft.practitioner_ref or ""),
                "department_id": batch.places.department(draft.department),
                "speciality_id": batch.places.speciality(draft.speciality)
                or batch.places.speciality(draft.department),
                "kind": draft.encounter_kind,
                "status": EncounterStatus.CANCELLED if draft.withdrawn else draft.status,
                "started_at": draft.started_at,
                "ended_at": draft.ended_at,
                "reason": draft.reason,
                "symptoms": draft.symptoms,
                "advice": draft.advice,
                "clinical_notes": draft.clinical_notes,
            }
        )

    def at_creation(entry: Entry, values: dict[str, Any]) -> dict[str, Any]:
        more: dict[str, Any] = {"site_id": batch.site.pk, "created_by_id": batch.run.member_id}
        if "status" not in values:
            planned = values["started_at"] > now
            more["status"] = str(EncounterStatus.PLANNED if planned else EncounterStatus.FINISHED)
        if "speciality_id" not in values:
            more["speciality_id"] = specialities.get(values.get("doctor_id", 0))
        return more

    write_rows(batch, Encounter, said, at_creation=at_creation)
    Encounter.objects.date_last_encounters(patients.values())


def write_diagnoses(batch: Batch) -> None:
    patients = batch.patients()
    encounters = batch.known([Kind.ENCOUNTER], _refs(batch, "encounter_ref"))

    def said(entry: Entry) -> dict[str, Any]:
        draft: DiagnosisDraft = entry.draft  # type: ignore[assignment]
        encounter = encounters.get(draft.encounter_ref or "")
        is_main = draft.is_main
        if is_main is None and encounter is not None and encounter.facts.get("main") == draft.external_id:
            is_main = True
        return _present(
            {
                "patient_id": patients[entry.item.patient_ref],
                "encounter_id": encounter.id if encounter else None,
                "code": draft.code,
                "code_system": draft.code_system,
                "text": draft.text,
                "is_main": is_main,
                "status": DiagnosisStatus.RESOLVED if draft.withdrawn else draft.status,
                "noted_on": draft.noted_on,
            }
        )

    write_rows(batch, Diagnosis, said)


def write_prescriptions(batch: Batch) -> None:
    patients, encounters = batch.patients(), batch.encounters(_refs(batch, "encounter_ref"))
    medicines = batch.known([Kind.MEDICATION], _refs(batch, "medication_ref"))

    def said(entry: Entry) -> dict[str, Any] | None:
        draft: PrescriptionDraft = entry.draft  # type: ignore[assignment]
        medicine = medicines.get(draft.medication_ref or "")
        facts = medicine.facts if medicine else {}
        drug = facts.get("drug") or draft.drug
        if not drug and entry.object_id is None:
            entry.refuse(Problem.of("no_text", NO_TEXT, field="medication", refuses=True))
            return None
        return _present(
            {
                "patient_id": patients[entry.item.patient_ref],
                "encounter_id": _encounter_id(draft, encounters),
                "drug": drug or None,
                "drug_code": facts.get("code") or draft.drug_code,
                "amount": draft.amount,
                "times_a_day": draft.times_a_day,
                "days": draft.days,
                "meals": draft.meals,
                "note": draft.note,
                "status": PrescriptionStatus.STOPPED if draft.withdrawn else draft.status,
                "started_on": draft.started_on,
            }
        )

    write_rows(batch, PrescriptionLine, said)


def write_vitals(batch: Batch) -> None:
    """Measurements; one the source withdraws goes away again."""
    patients, encounters = batch.patients(), batch.encounters(_refs(batch, "encounter_ref"))
    gone = [entry for entry, draft in batch.drafts(VitalDraft) if draft.withdrawn]
    VitalSign.objects.filter(pk__among=[entry.object_id for entry in gone if entry.object_id]).delete()
    for entry in gone:
        entry.outcome = UPDATED

    def said(entry: Entry) -> dict[str, Any]:
        draft: VitalDraft = entry.draft  # type: ignore[assignment]
        return _present(
            {
                "patient_id": patients[entry.item.patient_ref],
                "encounter_id": _encounter_id(draft, encounters),
                "kind": draft.vital,
                "value": draft.measure,
                "unit": draft.unit,
                "measured_at": draft.measured_at,
            }
        )

    write_rows(batch, VitalSign, said, hand_made_stays=False)


def _as_planned(status: str) -> str:
    """A patient's word that they will come is ours to keep: to the source the date is still planned."""
    return ReexaminationStatus.PLANNED if status == ReexaminationStatus.CONFIRMED else status


def write_reexaminations(batch: Batch) -> None:
    """Dates to come again. A date moved here stays, with its status, until the source is corrected."""
    patients, encounters = batch.patients(), batch.encounters(_refs(batch, "encounter_ref"))
    doctors = batch.practitioners(_refs(batch, "practitioner_ref"))
    specialities = batch.specialities_of(doctors.values())
    rows = Encounter.objects.filter(pk__among=set(encounters.values())).values_list(
        "pk", "doctor_id", "speciality_id"
    )
    at_encounters = {pk: (doctor_id, speciality_id) for pk, doctor_id, speciality_id in all_at_once(rows)}

    def said(entry: Entry) -> dict[str, Any]:
        draft: ReexaminationDraft = entry.draft  # type: ignore[assignment]
        return _present(
            {
                "patient_id": patients[entry.item.patient_ref],
                "encounter_id": _encounter_id(draft, encounters),
                "doctor_id": doctors.get(draft.practitioner_ref or ""),
                "speciality_id": batch.places.speciality(draft.speciality),
                "due_on": draft.due_on,
                "at_time": draft.at_time,
                "purpose": draft.purpose,
                "status": ReexaminationStatus.CANCELLED if draft.withdrawn else draft.status,
            }
        )

    def at_creation(entry: Entry, values: dict[str, Any]) -> dict[str, Any]:
        doctor_id, speciality_id = at_encounters.get(values.get("encounter_id", 0), (None, None))
        more: dict[str, Any] = {"site_id": batch.site.pk}
        if "doctor_id" not in values:
            more["doctor_id"] = doctor_id
        if "speciality_id" not in values:
            more["speciality_id"] = specialities.get(values.get("doctor_id", 0)) or speciality_id
        return more

    write_rows(
        batch,
        Reexamination,
        said,
        at_creation=at_creation,
        compared_as={"status": _as_planned},
        guarded={"due_on": ("status", "at_time")},
    )


def write_care_plans(batch: Batch) -> None:
    patients, encounters = batch.patients(), batch.encounters(_refs(batch, "encounter_ref"))

    def said(entry: Entry) -> dict[str, Any]:
        draft: CarePlanDraft = entry.draft  # type: ignore[assignment]
        return _present(
            {
                "patient_id": patients[entry.item.patient_ref],
                "encounter_id": _encounter_id(draft, encounters),
                "title": draft.title,
                "activities": draft.activities or None,
                "is_active": False if draft.withdrawn else draft.is_active,
                "starts_on": draft.starts_on,
                "ends_on": draft.ends_on,
            }
        )

    write_rows(batch, CarePlan, said, hand_made_stays=False)


def write_allergies(batch: Batch) -> None:
    """One row for each substance a patient is allergic to, whoever said it first."""
    patients = batch.patients()
    keys: dict[int, tuple[int, str]] = {}
    for entry, draft in batch.drafts(AllergyDraft):
        keys[id(entry)] = patients[entry.item.patient_ref], fold(draft.agent or "")[:200]
    held = {
        (patient_id, key): pk
        for patient_id, key, pk in Allergy.objects.filter(
            patient_id__among={patient_id for patient_id, _key in keys.values()}
        ).values_list("patient_id", "agent_key", "pk")
    }
    first: dict[tuple[int, str], Entry] = {}
    again: list[tuple[Entry, Entry]] = []
    for entry, _draft in batch.drafts(AllergyDraft):
        key = keys[id(entry)]
        if entry.object_id is None and key in first:
            again.append((entry, first[key]))
            entry.outcome = UNCHANGED
            continue
        entry.object_id = entry.object_id or held.get(key)
        first.setdefault(key, entry)

    def said(entry: Entry) -> dict[str, Any]:
        draft: AllergyDraft = entry.draft  # type: ignore[assignment]
        patient_id, key = keys[id(entry)]
        values = _present(
            {
                "patient_id": patient_id,
                "agent": draft.agent,
                "kind": draft.allergy_kind,
                "reaction": draft.reaction,
                "severity": draft.severity,
                "certainty": draft.certainty,
                "noted_at": draft.noted_at,
            }
        )
        # A corrected spelling that is already another row of this patient stays as it was.
        if entry.object_id is None or held.get((patient_id, key), entry.object_id) == entry.object_id:
            return values | {"agent_key": key}
        return {column: value for column, value in values.items() if column != "agent"}

    def at_creation(entry: Entry, values: dict[str, Any]) -> dict[str, Any]:
        return {"noted_by_id": batch.run.member_id}

    write_rows(batch, Allergy, said, at_creation=at_creation)
    for entry, other in again:
        entry.object_id = other.object_id
