"""`./tantam import PATH…` (B5)."""

from __future__ import annotations

import csv
import json

import pytest
from django.core.management import CommandError, call_command

from tantam.exchange.management.commands.import_data import DEFAULT_SOURCE, NOT_DONE, SOME_REFUSED
from tantam.exchange.models import ImportRun, RunState, Source
from tantam.exchange.operations.runs import name_files, start_reading
from tantam.exchange.tests.fhir_files import bundle, hospital, patient, write
from tantam.patients.models import Patient

pytestmark = pytest.mark.django_db


@pytest.fixture
def command(capsys):
    def run(*arguments, **options):
        code = 0
        try:
            call_command("import_data", *map(str, arguments), **options)
        except SystemExit as ended:
            code = ended.code
        return code, capsys.readouterr().out

    return run


def test_a_folder_is_taken_in_and_told_about(tmp_path, site, command):
    write(tmp_path, "one.json", hospital(2))
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "people.csv").write_text(
        "Mã BN;Họ và tên;Ngày sinh;SĐT\nKH-1;Lê Văn Tám;01/02/1960;0987654321\n", encoding="utf-8"
    )

    code, said = command(tmp_path)

    assert code == 0
    assert Patient.objects.count() == 3
    assert Source.objects.get().name == DEFAULT_SOURCE
    assert "Patients: 3 created" in said
    assert "CarePlan" in said


def test_a_dry_run_writes_nothing(tmp_path, site, command):
    code, said = command(write(tmp_path, "one.json", hospital(2)), dry_run=True)

    assert code == 0
    assert not Patient.objects.exists()
    assert "Written" not in said


def test_what_was_refused_is_told_and_written_down(tmp_path, site, command):
    file = write(tmp_path, "one.json", bundle(patient(1), patient(2, birthDate="2199-01-01")))

    code, said = command(file, refusals=tmp_path / "refused.csv")

    assert code == SOME_REFUSED
    assert Patient.objects.count() == 1
    assert "2199-01-01" in said
    rows = list(csv.DictReader((tmp_path / "refused.csv").open(encoding="utf-8-sig")))
    assert [(row["File"], row["Row"], row["Column"], row["Value"]) for row in rows] == [
        ("one.json", "2", "birthDate", "2199-01-01")
    ]


def test_formulas_in_refused_values_are_written_as_text(tmp_path, site, command):
    file = write(tmp_path, "one.json", bundle(patient(1, telecom=[{"system": "phone", "value": "=1+1"}])))

    command(file, refusals=tmp_path / "refused.csv")

    (row,) = csv.DictReader((tmp_path / "refused.csv").open(encoding="utf-8-sig"))
    assert row["Value"] == "'=1+1"


def test_an_interrupted_import_goes_on_with_the_same_command(tmp_path, site, command):
    file = write(tmp_path, "one.json", hospital(1))
    command(write(tmp_path, "none.json", bundle(patient(9))))
    source = Source.objects.get()
    run = start_reading(name_files(source, paths=[file], actor=None), in_background=False, actor=None)

    code, said = command(file)

    run.refresh_from_db()
    assert (code, run.state) == (0, RunState.DONE)
    assert f"Going on with import {run.pk}" in said
    assert ImportRun.objects.count() == 2


def test_the_member_who_imports_is_named(tmp_path, site, mai, command):
    command(write(tmp_path, "one.json", bundle(patient(1))), username="Mai")

    assert Patient.objects.get().created_by == mai


def test_with_several_sites_one_must_be_named(tmp_path, site, other_site, command):
    file = write(tmp_path, "one.json", bundle(patient(1)))
    with pytest.raises(CommandError, match="--site CODE, one of phia-nam, trung-tam") as refused:
        command(file)
    assert refused.value.returncode == NOT_DONE

    command(file, site="phia-nam")

    assert Patient.objects.get().home_site == other_site


def test_a_source_stays_with_its_site(tmp_path, site, other_site, command):
    file = write(tmp_path, "one.json", bundle(patient(1)))
    command(file, site="phia-nam")

    with pytest.raises(CommandError, match="belongs to the site"):
        command(file, site="trung-tam")


@pytest.mark.parametrize(
    ("options", "message"),
    [({"username": "nobody"}, "There is no member"), ({"site": "nowhere"}, "--site CODE")],
)
def test_what_does_not_exist_is_said(tmp_path, site, command, options, message):
    with pytest.raises(CommandError, match=message):
        command(write(tmp_path, "one.json", bundle(patient(1))), **options)


def test_paths_that_are_not_there_are_said(tmp_path, site, command):
    with pytest.raises(CommandError, match="Not found"):
        command(tmp_path / "nothing.json")
    (tmp_path / "empty").mkdir()
    with pytest.raises(CommandError, match="no file to read"):
        command(tmp_path / "empty")


def test_before_the_hospital_is_set_up_the_way_is_named(tmp_path, db, command):
    (tmp_path / "one.json").write_text(json.dumps(bundle(patient(1))))

    with pytest.raises(CommandError, match=r"\./tantam up"):
        command(tmp_path / "one.json")


def test_it_can_speak_vietnamese(tmp_path, site, command):
    _code, said = command(write(tmp_path, "one.json", bundle(patient(1))), language="vi")

    assert "Bệnh nhân" in said
