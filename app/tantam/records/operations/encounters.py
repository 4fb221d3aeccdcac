from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils import timezone

from tantam.accounts.models import Member, Practitioner
from tantam.facility.models import Site, SiteKind
from tantam.journal.operations import nothing_changed, operation, record, record_many
from tantam.lib.text import clean_text
from tantam.patients.models import Patient
from tantam.records.errors import (
    AllergyMet,
    DoctorNotActive,
    EncounterAlreadyCancelled,
    EncounterChangedMeanwhile,
    EncounterEmpty,
    EncounterEndsBeforeStart,
    EncounterInFuture,
    ReasonNeeded,
    ReexaminationBeforeEncounter,
    TextNeeded,
)
from tantam.records.events import RecordEvent
from tantam.records.models import (
    Diagnosis,
    Encounter,
    EncounterKind,
    EncounterStatus,
    PrescriptionLine,
    PrescriptionStatus,
    Reexamination,
    ReexaminationStatus,
)
from tantam.records.models.encounters import CLOCK_TOLERANCE, REPLACED
from tantam.records.operations.reexaminations import (
    cancel_reexamination,
    close_met_reexaminations,
    move_reexamination,
    plan_reexamination,
)
from tantam.records.queries.warnings import allergy_warnings
from tantam.records.rules.slips import DiagnosisDraft, PrescriptionDraft, Slip

LONGEST_TEXT = 20_000


@operation
def write_encounter(patient: Patient, slip: Slip, *, actor: Member) -> Encounter:
    """Write the examination slip in one act: visit, diagnoses, prescription, re-examination date (B2, J10).

    Closes the re-examinations the patient has kept by coming, and moves the patient's last visit on. The medicines
    the slip replaces are stopped. Somebody who was received today with a need has that visit become this one. A slip
    sent twice (same `submission`) is written once; the second time answers the first visit.

    Refuses with EncounterEmpty, EncounterInFuture, EncounterEndsBeforeStart, DoctorNotActive, AllergyMet when a
    medicine meets a known allergy and no reason is given, and with what planning a re-examination refuses.
    """
    _check(slip)
    if slip.doctor is not None and not slip.doctor.is_active:
        raise DoctorNotActive(field="doctor", doctor=str(slip.doctor))
    # One slip of a patient is written at a time, so that a form sent twice finds its first sending.
    patient = Patient.objects.held(patient.pk)
    if slip.submission is not None:
        sent = Encounter.objects.filter(submission=slip.submission, patient=patient).first()
        if sent is not None:
            nothing_changed()
            return sent
    in_spite = _check_allergies(patient, slip)
    columns = {"submission": slip.submission, **_columns(slip)}
    encounter = Encounter.objects.awaited(
        patient, site=slip.site, on=timezone.localdate(slip.started_at)
    ).first()
    if encounter is None or slip.status == EncounterStatus.PLANNED:
        encounter = Encounter.objects.create(patient=patient, created_by=actor, **columns)
    else:
        for name, value in columns.items():
            setattr(encounter, name, value)
        encounter.save(update_fields=list(columns))
    day = _day_of(encounter)
    written = _write_diagnoses(encounter, slip.written_diagnoses, day)
    _write_prescription(encounter, slip.written_lines, day)
    _stop_replaced(encounter, slip.replaces, day, actor=actor)
    record(
        RecordEvent.ENCOUNTER_WRITTEN,
        encounter,
        actor=actor,
        doctor=slip.doctor,
        diagnoses=[row.pk for row in written],
        medicines=len(slip.written_lines),
    )
    if in_spite:
        record(RecordEvent.PRESCRIBED_DESPITE_ALLERGY, encounter, actor=actor, lines=len(in_spite))
    Encounter.objects.date_last_encounters([patient.pk])
    close_met_reexaminations([patient.pk], actor=actor)
    _plan(encounter, slip, actor=actor)
    return encounter


@operation
def correct_encounter(
    encounter: Encounter, slip: Slip, *, revision: int | None = None, actor: Member
) -> Encounter:
    """Make a written slip say what `slip` says; former values stay in the history.

    `revision` is the one the form was opened with: when someone corrected the visit meanwhile, this refuses
    with EncounterChangedMeanwhile rather than undo their work. A re-examination of the visit that is still open
    moves to the slip's date; leaving the date out leaves it as it is.

    Refuses as `write_encounter` does, and with EncounterAlreadyCancelled.
    """
    _check(slip)
    encounter = _held(encounter)
    if encounter.is_cancelled:
        raise EncounterAlreadyCancelled
    if revision is not None and revision != encounter.revision:
        raise EncounterChangedMeanwhile
    in_spite = _check_allergies(encounter.patient, slip)
    columns = _columns(slip)
    changed = [name for name, value in columns.items() if getattr(encounter, name) != value]
    for name in changed:
        setattr(encounter, name, columns[name])
    encounter.revision += 1
    encounter.save(update_fields=[*changed, "revision"])
    day = _day_of(encounter)
    _write_diagnoses(encounter, slip.written_diagnoses, day)
    _write_prescription(encounter, slip.written_lines, day)
    record(
        RecordEvent.ENCOUNTER_CORRECTED, encounter, actor=actor, changed=changed, revision=encounter.revision
    )
    if in_spite:
        record(RecordEvent.PRESCRIBED_DESPITE_ALLERGY, encounter, actor=actor, lines=len(in_spite))
    Encounter.objects.date_last_encounters([encounter.patient_id])
    _plan(encounter, slip, actor=actor)
    return encounter


@operation
def cancel_encounter(encounter: Encounter, *, reason: str, actor: Member) -> Encounter:
    """Take back a visit that did not happen or was written for the wrong patient. It is kept, struck through.

    Its open re-examinations are cancelled, and those it had kept are open again. Refuses with ReasonNeeded or
    EncounterAlreadyCancelled.
    """
    why = clean_text(reason, max_length=300)
    if not why:
        raise ReasonNeeded(field="reason")
    encounter = _held(encounter)
    if encounter.is_cancelled:
        raise EncounterAlreadyCancelled
    encounter.status = EncounterStatus.CANCELLED
    encounter.cancel_reason = why
    encounter.revision += 1
    encounter.save(update_fields=["status", "cancel_reason", "revision"])
    record(RecordEvent.ENCOUNTER_CANCELLED, encounter, actor=actor)
    for planned in Reexamination.objects.open().filter(encounter=encounter).order_by("pk"):
        cancel_reexamination(planned, reason=why, actor=actor)
    kept = list(
        Reexamination.objects.filter(met_by=encounter, status=ReexaminationStatus.DONE)
        .order_by("pk")
        .select_for_update(of=("self",), no_key=True)
    )
    for reexamination in kept:
        reexamination.status = ReexaminationStatus.PLANNED
        reexamination.confirmed_at = None
        reexamination.met_by = None
    if kept:
        Reexamination.objects.bulk_update(kept, ["status", "confirmed_at", "met_by"])
        record_many(RecordEvent.REEXAMINATION_REOPENED, kept, actor=actor)
        close_met_reexaminations([encounter.patient_id], actor=actor)
    Encounter.objects.date_last_encounters([encounter.patient_id])
    return encounter


@operation
def receive_with_need(
    patient: Patient, *, need: str, site: Site, doctor: Practitioner | None = None, actor: Member
) -> Encounter:
    """The patient is here and says what for (B1): the doctor's day shows it, and the slip begins with it.

    Refuses with TextNeeded without a need, and with DoctorNotActive.
    """
    said = clean_text(need, max_length=500)
    if not said:
        raise TextNeeded(field="need")
    if doctor is not None and not doctor.is_active:
        raise DoctorNotActive(field="doctor", doctor=str(doctor))
    encounter: Encounter = Encounter.objects.create(
        patient=patient,
        site=site,
        doctor=doctor,
        speciality=doctor.speciality if doctor else None,
        kind=EncounterKind.DENTAL if site.kind == SiteKind.DENTAL else EncounterKind.OUTPATIENT,
        status=EncounterStatus.PLANNED,
        started_at=timezone.now(),
        reason=said,
        created_by=actor,
    )
    record(RecordEvent.NEED_TOLD, encounter, actor=actor, doctor=doctor)
    return encounter


def _stop_replaced(encounter: Encounter, line_ids: Sequence[int], day: date, *, actor: Member) -> None:
    """Stop the former medicines whose place this prescription takes, so that nobody reads both aloud."""
    if not line_ids:
        return
    former = PrescriptionLine.objects.visible_to(actor).filter(
        pk__in=line_ids, patient=encounter.patient_id, status=PrescriptionStatus.ACTIVE
    )
    # The visit a line belongs to may be absent, which a locked join cannot be: the rows are locked by themselves.
    wanted = list(former.exclude(encounter=encounter).values_list("pk", flat=True))
    lines = list(
        PrescriptionLine.objects.filter(pk__in=wanted)
        .order_by("pk")
        .select_for_update(of=("self",), no_key=True)
    )
    for line in lines:
        line.status, line.stopped_on, line.stop_reason = PrescriptionStatus.STOPPED, day, REPLACED
    if lines:
        PrescriptionLine.objects.bulk_update(lines, ["status", "stopped_on", "stop_reason"])
        record_many(RecordEvent.PRESCRIPTION_STOPPED, lines, actor=actor, replaced_by=encounter.pk)


def _check(slip: Slip) -> None:
    if slip.is_empty:
        raise EncounterEmpty
    if slip.status != EncounterStatus.PLANNED and slip.started_at > timezone.now() + CLOCK_TOLERANCE:
        raise EncounterInFuture(field="started_at")
    if slip.ended_at is not None and slip.ended_at < slip.started_at:
        raise EncounterEndsBeforeStart(field="ended_at")
    if slip.reexamination is not None:
        encounter_day = timezone.localdate(slip.started_at, slip.site.zone)
        if slip.reexamination.due_on <= encounter_day:
            raise ReexaminationBeforeEncounter(field="due_on")


def _check_allergies(patient: Patient, slip: Slip) -> list[str]:
    """The medicines that are prescribed in spite of a warning, with a reason.

    Refuses with AllergyMet, naming the first one that meets a known allergy and says no reason.
    """
    lines = slip.written_lines
    in_spite: list[str] = []
    warned = allergy_warnings(patient.pk, [line.drug for line in lines])
    for line in lines:
        for warning in warned.get(line.drug, ()):
            if not warning.level.needs_reason:
                continue
            if not line.despite_allergy.strip():
                raise AllergyMet(drug=line.drug, agent=warning.agent)
            in_spite.append(line.drug)
            break
    return in_spite


def _write_diagnoses(
    encounter: Encounter, drafts: Sequence[DiagnosisDraft], noted_on: date
) -> list[Diagnosis]:
    """Make the visit's diagnoses what the slip says. The first one is the main one when none is marked."""
    rows = []
    present = {row.pk: row for row in encounter.diagnoses.all()}
    main = next((index for index, draft in enumerate(drafts) if draft.is_main), 0)
    for index, draft in enumerate(drafts):
        row = present.pop(draft.id, None) if draft.id else None
        if row is None:
            row = Diagnosis(patient_id=encounter.patient_id, encounter=encounter, noted_on=noted_on)
        written = {
            "code": draft.code.strip().upper()[:30],
            "text": draft.words,
            "is_main": index == main,
        }
        _save(row, written)
        rows.append(row)
    Diagnosis.objects.filter(pk__in=present).delete()
    return rows


def _write_prescription(encounter: Encounter, drafts: Sequence[PrescriptionDraft], started_on: date) -> None:
    """Make the visit's prescription what the slip says."""
    present = {row.pk: row for row in encounter.prescription_lines.all()}
    for draft in drafts:
        row = present.pop(draft.id, None) if draft.id else None
        if row is None:
            row = PrescriptionLine(
                patient_id=encounter.patient_id, encounter=encounter, started_on=started_on
            )
        written = {
            "drug": clean_text(draft.drug, max_length=300),
            "amount": clean_text(draft.amount, max_length=80),
            "times_a_day": draft.times_a_day,
            "days": draft.days,
            "meals": draft.meals,
            "note": clean_text(draft.note, max_length=300),
            "despite_allergy": clean_text(draft.despite_allergy, max_length=300),
        }
        _save(row, written)
    PrescriptionLine.objects.filter(pk__in=present).delete()


def _save(row: Diagnosis | PrescriptionLine, written: Mapping[str, object]) -> None:
    changed = [name for name, value in written.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, written[name])
    if row._state.adding:
        row.save(force_insert=True)
    elif changed:
        row.save(update_fields=changed)


def _columns(slip: Slip) -> dict[str, object]:
    return {
        "site": slip.site,
        "department": slip.department,
        "speciality": slip.speciality or (slip.doctor.speciality if slip.doctor else None),
        "doctor": slip.doctor,
        "kind": slip.kind,
        "status": slip.status,
        "started_at": slip.started_at,
        "ended_at": slip.ended_at,
        "reason": clean_text(slip.reason, max_length=500),
        "symptoms": clean_text(slip.symptoms, max_length=LONGEST_TEXT),
        "advice": clean_text(slip.advice, max_length=LONGEST_TEXT),
        "clinical_notes": clean_text(slip.clinical_notes, max_length=LONGEST_TEXT),
    }


def _held(encounter: Encounter) -> Encounter:
    Patient.objects.held(encounter.patient_id)
    around = ("patient", "site", "doctor", "department", "speciality")
    return Encounter.objects.select_related(*around).held(encounter.pk)


def _day_of(encounter: Encounter) -> date:
    return timezone.localdate(encounter.started_at, encounter.site.zone)


def _plan(encounter: Encounter, slip: Slip, *, actor: Member) -> None:
    draft = slip.reexamination
    if draft is None:
        return
    planned = Reexamination.objects.open().filter(encounter=encounter).order_by("due_on").first()
    if planned is not None:
        move_reexamination(
            planned,
            due_on=draft.due_on,
            at_time=draft.at_time,
            anyway=draft.anyway,
            reason=draft.reason,
            actor=actor,
        )
        return
    plan_reexamination(
        encounter.patient,
        site=encounter.site,
        due_on=draft.due_on,
        at_time=draft.at_time,
        doctor=encounter.doctor,
        speciality=encounter.speciality,
        encounter=encounter,
        purpose=draft.purpose,
        anyway=draft.anyway,
        reason=draft.reason,
        actor=actor,
    )
