"""A run that is killed anywhere loses and doubles nothing (B5)."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tantam.exchange import jobs
from tantam.exchange.engine import running, staging
from tantam.exchange.models import ImportRun, RunState, StagedItem
from tantam.exchange.operations import parts
from tantam.exchange.operations.runs import (
    discard_run,
    name_files,
    resume_run,
    start_applying,
    start_reading,
    stop_run,
)
from tantam.exchange.tests.fhir_files import hospital, patient, write, write_lines
from tantam.patients.models import ContactPoint, Patient
from tantam.records.models import Allergy, Diagnosis, Encounter, PrescriptionLine, Reexamination, VitalSign
from tests.factories.exchange import SourceFactory

WRITTEN = (Patient, ContactPoint, Encounter, Diagnosis, PrescriptionLine, Allergy, VitalSign, Reexamination)


class Killed(BaseException):
    """Like a kill: nothing of ours catches it."""


@pytest.fixture
def small_parts(monkeypatch):
    monkeypatch.setattr(parts, "CHUNK", 3)
    monkeypatch.setattr(staging, "CHUNK", 4)


def counts():
    return {model.__name__: model.objects.count() for model in WRITTEN}


def killed_at(monkeypatch, moment):
    """Die at the `moment`-th round to the database that writes something, wherever that is."""
    rounds = itertools.count(1)

    def die_sometimes(execute, sql, params, many, context):
        if sql.lstrip().startswith(("UPDATE", "INSERT", "DELETE", "COPY", "SELECT nextval")) and (
            next(rounds) == moment
        ):
            raise Killed
        return execute(sql, params, many, context)

    return connection.execute_wrapper(die_sometimes)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moments=st.lists(st.integers(1, 150), min_size=1, max_size=4))
def test_killed_anywhere_and_taken_up_again_gives_the_same(tmp_path, site, small_parts, monkeypatch, moments):
    file = write(tmp_path, "encounters.json", hospital(3))
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE patients_patient, accounts_practitioner, exchange_source CASCADE")
    source = SourceFactory(site=site)
    run = start_reading(name_files(source, paths=[file], actor=None), in_background=False, actor=None)
    for moment in moments:
        with killed_at(monkeypatch, moment), suppress(Killed):
            _go_on(run.pk)
    _go_on(run.pk)

    run.refresh_from_db()
    assert run.state == RunState.DONE
    assert counts() == {
        "Patient": 3,
        "ContactPoint": 3,
        "Encounter": 3,
        "Diagnosis": 3,
        "PrescriptionLine": 3,
        "Allergy": 3,
        "VitalSign": 6,
        "Reexamination": 3,
    }
    assert not StagedItem.objects.filter(run=run).exists()
    # One doctor, and nine things of each of three patients: each counted once, however often we died.
    assert sum(kind.get("created", 0) for kind in run.counts["applied"].values()) == 28


def _go_on(run_id):
    run = running.read_and_check(run_id)
    if run.state == RunState.CHECKED:
        start_applying(run, in_background=False, actor=None)
    running.apply(run_id)


@pytest.mark.django_db
def test_a_stop_is_heeded_between_two_parts_and_the_run_goes_on_from_there(
    tmp_path, check_files, small_parts, monkeypatch, mai
):
    run = check_files(write(tmp_path, "encounters.json", hospital(3)), actor=mai)
    run = start_applying(run, in_background=False, actor=mai)
    written = []
    write_next = parts.write_next_part

    def stopped_after_two(*args, **kwargs):
        written.append(1)
        if len(written) == 3:
            stop_run(run, actor=mai)
        return write_next(*args, **kwargs)

    monkeypatch.setattr(running, "write_next_part", stopped_after_two)
    run = running.apply(run.pk)
    assert (run.state, run.stop_requested, len(written)) == (RunState.STOPPED, False, 3)
    assert 0 < run.items_done < run.items_total

    resume_run(run, in_background=False, actor=mai)
    run = running.apply(run.pk)

    assert run.state == RunState.DONE
    assert counts()["VitalSign"] == 6


@pytest.mark.django_db
def test_a_reading_that_was_stopped_begins_again(tmp_path, source, small_parts, mai, monkeypatch):
    people = write_lines(tmp_path, "people.ndjson", [patient(number) for number in range(1, 21)])
    run = start_reading(name_files(source, paths=[people], actor=mai), in_background=False, actor=mai)
    stop_run(run, actor=mai)
    run = running.read_and_check(run.pk)
    assert run.state == RunState.STOPPED

    resume_run(run, in_background=False, actor=mai)
    run = running.read_and_check(run.pk)

    assert run.state == RunState.CHECKED
    assert run.counts["verdicts"] == {"patient": {"new": 20}}


@pytest.mark.django_db
def test_what_failed_says_so_and_can_go_on(tmp_path, check_files, monkeypatch):
    run = check_files(write(tmp_path, "encounters.json", hospital(1)))
    run = start_applying(run, in_background=False, actor=None)
    with monkeypatch.context() as broken:
        broken.setattr(running, "_close_met", lambda run: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            running.apply(run.pk)
    run.refresh_from_db()
    assert (run.state, run.error) == (RunState.FAILED, "ZeroDivisionError")

    resume_run(run, in_background=False, actor=None)

    assert running.apply(run.pk).state == RunState.DONE
    assert Patient.objects.count() == 1


@pytest.mark.django_db
def test_the_worker_takes_up_what_a_killed_one_left(tmp_path, source):
    files = [write(tmp_path, f"{number}.json", hospital(number)) for number in (1, 2)]
    reading = start_reading(name_files(source, paths=files[:1], actor=None), in_background=False, actor=None)
    other = start_reading(
        name_files(source, paths=files[1:], actor=None),
        apply_when_checked=True,
        in_background=False,
        actor=None,
    )

    jobs.take_up(0)

    reading.refresh_from_db()
    other.refresh_from_db()
    assert (reading.state, other.state) == (RunState.CHECKED, RunState.DONE)


@pytest.mark.django_db
def test_a_discarded_run_leaves_nothing_staged(tmp_path, check_files):
    run = check_files(write(tmp_path, "encounters.json", hospital(2)))

    run = discard_run(run, actor=None)

    assert run.state == RunState.DISCARDED
    assert not StagedItem.objects.exists()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_process_killed_with_signal_nine_again_and_again(tmp_path, site):
    """The real thing: `kill -9` at moments nobody chose, and the same command given again."""
    source = SourceFactory(site=site, name="HIS")
    people = [entry["resource"] for number in range(30) for entry in hospital(25)["entry"] if number == 0]
    many = []
    for number in range(12):
        for item in people:
            text = {**item, "id": f"{item['id']}x{number}"}
            for name in ("subject", "patient", "encounter"):
                if name in text:
                    text[name] = {"reference": f"{text[name]['reference']}x{number}"}
            if item["resourceType"] == "Appointment":
                continue
            if item["resourceType"] == "Patient":
                text |= {"identifier": [], "name": [{"text": f"Nguyễn Thị {number} {item['id']} Hằng"}]}
            many.append(text)
    file = write_lines(tmp_path, "many.ndjson", many)
    environment = {
        **os.environ,
        "TANTAM_DATA": os.environ["TANTAM_DATA"],
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    database = connection.settings_dict
    environment["DATABASE_URL"] = (
        f"postgresql://{database['USER']}:{database['PASSWORD']}@:{database['PORT']}/{database['NAME']}"
        f"?host={database['HOST']}"
    )
    command = [sys.executable, "-m", "django", "import_data", str(file), "--source", source.name]
    for patience in (1.4, 1.8, 2.2, 2.6, 60):
        process = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            process.wait(patience)
            break
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            time.sleep(0.2)

    assert process.returncode == 0
    assert ImportRun.objects.filter(source=source, state=RunState.DONE).exists()
    assert counts() == {
        "Patient": 300,
        "ContactPoint": 300,
        "Encounter": 300,
        "Diagnosis": 300,
        "PrescriptionLine": 300,
        "Allergy": 300,
        "VitalSign": 600,
        "Reexamination": 0,
    }
