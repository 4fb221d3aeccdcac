"""An import is taken back while nothing was built on it; what was, is listed and stays (B5)."""

from __future__ import annotations

import pytest

from tantam.exchange.engine import running
from tantam.exchange.errors import RunNotUndoable
from tantam.exchange.models import ImportedIdentity, RunPart, RunState
from tantam.exchange.operations.undoing import start_undoing
from tantam.exchange.tests.fhir_files import bundle, hospital, patient, write
from tantam.journal.models import Entry
from tantam.patients.models import ContactPoint, Identifier, Patient, Relative
from tantam.records.models import Allergy, Encounter, Reexamination, VitalSign
from tests.factories.exchange import SourceFactory
from tests.factories.patients import PatientFactory

pytestmark = pytest.mark.django_db

EVERYTHING = (
    Patient,
    ContactPoint,
    Identifier,
    Relative,
    Encounter,
    Allergy,
    Reexamination,
    VitalSign,
    ImportedIdentity,
)


def counts():
    return {model.__name__: model.objects.count() for model in EVERYTHING}


@pytest.fixture
def undo():
    def _undo(run, actor=None):
        start_undoing(run, in_background=False, actor=actor)
        return running.undo(run.pk)

    return _undo


def test_everything_a_run_made_goes(tmp_path, take_in, undo, own_numbers, mai):
    before = counts()
    run = take_in(write(tmp_path, "encounter.json", hospital(3)), of=own_numbers)
    assert Patient.objects.count() == 3

    run = undo(run, mai)

    assert counts() == before
    assert (run.state, run.counts["undone"]["stays"]) == (RunState.UNDONE, 0)
    assert Entry.objects.filter(event="exchange.import:undone").count() == 1
    with pytest.raises(RunNotUndoable):
        start_undoing(run, in_background=False, actor=mai)


def test_after_an_undo_the_same_files_come_in_as_new(tmp_path, take_in, undo, own_numbers):
    file = write(tmp_path, "encounter.json", hospital(2))
    first = take_in(file, of=own_numbers)
    made = counts()
    undo(first)

    take_in(file, of=own_numbers)

    assert counts() == made


@pytest.mark.django_db(transaction=True)
def test_what_a_run_changed_is_as_it_was(tmp_path, take_in, undo, own_numbers):
    take_in(write(tmp_path, "one.json", bundle(patient(1))), of=own_numbers)
    before = Patient.objects.values("full_name", "province", "address_line", "name_key").get()
    marks = ImportedIdentity.objects.get(external_id="p1").marks
    moved = patient(1, telecom=[{"system": "phone", "value": "0987 000 001"}])
    moved["address"][0]["state"] = "Hải Phòng"
    run = take_in(write(tmp_path, "two.json", bundle(moved)), of=own_numbers)
    assert Patient.objects.get().province == "Hải Phòng"

    undo(run)

    assert Patient.objects.values("full_name", "province", "address_line", "name_key").get() == before
    assert ImportedIdentity.objects.get(external_id="p1").marks == marks
    assert [(point.value, point.is_preferred) for point in ContactPoint.objects.all()] == [
        ("+84912345601", True)
    ]


@pytest.mark.django_db(transaction=True)
def test_what_somebody_worked_with_stays_and_is_listed(tmp_path, take_in, undo, own_numbers, mai):
    run = take_in(write(tmp_path, "encounter.json", hospital(2)), of=own_numbers)
    worked = Patient.objects.order_by("pk").first()
    worked.province = "Hưng Yên"
    worked.save(update_fields=["province"])

    run = undo(run)

    assert Patient.objects.get() == worked
    assert worked.contact_points.count() == 1
    assert not Encounter.objects.exists()
    assert {pk for part in RunPart.objects.all() for pk in part.stays.get("patients.patient", ())} == {
        worked.pk
    }
    assert run.counts["undone"]["stays"] == 1


def test_an_encounter_that_people_wrote_holds_its_patient(tmp_path, take_in, undo, own_numbers, site):
    from django.utils import timezone

    run = take_in(write(tmp_path, "one.json", bundle(patient(1))), of=own_numbers)
    Encounter.objects.create(
        patient=Patient.objects.get(),
        site=site,
        kind="outpatient",
        started_at=timezone.now(),
        status="finished",
    )

    undo(run)

    assert Patient.objects.count() == Encounter.objects.count() == 1


def test_what_another_source_spoke_of_meanwhile_stays(tmp_path, take_in, undo, site):
    number = {"type": {"coding": [{"code": "NI"}]}, "system": "cccd", "value": "001151000123"}
    person = patient(1, identifier=[number])
    run = take_in(write(tmp_path, "one.json", bundle(person)), of=SourceFactory(site=site))
    take_in(write(tmp_path, "two.json", bundle(person)), of=SourceFactory(site=site))

    undo(run)

    assert Patient.objects.count() == 1


def test_an_undo_that_was_killed_goes_on(tmp_path, take_in, own_numbers, monkeypatch):
    run = take_in(write(tmp_path, "encounter.json", hospital(2)), of=own_numbers)
    start_undoing(run, in_background=False, actor=None)
    from tantam.exchange.operations.undoing import undo_next_part

    assert undo_next_part(run, actor=None)
    run = running.undo(run.pk)

    assert run.state == RunState.UNDONE
    assert not Patient.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_correction_after_the_import_is_never_taken_back(tmp_path, take_in, undo, own_numbers, mai):
    known = PatientFactory(full_name="Nguyễn Thị Hằng A", birth_year=1951, identity_number="001151000123")
    number = {"type": {"coding": [{"code": "NI"}]}, "system": "cccd", "value": "001151000123"}
    run = take_in(write(tmp_path, "one.json", bundle(patient(1, identifier=[number]))), of=own_numbers)
    known.refresh_from_db()
    assert known.province == "Hà Nội"
    Patient.objects.filter(pk=known.pk).update(province="Huế")

    undo(run)

    known.refresh_from_db()
    assert known.province == "Huế"
