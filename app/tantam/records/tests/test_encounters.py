from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from tantam.journal.models import Entry
from tantam.records.errors import (
    AllergyMet,
    DiagnosisAlreadyResolved,
    EncounterAlreadyCancelled,
    EncounterChangedMeanwhile,
    EncounterEmpty,
    EncounterEndsBeforeStart,
    EncounterInFuture,
    PrescriptionAlreadyStopped,
    ReasonNeeded,
    ReexaminationBeforeEncounter,
    TextNeeded,
)
from tantam.records.events import RecordEvent
from tantam.records.models import Diagnosis, Encounter, PrescriptionLine, Reexamination
from tantam.records.operations import (
    cancel_encounter,
    correct_allergy,
    correct_encounter,
    note_allergy,
    note_condition_change,
    resolve_diagnosis,
    stop_prescription_line,
    write_encounter,
)
from tantam.records.queries import record_summary
from tantam.records.rules.slips import DiagnosisDraft, PrescriptionDraft, ReexaminationDraft, Slip
from tests.factories.patients import PatientFactory
from tests.factories.records import (
    AllergyFactory,
    DiagnosisFactory,
    EncounterFactory,
    PrescriptionLineFactory,
    ReexaminationFactory,
)


@pytest.fixture
def patient(db):
    return PatientFactory()


def slip(site, doctor, **changes) -> Slip:
    today = timezone.localdate()
    return Slip(
        **{
            "site": site,
            "doctor": doctor,
            "started_at": timezone.now() - timedelta(minutes=30),
            "reason": "Tái khám huyết áp",
            "symptoms": "Không còn đau đầu",
            "advice": "Uống thuốc đều",
            "clinical_notes": "HA 150/95",
            "diagnoses": (DiagnosisDraft(code="i10"), DiagnosisDraft(text="Theo dõi đái tháo đường")),
            "prescription": (PrescriptionDraft("Amlodipin 5 mg", "1 viên", 1, 30, "after"),),
            "reexamination": ReexaminationDraft(today + timedelta(days=30)),
            "submission": uuid4(),
            **changes,
        }
    )


def test_a_slip_is_written_in_one_act(patient, site, doctor):
    """B2, J10"""
    encounter = write_encounter(patient, slip(site, doctor), actor=doctor.member)

    assert [(row.code, row.is_main) for row in encounter.diagnoses.order_by("id")] == [
        ("I10", True),
        ("", False),
    ]
    assert encounter.diagnoses.get(code="I10").text.startswith("Tăng huyết áp")
    assert encounter.prescription_lines.get().drug == "Amlodipin 5 mg"
    assert encounter.reexaminations.get().doctor == doctor
    assert encounter.speciality == doctor.speciality
    patient.refresh_from_db()
    assert patient.last_encounter_on == timezone.localdate()
    entry = Entry.objects.get(event=RecordEvent.ENCOUNTER_WRITTEN)
    assert entry.details["diagnoses"] == list(encounter.diagnoses.order_by("pk").values_list("pk", flat=True))
    assert "150" not in str(entry.details)


def test_a_slip_sent_twice_is_written_once(patient, site, doctor):
    written = slip(site, doctor)
    first = write_encounter(patient, written, actor=doctor.member)
    second = write_encounter(patient, written, actor=doctor.member)

    assert first.pk == second.pk
    assert Encounter.objects.count() == 1
    assert Reexamination.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"reason": "", "symptoms": " ", "diagnoses": ()}, EncounterEmpty),
        ({"started_at": timezone.now() + timedelta(days=1)}, EncounterInFuture),
        ({"ended_at": timezone.now() - timedelta(days=2)}, EncounterEndsBeforeStart),
        ({"reexamination": ReexaminationDraft(timezone.localdate())}, ReexaminationBeforeEncounter),
    ],
)
def test_a_slip_that_cannot_be_is_refused_and_nothing_is_written(patient, site, doctor, changes, refusal):
    with pytest.raises(refusal):
        write_encounter(patient, slip(site, doctor, **changes), actor=doctor.member)
    assert not Encounter.objects.exists()


def test_a_medicine_that_meets_an_allergy_needs_a_reason_and_then_passes(patient, site, doctor):
    AllergyFactory(patient=patient, agent="Penicillin")
    risky = (PrescriptionDraft("Augmentin 1 g", "1 viên", 2, 7),)
    with pytest.raises(AllergyMet, match="Augmentin 1 g"):
        write_encounter(patient, slip(site, doctor, prescription=risky), actor=doctor.member)
    assert not Encounter.objects.exists()

    reasoned = (PrescriptionDraft("Augmentin 1 g", "1 viên", 2, 7, despite_allergy="Đã test da âm tính"),)
    encounter = write_encounter(patient, slip(site, doctor, prescription=reasoned), actor=doctor.member)

    assert encounter.prescription_lines.get().despite_allergy == "Đã test da âm tính"
    assert Entry.objects.filter(event=RecordEvent.PRESCRIBED_DESPITE_ALLERGY).count() == 1


def test_coming_closes_the_open_date_and_cancelling_the_encounter_opens_it_again(patient, site, doctor):
    due = ReexaminationFactory(patient=patient, site=site, in_days=3)

    encounter = write_encounter(patient, slip(site, doctor), actor=doctor.member)

    due.refresh_from_db()
    assert (due.status, due.met_by) == ("done", encounter)
    with pytest.raises(ReasonNeeded):
        cancel_encounter(encounter, reason="", actor=doctor.member)
    cancel_encounter(encounter, reason="Nhầm bệnh nhân", actor=doctor.member)
    due.refresh_from_db()
    patient.refresh_from_db()
    assert (due.status, due.met_by) == ("planned", None)
    assert encounter.reexaminations.get().status == "cancelled"
    assert patient.last_encounter_on is None
    with pytest.raises(EncounterAlreadyCancelled):
        cancel_encounter(encounter, reason="lại", actor=doctor.member)


def test_a_correction_changes_rows_in_place_and_drops_what_was_left_out(patient, site, doctor):
    encounter = write_encounter(patient, slip(site, doctor), actor=doctor.member)
    main = encounter.diagnoses.get(code="I10")
    line = encounter.prescription_lines.get()
    later = timezone.localdate() + timedelta(days=40)

    correct_encounter(
        encounter,
        slip(
            site,
            doctor,
            advice="Giảm muối",
            diagnoses=(DiagnosisDraft(code="I11.9", id=main.pk),),
            prescription=(PrescriptionDraft("Amlodipin 10 mg", id=line.pk), PrescriptionDraft("")),
            reexamination=ReexaminationDraft(later),
        ),
        revision=0,
        actor=doctor.member,
    )

    encounter.refresh_from_db()
    assert (encounter.advice, encounter.revision) == ("Giảm muối", 1)
    assert [(row.pk, row.code) for row in Diagnosis.objects.all()] == [(main.pk, "I11.9")]
    assert [(row.pk, row.drug) for row in PrescriptionLine.objects.all()] == [(line.pk, "Amlodipin 10 mg")]
    assert encounter.reexaminations.get().due_on == later
    with pytest.raises(EncounterChangedMeanwhile):
        correct_encounter(encounter, slip(site, doctor), revision=0, actor=doctor.member)


def test_a_diagnosis_is_resolved_and_a_medicine_stopped_once(site, doctor):
    diagnosis, line = DiagnosisFactory(), PrescriptionLineFactory()
    assert resolve_diagnosis(diagnosis, actor=doctor.member).resolved_on == timezone.localdate()
    assert stop_prescription_line(line, reason="Phù chân", actor=doctor.member).stop_reason == "Phù chân"
    with pytest.raises(DiagnosisAlreadyResolved):
        resolve_diagnosis(diagnosis, actor=doctor.member)
    with pytest.raises(PrescriptionAlreadyStopped):
        stop_prescription_line(line, actor=doctor.member)


def test_a_change_of_condition_is_added_with_the_patients_words(site, mai):
    """B7"""
    encounter = EncounterFactory(site=site)
    change = note_condition_change(
        encounter.patient, encounter=encounter, trend="worse", text="Đau hơn", actor=mai
    )
    assert (change.site_id, change.reported_to, change.trend) == (site.pk, mai, "worse")
    with pytest.raises(TextNeeded):
        note_condition_change(encounter.patient, encounter=encounter, trend="worse", text=" ", actor=mai)


def test_the_medicines_in_use_are_those_whose_days_are_not_over(db):
    today = timezone.localdate()
    running = PrescriptionLineFactory(started_on=today - timedelta(days=29), days=30)
    PrescriptionLineFactory(started_on=today - timedelta(days=30), days=30)
    open_ended = PrescriptionLineFactory(started_on=today - timedelta(days=200), days=None)
    PrescriptionLineFactory(started_on=today - timedelta(days=400), days=None)
    PrescriptionLineFactory(status="stopped")
    assert set(PrescriptionLine.objects.in_use_on(today)) == {running, open_ended}


def test_a_planned_encounter_is_no_last_encounter(patient, site, doctor, mai):
    """Neither when it is written, nor when another one is cancelled, nor in what the pages say"""
    came = write_encounter(patient, slip(site, doctor), actor=mai)
    planned = slip(
        site, doctor, started_at=timezone.now() + timedelta(days=20), status="planned", reexamination=None
    )
    write_encounter(patient, planned, actor=mai)
    patient.refresh_from_db()
    assert patient.last_encounter_on == timezone.localdate()
    assert record_summary(patient, mai).last_encounter.id == came.pk

    cancel_encounter(came, reason="Nhầm", actor=mai)
    patient.refresh_from_db()
    assert patient.last_encounter_on is None
    assert record_summary(patient, mai).last_encounter is None


def test_the_journal_holds_numbers_of_rows_and_no_word_about_health(patient, site, doctor, mai):
    """What a patient has stands in their record, which can be destroyed; the journal cannot"""
    written = write_encounter(patient, slip(site, doctor), actor=mai)
    note_condition_change(patient, trend="worse", text="Khó thở", encounter=written, actor=mai)
    allergy = note_allergy(patient, agent="Penicillin", severity="severe", certainty="confirmed", actor=mai)
    correct_allergy(
        allergy, agent="Tôm", kind="food", reaction="", severity="mild", certainty="suspected", actor=mai
    )
    for row in written.diagnoses.all():
        resolve_diagnosis(row, actor=mai)

    kept = str(list(Entry.objects.filter(patient_id=patient.pk).values_list("details", flat=True))).lower()

    for word in ("i10", "severe", "mild", "confirmed", "suspected", "worse", "penicillin"):
        assert f"'{word}'" not in kept


def test_what_patients_say_is_sealed_in_the_database(patient, site, doctor, mai):
    encounter = write_encounter(
        patient, slip(site, doctor, reason="Đau ngực trái", symptoms="Hồi hộp"), actor=mai
    )
    change = note_condition_change(patient, trend="worse", text="Khó thở khi nằm", actor=mai)

    with connection.cursor() as cursor:
        cursor.execute("SELECT reason, symptoms FROM records_encounter WHERE id = %s", [encounter.pk])
        stored = [bytes(value) for value in cursor.fetchone()]
        cursor.execute("SELECT text FROM records_conditionchange WHERE id = %s", [change.pk])
        stored.append(bytes(cursor.fetchone()[0]))

    for sealed, plain in zip(stored, ("Đau ngực trái", "Hồi hộp", "Khó thở khi nằm"), strict=True):
        assert plain.encode() not in sealed
    encounter.refresh_from_db()
    assert (encounter.reason, encounter.symptoms) == ("Đau ngực trái", "Hồi hộp")
