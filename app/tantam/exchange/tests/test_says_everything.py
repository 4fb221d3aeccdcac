"""What an import does not take, it says: in the files, on the page, on the command line (B5)."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from datetime import date
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.urls import reverse
from django.utils.translation import override

from tantam.exchange.engine import archives, running
from tantam.exchange.engine.drafts import DiagnosisDraft, PatientDraft, UnreadableDraft
from tantam.exchange.engine.filling import diagnosis_with_code
from tantam.exchange.engine.problems import _CALLED, Problem
from tantam.exchange.engine.readers import ReadingContext
from tantam.exchange.engine.sheets.reader import read_sheet
from tantam.exchange.models import ImportedIdentity, StagedItem
from tantam.exchange.queries.remarks import remark_rows
from tantam.exchange.tests.fhir_files import bundle, condition, patient, write
from tantam.patients.models import Patient
from tests.factories.exchange import SourceFactory

HEADER = "Mã BN;Họ và tên;Ngày sinh;SĐT;Chẩn đoán"
ROWS = [f"KH-{n};Nguyễn Thị Hằng;0{n}/03/1985;091234567{n};Tăng huyết áp" for n in range(1, 6)]
SHEET = "\n".join([HEADER, *ROWS]) + "\n"


def read(content: str | bytes, columns=None):
    context = ReadingContext(
        file="bn.csv", zone=ZoneInfo("Asia/Ho_Chi_Minh"), today=date(2026, 11, 21), columns=columns or {}
    )
    data = content.encode() if isinstance(content, str) else content
    return list(read_sheet(io.BytesIO(data), context))


def patients(found):
    return [item for item in found if isinstance(item, PatientDraft)]


def said(found):
    return [
        (item.row, problem.code)
        for item in found
        if isinstance(item, UnreadableDraft)
        for problem in item.problems
    ]


# --- archives -----------------------------------------------------------------------------------------------------


def _zipped(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


@pytest.mark.django_db
@pytest.mark.parametrize("limit", [20_000_000, 10], ids=["in-memory", "sealed-on-disk"])
def test_sheets_in_archives_are_read_and_what_is_beside_them_too(
    tmp_path, check_files, settings, monkeypatch, limit
):
    settings.MEDIA_ROOT = tmp_path / "files"
    monkeypatch.setattr(archives, "UNSEALED_AT_MOST", limit)
    inner = gzip.compress(SHEET.replace("KH-", "GZ-").encode())
    path = _zipped(
        tmp_path / "all.zip",
        {"a.csv": SHEET, "deep/b.csv.gz": inner, "one.json": json.dumps(patient(1))},
    )

    run = check_files(path)

    assert run.counts["verdicts"]["patient"] == {"new": 11}
    assert list((tmp_path / "files").rglob("*.*")) == []


@pytest.mark.django_db
def test_a_gzipped_sheet_is_read(tmp_path, check_files):
    (tmp_path / "bn.csv.gz").write_bytes(gzip.compress(SHEET.encode()))

    assert check_files(tmp_path / "bn.csv.gz").counts["verdicts"]["patient"] == {"new": 5}


# --- rows ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "footer",
    [
        ";Tổng cộng: 150 bệnh nhân;;;",
        "Tổng cộng;;;150;",
        "TỔNG SỐ;150;;;",
        ";Cộng;;;",
        "150 bệnh nhân;;;;",
        ";Trang 1/3;;;",
        "Page 2 of 3;;;;",
        ";;;;Hà Nội, ngày 12 tháng 3 năm 2026",
        ";Người lập biểu;;Trưởng khoa;",
        ";GIÁM ĐỐC;;;",
        ";(Ký, ghi rõ họ tên);;;",
        ";Ghi chú: danh sách có thể thiếu;;;",
        HEADER,
        "---;---;;;",
    ],
)
def test_a_line_that_is_no_patient_is_named_and_passed_over(footer):
    found = read(SHEET + footer + "\n")

    assert len(patients(found)) == 5
    assert said(found) == [(7, "passed_over")]
    assert not any(item.is_refused for item in found if isinstance(item, UnreadableDraft))


def test_whoever_signed_below_the_list_is_no_patient():
    found = read(SHEET + ";Người lập biểu;;;\n;;;;\n;Phạm Thị Hoa;;;\n")

    assert [item.full_name for item in patients(found)] == ["Nguyễn Thị Hằng"] * 5
    assert said(found) == [(7, "passed_over"), (9, "passed_over")]


@pytest.mark.parametrize(
    "name", ["Tổng Thị Lan", "Trương Khoa", "Phó Khoa", "Hết Văn Trang", "Trường", "Lập"]
)
def test_people_called_like_a_label_are_people(name):
    found = read(f"{SHEET}KH-9;{name};05/03/1985;0912345679;\n")

    assert [item.full_name for item in patients(found)][-1] == name


def test_an_open_quotation_mark_costs_its_own_row_and_no_other():
    rows = list(ROWS)
    rows[1] = rows[1].replace("Tăng huyết", '"Tăng huyết')
    found = read("\n".join([HEADER, *rows]))

    assert [item.row for item in patients(found)] == [2, 4, 5, 6]
    assert said(found) == [(3, "quote_open")]


def test_a_quotation_mark_closed_rows_further_down_swallows_nothing():
    rows = list(ROWS)
    rows[1] = rows[1].replace("Tăng", '"Tăng')
    rows[3] = rows[3].replace("Tăng huyết áp", '"Tăng huyết áp"')
    found = read("\n".join([HEADER, *rows]))

    assert [item.row for item in patients(found)] == [2, 4, 5, 6]
    assert said(found) == [(3, "quote_open")]


def test_quoted_cells_of_several_lines_stay_whole():
    found = read(
        f'{HEADER}\n"KH-1";"Nguyễn ""Tý"" An";01/02/1960;0912345678;"Sốt\nHo; đờm\nMệt"\n{ROWS[1]}\n'
    )

    assert [(item.code, item.row) for item in patients(found)] == [("KH-1", 2), ("KH-2", 5)]
    assert next(item for item in found if isinstance(item, DiagnosisDraft)).text == "Sốt Ho; đờm Mệt"
    assert said(found) == []


def test_columns_nobody_matched_and_columns_too_far_right_are_said():
    header = HEADER + ";Nhóm máu;Bảo hành" + ";" * 300 + "Cuối"
    found = read(header + "\n" + ROWS[0] + ";O;x\n")

    remark = next(item for item in found if isinstance(item, UnreadableDraft))
    assert "Nhóm máu, Bảo hành" in remark.problems[0].sentence
    assert said(found) == [(1, "columns_left_out"), (1, "columns_beyond")]


def test_columns_somebody_left_out_are_no_news():
    (left,) = [item for item in read(HEADER + ";Nhóm máu\n" + ROWS[0]) if isinstance(item, UnreadableDraft)]
    assert left.problems[0].code == "columns_left_out"
    from tantam.exchange.engine.sheets.columns import signature

    remembered = {signature((*HEADER.split(";"), "Nhóm máu")): {"Nhóm máu": "-"}}
    assert said(read(HEADER + ";Nhóm máu\n" + ROWS[0], remembered)) == []


@pytest.mark.parametrize("in_memory", [True, False])
def test_a_formula_whose_result_was_not_saved_is_said(monkeypatch, in_memory):
    if not in_memory:
        monkeypatch.setattr("tantam.exchange.engine.sheets.cells.WORKBOOK_IN_MEMORY", 0)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Họ và tên", "Ngày sinh", "SĐT"])
    sheet.append(["Lê Văn Tám", "01/02/1960", "=CONCATENATE(0,912345678)"])
    out = io.BytesIO()
    book.save(out)

    (person,) = patients(read(out.getvalue()))

    assert [(problem.code, problem.field) for problem in person.problems] == [("formula", "SĐT")]


@pytest.mark.parametrize("end", ["\r", "\r\n"])
def test_lines_may_end_in_a_carriage_return_alone(end):
    assert len(patients(read(SHEET.replace("\n", end)))) == 5


def test_a_nul_parts_two_words():
    (person,) = patients(read("Họ tên;Ngày sinh;SĐT\nNguyễn\x00Văn\x00An;01/02/1960;0912345678\n"))
    assert person.full_name == "Nguyễn Văn An"


@pytest.mark.django_db
def test_a_nul_in_fhir_parts_two_words(tmp_path, take_in):
    take_in(write(tmp_path, "one.json", bundle(patient(1, name=[{"text": "Nguyễn\x00Văn An"}]))))

    assert Patient.objects.get().full_name == "Nguyễn Văn An"


# --- values -------------------------------------------------------------------------------------------------------


def test_a_number_the_spreadsheet_cut_short_is_not_made_up():
    (person,) = patients(read("Họ tên;Ngày sinh;SĐT\nLê Văn Tám;01/02/1960;9.12E+08\n"))

    assert person.contacts == []
    assert [problem.code for problem in person.problems] == ["phone_cut_short"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tăng huyết áp (I10)", ("Tăng huyết áp", "I10")),
        ("Đái tháo đường típ 2 [E11.9]", ("Đái tháo đường típ 2", "E11.9")),
        ("I10 - Tăng huyết áp", ("Tăng huyết áp", "I10")),
        ("Tăng huyết áp (ICD: I10) độ 2", ("Tăng huyết áp độ 2", "I10")),
        ("Tăng huyết áp (I10), đái tháo đường (E11)", ("Tăng huyết áp (I10), đái tháo đường (E11)", "")),
        ("Thiếu vitamin (B12)", ("Thiếu vitamin (B12)", "")),
        ("Tăng huyết áp", ("Tăng huyết áp", "")),
    ],
)
def test_a_code_within_a_diagnosis_is_its_code(text, expected):
    assert diagnosis_with_code(text) == expected


def test_the_code_within_a_cell_is_kept_as_icd10():
    found = read("Họ tên;Ngày sinh;SĐT;Chẩn đoán\nLê Văn Tám;01/02/1960;0912345678;Tăng huyết áp (I10)\n")

    (diagnosis,) = [item for item in found if isinstance(item, DiagnosisDraft)]
    assert (diagnosis.text, diagnosis.code, diagnosis.code_system) == ("Tăng huyết áp", "I10", "icd10")


@pytest.mark.django_db
def test_another_servers_patient_is_not_ours(tmp_path, check_files):
    stranger = condition(1, subject={"reference": "https://elsewhere.example/fhir/Patient/p1"})

    run = check_files(write(tmp_path, "one.json", bundle(patient(1), stranger)))

    assert run.counts["verdicts"] == {"patient": {"new": 1}, "diagnosis": {"refused": 1}}
    assert StagedItem.objects.get(kind="diagnosis").reason_code == "patient_unknown"


# --- what is said -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["vi", "zh-hans"])
def test_no_field_is_called_by_its_raw_name(language):
    with override(language):
        raw = [field for field in _CALLED if Problem("x", "x", field).place == field]
    assert raw == []


@pytest.mark.django_db
def test_everything_remarked_is_counted_and_the_first_ten_stand_on_the_page(
    tmp_path, check_files, client, manager
):
    lines = [f"KH-{n};Lê Văn Tám;01/02/19{n};số {n};" for n in range(60, 72)]
    path = tmp_path / "bn.csv"
    path.write_text("\n".join([HEADER + ";Nhóm máu", *lines, ";Tổng cộng: 12;;;"]))
    run = check_files(path)
    client.force_login(manager)

    page = client.get(reverse("exchange:run", args=[run.pk])).content.decode()

    assert run.counts["warnings"] == 14
    assert "(14)" in page
    assert sum(f"số {n}<" in page for n in range(60, 72)) == 9  # and the column nobody matched
    assert "dòng 1<" in page
    assert len(list(remark_rows(run))) == 15


@pytest.mark.django_db
def test_a_wholly_refused_file_is_shown_as_refused(tmp_path, check_files, take_in):
    bad = write(tmp_path, "bad.json", bundle(patient(1, birthDate="2199-01-01")))
    good = write(tmp_path, "good.json", bundle(patient(2), patient(3, birthDate="2199-01-01")))

    assert check_files(bad).outcome == "danger"
    assert take_in(bad).outcome == "danger"
    assert take_in(good).outcome == "wait"
    assert take_in(write(tmp_path, "fine.json", bundle(patient(4)))).outcome == "good"


# --- what stays as it is here -------------------------------------------------------------------------------------


def kept(run):
    return [
        (problem.code, problem.field)
        for item in StagedItem.objects.filter(run=run).order_by("seq")
        for problem in item.noted
        if problem.code.startswith("kept")
    ]


@pytest.mark.django_db
def test_that_somebody_changed_it_here_is_said_only_when_somebody_did(tmp_path, site, take_in, source):
    address = {"address": [{"state": "Hà Nội"}]}
    moved = {"address": [{"state": "Huế"}]}
    take_in(write(tmp_path, "one.json", bundle(patient(1, **address))))
    other = SourceFactory(site=site, name="Phần mềm khác")

    # Another source says otherwise: nobody has changed anything here.
    run = take_in(write(tmp_path, "two.json", bundle(patient(1, **moved))), of=other)
    assert kept(run) == [("kept_source", "province")]

    Patient.objects.update(province="Đà Nẵng")
    run = take_in(write(tmp_path, "three.json", bundle(patient(1, **moved))))
    assert kept(run) == [("kept_here", "province")]


@pytest.mark.django_db
def test_what_was_known_before_the_first_import_was_not_changed_since_the_last(tmp_path, take_in):
    take_in(write(tmp_path, "one.json", bundle(patient(1, address=[{"state": "Hà Nội"}]))))
    ImportedIdentity.objects.all().delete()

    run = take_in(write(tmp_path, "two.json", bundle(patient(1, address=[{"state": "Huế"}]))))

    assert kept(run) == [("kept_before", "province")]


# --- the database goes away ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_lost_database_is_one_sentence(tmp_path, site, monkeypatch, capsys):
    from django.core.management import CommandError, call_command
    from django.db import OperationalError

    def gone(*_arguments, **_options):
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(running, "read_files", gone)
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    ends = []
    monkeypatch.setattr(running, "end_early", lambda *_args, **_options: ends.append(1))

    with pytest.raises(CommandError, match="connection to the database was lost") as told:
        call_command("import_data", str(write(tmp_path, "one.json", bundle(patient(1)))))

    assert told.value.returncode == 2
    assert "\n" not in str(told.value)
    assert ends == []  # there is nothing to write it to
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("environment", "arguments", "word"),
    [
        ({"LC_ALL": "vi_VN.UTF-8"}, [], "bệnh nhân"),
        ({"LC_ALL": "en_US.UTF-8"}, [], "patients"),
        ({"LC_ALL": "C"}, [], "bệnh nhân"),
        ({"LC_ALL": "vi_VN.UTF-8"}, ["--language", "zh-hans"], "患者"),
    ],
)
def test_help_speaks_of_the_product_in_the_readers_language(
    monkeypatch, capsys, environment, arguments, word
):
    from tantam.exchange.management.commands.import_data import Command

    monkeypatch.setattr("sys.argv", ["django", "import_data", "--help", *arguments])
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    said = Command().create_parser("django", "import_data").format_help()

    assert word in said
    assert "./tantam import" in said
    for foreign in ("--settings", "--pythonpath", "--traceback", "--no-color", "Django", "verbosity"):
        assert foreign not in said
