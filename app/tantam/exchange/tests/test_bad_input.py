"""What is broken, hostile or endless gives a clear message, and nothing half-written."""

from __future__ import annotations

import gzip
import io
import json
import struct
import zipfile

import pytest

from tantam.exchange.engine import archives
from tantam.exchange.engine.fhir import reader, splitter
from tantam.exchange.models import FileState, RunState
from tantam.exchange.tests.fhir_files import bundle, hospital, patient, write, write_lines
from tantam.patients.models import Patient

pytestmark = pytest.mark.django_db


def zipped(path, members, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content if isinstance(content, bytes) else json.dumps(content))
    return path


def reasons(run):
    return {
        (item.file, problem.code) for item in run.items.filter(verdict="refused") for problem in item.noted
    }


def test_a_bundle_that_was_cut_off_is_refused_whole(tmp_path, check_files):
    content = json.dumps(hospital(30), ensure_ascii=False, indent=1).encode()
    (tmp_path / "cut.json").write_bytes(content[: len(content) // 2])
    whole = write(tmp_path, "whole.json", bundle(patient(40, id="p40", name=[{"text": "Lý An"}])))

    run = check_files(tmp_path / "cut.json", whole)

    assert run.counts["verdicts"] == {"unreadable": {"refused": 1}, "patient": {"new": 1}}
    assert reasons(run) == {("cut.json", "file_truncated")}
    file = run.files.get(name="cut.json")
    assert file.state == FileState.REFUSED
    assert str(content[: len(content) // 2].count(b"\n") + 1) in file.reason


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"  \n ", "file_empty"),
        (b"\xef\xbb\xbf", "file_empty"),
        (b"this is no json", "not_json"),
        (b'{"resourceType":"Patient","name":[{"text":"A"}]', "file_truncated"),
        (b'{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient",}}]}', "json_broken"),
        (b"[1, 2, 3]", "not_json"),
    ],
)
def test_broken_json_is_refused_with_its_place(tmp_path, check_files, content, code):
    (tmp_path / "broken.json").write_bytes(content)

    run = check_files(tmp_path / "broken.json")

    assert reasons(run) == {("broken.json", code)}


def test_one_broken_line_of_ndjson_is_refused_and_the_others_taken(tmp_path, check_files):
    lines = [json.dumps(patient(number)) for number in (1, 2, 3)]
    lines[1] = lines[1][:-20]
    (tmp_path / "lines.ndjson").write_text("\n".join(lines))

    run = check_files(tmp_path / "lines.ndjson")

    assert run.counts["verdicts"] == {"patient": {"new": 2}, "unreadable": {"refused": 1}}
    (item,) = run.items.filter(verdict="refused")
    assert (item.row, item.noted[0].code) == (2, "line_broken")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_that_windows_writes_are_read(tmp_path, take_in, encoding):
    (tmp_path / "one.json").write_bytes(json.dumps(bundle(patient(1)), ensure_ascii=False).encode(encoding))

    take_in(tmp_path / "one.json")

    assert Patient.objects.get().full_name == "Nguyễn Thị Hằng A"


def test_half_a_character_refuses_the_file(tmp_path, check_files):
    content = json.dumps(bundle(patient(1)), ensure_ascii=False).encode("utf-16")
    (tmp_path / "odd.json").write_bytes(content[:-1])

    assert reasons(check_files(tmp_path / "odd.json")) == {("odd.json", "not_utf8")}


def test_latin_letters_in_no_known_encoding_refuse_the_file(tmp_path, check_files):
    (tmp_path / "odd.json").write_bytes(
        json.dumps(bundle(patient(1)), ensure_ascii=False).encode("cp1258", "replace")
    )

    run = check_files(tmp_path / "odd.json")

    assert not run.items.exclude(verdict="refused").exists()


@pytest.mark.parametrize("text", ["a\u0000b", "a\ud800b", "\u202eevil", "\ufeffHằng"])
def test_characters_no_database_takes_do_not_stop_an_import(tmp_path, take_in, text):
    (tmp_path / "one.json").write_text(json.dumps(bundle(patient(1, name=[{"text": f"Lý {text} An"}]))))

    take_in(tmp_path / "one.json")

    assert Patient.objects.get().full_name.startswith("Lý ")


def test_an_entry_of_a_hundred_megabytes_is_passed_over(tmp_path, take_in, monkeypatch):
    monkeypatch.setattr(splitter.Splitter.__init__, "__defaults__", (100_000,))
    giant = {"resourceType": "Binary", "id": "b", "data": "A" * 300_000}

    run = take_in(write(tmp_path, "one.json", bundle(patient(1), giant, patient(2))))

    assert Patient.objects.count() == 2
    assert run.counts["verdicts"]["unreadable"] == {"refused": 1}


def test_a_line_of_a_hundred_megabytes_is_passed_over(tmp_path, take_in, monkeypatch):
    monkeypatch.setattr(reader, "PIECE_LIMIT", 10_000)
    giant = {"resourceType": "Binary", "id": "b", "data": "A" * 3_000_000}

    take_in(write_lines(tmp_path, "one.ndjson", [patient(1), giant, patient(2)]))

    assert Patient.objects.count() == 2


def test_very_long_texts_are_shortened_and_noted(tmp_path, take_in):
    file = write(
        tmp_path,
        "long.json",
        bundle(
            patient(
                1,
                name=[{"text": "Lý " + "An " * 200}],
                address=[{"line": ["x" * 100_000], "state": "y" * 500}],
            )
        ),
    )

    run = take_in(file)

    person = Patient.objects.get()
    assert (len(person.full_name), len(person.address_line), len(person.province)) == (159, 300, 80)
    (item,) = run.items.all()
    assert {problem.code for problem in item.noted} == {"text_shortened"}


@pytest.mark.parametrize(
    "resource",
    [
        {"resourceType": "Patient", "name": "Hằng", "telecom": "0912", "address": 7, "birthDate": 1985},
        {"resourceType": "Patient", "id": 7, "name": [None, 3, {"family": 4, "given": "An"}], "gender": []},
        {"resourceType": "Encounter", "subject": "Patient/1", "period": [], "class": "AMB", "participant": {}},
        {"resourceType": "Observation", "code": [], "component": {"code": None}, "valueQuantity": 1},
        {"resourceType": "Observation", "subject": {"reference": "Patient/p1"}, "status": 1,
         "code": {"coding": [{"code": "8302-2"}]}, "valueQuantity": {"value": "much", "unit": 7}},
        {"resourceType": "MedicationRequest", "subject": {"reference": 5}, "dosageInstruction": [[]]},
        {"resourceType": "Condition", "subject": {"reference": "#"}, "code": {"coding": [[]]}},
        {"resourceType": "Appointment", "participant": [{"actor": []}], "start": "9999-99-99"},
        {"resourceType": "CarePlan", "subject": None, "activity": [{"detail": 4}]},
        {"resourceType": ["Patient"]},
        {"resourceType": "X" * 200},
        {"no": "type"},
        [1],
        "text",
        None,
    ],
)  # fmt: skip
def test_resources_of_the_wrong_shape_are_refused_or_counted_never_an_error(tmp_path, check_files, resource):
    content = {"resourceType": "Bundle", "type": "batch", "entry": [{"resource": resource}]}

    run = check_files(write(tmp_path, "odd.json", content))

    assert run.state == RunState.CHECKED


def test_bundles_in_bundles_are_opened_only_so_deep(tmp_path, check_files):
    inner = bundle(patient(1))
    for number in range(20):
        inner = {"resourceType": "Bundle", "id": str(number), "entry": [{"resource": inner}]}

    run = check_files(write(tmp_path, "deep.json", inner))

    assert run.counts["resources"] == {"Bundle": 1}


def test_deeply_nested_json_is_refused(tmp_path, check_files):
    (tmp_path / "deep.json").write_text(
        '{"resourceType":"Patient","extension":' + "[" * 100_000 + "]" * 100_000 + "}"
    )

    assert reasons(check_files(tmp_path / "deep.json")) == {("deep.json", "json_broken")}


def test_archives_are_read_with_the_archives_in_them(tmp_path, take_in):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("deep/two.ndjson", json.dumps(patient(2)))
    path = zipped(
        tmp_path / "all.zip",
        {
            "../../one.json": bundle(patient(1)),
            "inner.zip": inner.getvalue(),
            "three.json.gz": gzip.compress(json.dumps(bundle(patient(3))).encode()),
            "__MACOSX/._one.json": b"\x00",
            ".hidden.json": b"{",
            "README.md": b"# read me",
        },
    )

    run = take_in(path)

    assert Patient.objects.count() == 3
    assert run.counts["resources"] == {"Patient": 3, "*.md": 1}
    assert set(Patient.objects.values_list("came_from", flat=True)) == {
        f"{run.source.name} · {name} · p{number}"
        for number, name in ((1, "one.json"), (2, "two.ndjson"), (3, "three.json"))
    }


def test_a_broken_member_does_not_stop_the_others(tmp_path, take_in):
    path = zipped(tmp_path / "all.zip", {"cut.json": b'{"resourceType":', "one.json": bundle(patient(1))})

    run = take_in(path)

    assert Patient.objects.count() == 1
    assert reasons(run) == {("all.zip/cut.json", "file_truncated")}


def test_a_zip_bomb_is_refused(tmp_path, check_files, monkeypatch):
    monkeypatch.setattr(archives, "RATIO_FROM", 1_000_000)
    path = zipped(tmp_path / "bomb.zip", {"one.json": bundle(patient(1)), "bomb.json": b" " * 30_000_000})

    run = check_files(path)

    assert run.counts["verdicts"] == {"unreadable": {"refused": 1}}
    assert reasons(run) == {("bomb.zip", "archive_too_much")}


def test_a_gzip_bomb_is_refused(tmp_path, check_files, monkeypatch):
    monkeypatch.setattr(archives, "RATIO_FROM", 1_000_000)
    (tmp_path / "bomb.json.gz").write_bytes(gzip.compress(b" " * 30_000_000))

    assert reasons(check_files(tmp_path / "bomb.json.gz")) == {("bomb.json.gz", "archive_too_much")}


def test_archives_nested_too_deep_are_refused(tmp_path, check_files):
    content = json.dumps(bundle(patient(1))).encode()
    for number in range(6):
        holder = io.BytesIO()
        with zipfile.ZipFile(holder, "w") as archive:
            archive.writestr(f"{number}.zip" if number else "one.json", content)
        content = holder.getvalue()
    (tmp_path / "nested.zip").write_bytes(content)

    ((_file, code),) = reasons(check_files(tmp_path / "nested.zip"))
    assert code == "archive_too_deep"


def test_entries_that_share_their_bytes_are_refused(tmp_path, check_files):
    """The bomb that needs no nesting: thousands of directory entries that name one compressed stretch."""
    path = zipped(tmp_path / "bomb.zip", {"a.json": b"x" * 2_000_000}, zipfile.ZIP_STORED)
    content = path.read_bytes()
    start = content.index(b"PK\x01\x02")
    end = content.index(b"PK\x05\x06")
    entry = content[start:end]
    many = entry * 50
    tail = bytearray(content[end:])
    struct.pack_into("<HHI", tail, 8, 50, 50, len(many))
    path.write_bytes(content[:start] + many + bytes(tail))

    assert reasons(check_files(path)) == {("bomb.zip", "archive_too_much")}


def test_too_many_entries_are_refused(tmp_path, check_files, monkeypatch):
    monkeypatch.setattr(archives, "ENTRIES_AT_MOST", 5)
    path = zipped(tmp_path / "many.zip", {f"{number}.md": b"" for number in range(9)})

    assert reasons(check_files(path)) == {("many.zip", "archive_too_much")}


@pytest.mark.parametrize("content", [b"PK\x03\x04 and then nothing", b"not an archive"])
def test_a_damaged_archive_is_refused(tmp_path, check_files, content):
    (tmp_path / "bad.zip").write_bytes(content)

    assert reasons(check_files(tmp_path / "bad.zip")) == {("bad.zip", "archive_broken")}


def test_an_archive_with_a_damaged_member_is_refused(tmp_path, check_files):
    path = zipped(tmp_path / "bad.zip", {"one.json": bundle(patient(1))}, zipfile.ZIP_STORED)
    content = path.read_bytes().replace(b"female", b"famele")
    path.write_bytes(content)

    assert reasons(check_files(path)) == {("bad.zip/one.json", "archive_broken")}


def test_kinds_of_files_we_do_not_read_are_named(tmp_path, check_files):
    (tmp_path / "patient.xml").write_text("<Patient/>")
    (tmp_path / "scan.pdf").write_bytes(b"%PDF")

    run = check_files(tmp_path / "patient.xml", tmp_path / "scan.pdf")

    assert reasons(run) == {("patient.xml", "not_readable")}
    assert run.counts["resources"] == {"*.pdf": 1}


def test_a_file_that_is_gone_is_said(tmp_path, source):
    from tantam.exchange.engine import running
    from tantam.exchange.operations.runs import name_files, start_reading

    file = write(tmp_path, "one.json", bundle(patient(1)))
    run = start_reading(name_files(source, paths=[file], actor=None), in_background=False, actor=None)
    file.unlink()

    assert reasons(running.read_and_check(run.pk)) == {("one.json", "file_gone")}
