"""Acts on one patient wait for the patient first, and so never for each other in a circle (0052)."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.utils import timezone

from tantam.patients.models import Patient
from tantam.records.models import (
    Allergy,
    ConditionChange,
    Diagnosis,
    Encounter,
    PrescriptionLine,
    Reexamination,
)
from tantam.records.operations import (
    cancel_encounter,
    cancel_reexamination,
    change_responsible_doctor,
    close_met_reexaminations,
    confirm_reexamination,
    correct_allergy,
    correct_encounter,
    encounters,
    move_reexamination,
    note_allergy,
    note_condition_change,
    plan_reexamination,
    refute_allergy,
    resolve_diagnosis,
    stop_prescription_line,
    write_encounter,
)
from tantam.records.rules.slips import Slip
from tests.factories.accounts import PractitionerFactory
from tests.factories.patients import PatientFactory
from tests.factories.records import (
    AllergyFactory,
    DiagnosisFactory,
    EncounterFactory,
    PrescriptionLineFactory,
    ReexaminationFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 20
ROWS = (Encounter, Diagnosis, PrescriptionLine, Reexamination, Allergy)


class Story:
    """A patient with a row of every kind."""

    def __init__(self, site, doctor) -> None:
        self.site = site
        self.doctor = doctor
        self.other = PractitionerFactory(site=site, speciality=doctor.speciality)
        self.patient = PatientFactory()
        self.encounter = EncounterFactory(patient=self.patient, site=site, doctor=doctor)
        Encounter.objects.date_last_encounters([self.patient.pk])
        self.diagnosis = DiagnosisFactory(encounter=self.encounter)
        self.line = PrescriptionLineFactory(encounter=self.encounter)
        self.date = ReexaminationFactory(
            patient=self.patient, site=site, doctor=doctor, encounter=self.encounter, in_days=5
        )
        self.allergy = AllergyFactory(patient=self.patient)

    @property
    def day(self):
        return timezone.localdate() + timedelta(days=9)

    def slip(self) -> Slip:
        return Slip(
            site=self.site,
            started_at=timezone.now() - timedelta(minutes=5),
            doctor=self.doctor,
            reason="Đau đầu",
        )


@pytest.fixture
def story(site, doctor):
    return Story(site, doctor)


ACTS = {
    "write": lambda s, by: write_encounter(s.patient, s.slip(), actor=by),
    "correct": lambda s, by: correct_encounter(s.encounter, s.slip(), actor=by),
    "cancel": lambda s, by: cancel_encounter(s.encounter, reason="Nhầm", actor=by),
    "plan": lambda s, by: plan_reexamination(s.patient, site=s.site, due_on=s.day, actor=by),
    "move": lambda s, by: move_reexamination(s.date, due_on=s.day, actor=by),
    "confirm": lambda s, by: confirm_reexamination(s.date, actor=by),
    "give-up": lambda s, by: cancel_reexamination(s.date, actor=by),
    "met": lambda s, by: close_met_reexaminations([s.patient.pk], actor=by),
    "doctor-of-encounter": lambda s, by: change_responsible_doctor(s.encounter, doctor=s.other, actor=by),
    "doctor-of-date": lambda s, by: change_responsible_doctor(s.date, doctor=s.other, actor=by),
    "note-allergy": lambda s, by: note_allergy(s.patient, agent="Penicillin", severity="severe", actor=by),
    "correct-allergy": lambda s, by: correct_allergy(
        s.allergy, agent="Tôm", kind="food", reaction="", severity="mild", certainty="suspected", actor=by
    ),
    "refute-allergy": lambda s, by: refute_allergy(s.allergy, reason="Nhầm", actor=by),
    "change": lambda s, by: note_condition_change(s.patient, trend="worse", text="Mệt", actor=by),
    "resolve": lambda s, by: resolve_diagnosis(s.diagnosis, actor=by),
    "stop": lambda s, by: stop_prescription_line(s.line, actor=by),
}


def _in_a_thread(pool: ThreadPoolExecutor, work):
    def whole():
        try:
            return work()
        finally:
            connections.close_all()

    return pool.submit(whole)


def _someone_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()"
        )
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize("act", ACTS)
def test_every_act_waits_for_the_patient_before_it_holds_a_row(act, story, mai):
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Patient.objects.held(story.patient.pk)
            done = _in_a_thread(pool, lambda: ACTS[act](story, mai))
            until = time.monotonic() + PATIENCE
            while not _someone_waits():
                assert not done.done(), f"{act} did not wait for the patient"
                assert time.monotonic() < until
                time.sleep(0.01)
            for model in ROWS:
                list(model.objects.filter(patient=story.patient).select_for_update(nowait=True))
        done.result(PATIENCE)


def _one_after_the_other(monkeypatch, name, first, second) -> list[str]:
    """Start `second` while `first` stands still after `encounters.<name>`; answers what failed."""
    reached, failed = threading.Event(), []
    original = getattr(encounters, name)

    def slowly(*args, **kwargs):
        answer = original(*args, **kwargs)
        if threading.current_thread().name.startswith("first"):
            reached.set()
            time.sleep(0.7)
        return answer

    monkeypatch.setattr(encounters, name, slowly)

    def run(work):
        try:
            work()
        except OperationalError as problem:
            failed.append(str(problem))

    with ThreadPoolExecutor(1, "first") as one, ThreadPoolExecutor(1, "second") as two:
        begun = _in_a_thread(one, lambda: run(first))
        assert reached.wait(PATIENCE)
        followed = _in_a_thread(two, lambda: run(second))
        begun.result(PATIENCE)
        followed.result(PATIENCE)
    return failed


def test_an_encounter_is_cancelled_while_the_next_one_is_written(story, mai, monkeypatch):
    """The one held the date and wanted the patient, the other the patient and the date"""
    failed = _one_after_the_other(
        monkeypatch,
        "cancel_reexamination",
        lambda: cancel_encounter(story.encounter, reason="Nhầm", actor=mai),
        lambda: write_encounter(story.patient, story.slip(), actor=mai),
    )

    assert failed == []
    assert Encounter.objects.count() == 2


def test_an_encounter_is_corrected_while_a_date_is_planned_for_it(story, mai, monkeypatch):
    """The one held the visit and wanted the patient, the other the patient and a key of the visit"""
    failed = _one_after_the_other(
        monkeypatch,
        "_write_prescription",
        lambda: correct_encounter(story.encounter, story.slip(), actor=mai),
        lambda: plan_reexamination(
            story.patient, site=story.site, due_on=story.day, encounter=story.encounter, actor=mai
        ),
    )

    assert failed == []
    assert Reexamination.objects.filter(encounter=story.encounter).count() == 2


@pytest.mark.parametrize(
    ("model", "act"),
    [
        pytest.param(
            Allergy,
            lambda s, by, key: note_allergy(s.patient, agent="Amoxicillin", submission=key, actor=by),
            id="allergy",
        ),
        pytest.param(
            Reexamination,
            lambda s, by, key: plan_reexamination(
                s.patient, site=s.site, due_on=s.day, submission=key, actor=by
            ),
            id="re-examination",
        ),
        pytest.param(
            ConditionChange,
            lambda s, by, key: note_condition_change(
                s.patient, trend="worse", text="Mệt", submission=key, actor=by
            ),
            id="condition-change",
        ),
    ],
)
def test_a_form_sent_twice_at_once_makes_one_row(model, act, story, mai):
    key, together = uuid4(), threading.Barrier(2)
    before = model.objects.count()

    def send():
        together.wait(PATIENCE)
        return act(story, mai, key).pk

    with ThreadPoolExecutor(2) as pool:
        sent = [_in_a_thread(pool, send) for _ in range(2)]
        first, second = (one.result(PATIENCE) for one in sent)

    assert first == second
    assert model.objects.count() == before + 1
