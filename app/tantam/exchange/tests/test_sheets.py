"""CSV and Excel as hospitals really export them (B5)."""

# ruff: noqa: DTZ001 - a workbook knows no time zones, and neither do the dates written into one here

from __future__ import annotations

import io
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from tantam.exchange.engine.drafts import (
    AllergyDraft,
    Counted,
    DiagnosisDraft,
    EncounterDraft,
    PatientDraft,
    PractitionerDraft,
    PrescriptionDraft,
    ReexaminationDraft,
    RelativeDraft,
    UnreadableDraft,
    VitalDraft,
)
from tantam.exchange.engine.readers import FileRefused, ReadingContext
from tantam.exchange.engine.sheets.columns import Column, column_of, heading_of
from tantam.exchange.engine.sheets.headers import sample
from tantam.exchange.engine.sheets.reader import read_sheet

TODAY = date(2026, 11, 21)
HEADERS = "Họ và tên;Ngày sinh;SĐT;Giới tính;Chẩn đoán;Ngày khám;Ngày tái khám"
HANG = "Nguyễn Thị Hằng;05/03/1985;0912.345.678;Nữ;Tăng huyết áp;10/11/2026;24/11/2026"


def _read(content, columns=None):
    if isinstance(content, str):
        content = content.encode()
    context = ReadingContext(
        file="bn.csv", zone=ZoneInfo("Asia/Ho_Chi_Minh"), today=TODAY, columns=columns or {}
    )
    return list(read_sheet(io.BytesIO(content), context))


def _only(found, kind):
    (draft,) = [item for item in found if isinstance(item, kind)]
    return draft


def test_a_patient_is_complete_when_handed_over():
    """What is handed over is staged as it then is: a relative's telephone must be on the patient already."""
    context = ReadingContext(file="bn.csv", zone=ZoneInfo("Asia/Ho_Chi_Minh"), today=TODAY)
    sheet = f"{HEADERS};Người thân;SĐT người thân\n{HANG};Trần Văn Ba;0987654321".encode()

    said = [
        draft.payload() for draft in read_sheet(io.BytesIO(sheet), context) if isinstance(draft, PatientDraft)
    ]

    assert b"+84912345678" in said[0]
    assert b"+84987654321" in said[0]


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("Họ và tên", Column.FULL_NAME),
        ("HỌ TÊN BỆNH NHÂN", Column.FULL_NAME),
        ("Ngày, tháng, năm sinh", Column.BIRTH),
        ("Năm sinh", Column.BIRTH),
        ("SĐT", Column.PHONE),
        ("Số điện thoại (*)", Column.PHONE),
        ("SĐT người thân", Column.RELATIVE_PHONE),
        ("Mã BN", Column.PATIENT_CODE),
        ("Số CCCD", Column.IDENTITY),
        ("Chẩn đoán:", Column.DIAGNOSIS),
        ("Mã ICD-10", Column.DIAGNOSIS_CODE),
        ("Ngày hẹn tái khám", Column.REEXAMINATION),
        ("date_of_birth", Column.BIRTH),
        ("Follow-up date", Column.REEXAMINATION),
        ("Bác sĩ điều trị", Column.DOCTOR),
        ("Tỉnh/TP", Column.PROVINCE),
        ("STT", None),
        ("", None),
    ],
)
def test_headers_are_understood(header, column):
    assert column_of(header) is column


def test_one_row_says_patient_encounter_diagnosis_and_return():
    found = _read(f"{HEADERS}\n{HANG}\n")

    patient, encounter = _only(found, PatientDraft), _only(found, EncounterDraft)
    assert (patient.full_name, patient.birth_date, patient.sex) == (
        "Nguyễn Thị Hằng",
        date(1985, 3, 5),
        "female",
    )
    assert [contact.value for contact in patient.contacts] == ["+84912345678"]
    assert encounter.started_at == datetime(2026, 11, 9, 17, 0, tzinfo=UTC)
    assert _only(found, DiagnosisDraft).text == "Tăng huyết áp"
    assert _only(found, ReexaminationDraft).due_on == date(2026, 11, 24)
    assert patient.row == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_encodings_and_delimiters(encoding, delimiter):
    content = f"{HEADERS}\n{HANG}\n".replace(";", delimiter).encode(encoding)

    assert _only(_read(content), PatientDraft).full_name == "Nguyễn Thị Hằng"


def _windows(text):
    """How Windows programs write Vietnamese: a vowel, then its tone as a mark of its own."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    written = ""
    for letter in text:
        marks = unicodedata.normalize("NFD", letter)
        tone = next((mark for mark in marks if mark in tones), "")
        written += unicodedata.normalize("NFC", marks.replace(tone, "")) + tone if tone else letter
    return written.encode("cp1258")


def test_the_vietnamese_windows_code_page():
    found = _read(_windows(f"{HEADERS}\n{HANG}\n"))

    assert _only(found, PatientDraft).full_name == "Nguyễn Thị Hằng"
    assert _only(found, DiagnosisDraft).text == "Tăng huyết áp"


def test_titles_above_the_header_are_passed_over():
    content = "BỆNH VIỆN ĐA KHOA TÂM ĐỨC;;;;;;\nDANH SÁCH TÁI KHÁM;;;;;;\nNgày in: 21/11/2026;;;;;;\n;;;;;;\n"

    found = _read(f"{content}{HEADERS}\n{HANG}\n")

    assert _only(found, PatientDraft).row == 6


def test_a_quoted_cell_may_hold_delimiters_and_lines():
    content = 'Họ tên,SĐT,Ngày khám,Lời dặn\n"Trần, Văn A",0912345678,10/11/2026,"Ăn nhạt,\nđi bộ mỗi ngày"\n'

    assert _only(_read(content), EncounterDraft).advice == "Ăn nhạt,\nđi bộ mỗi ngày"


@pytest.mark.parametrize(
    ("written", "year", "day"),
    [
        ("1985", 1985, None),
        ("5-3-85", 1985, date(1985, 3, 5)),
        ("1985-03-05", 1985, date(1985, 3, 5)),
        ("31111", 1985, date(1985, 3, 5)),
    ],
)
def test_dates_of_birth_as_they_are_written(written, year, day):
    patient = _only(_read(f"Họ tên;Ngày sinh;SĐT\nTrần Văn A;{written};0912345678\n"), PatientDraft)

    assert (patient.birth_year, patient.birth_date) == (year, day)


@pytest.mark.parametrize("written", ["31/02/1985", "05/03/2027", "hôm qua"])
def test_a_birth_that_cannot_be_refuses_the_row_with_its_column(written):
    patient = _only(_read(f"Họ tên;Ngày sinh;SĐT\nTrần Văn A;{written};0912345678\n"), PatientDraft)

    assert patient.is_refused
    assert patient.problems[0].field == "Ngày sinh"
    assert patient.problems[0].value == written
    assert patient.problems[0].sentence


def test_an_age_gives_the_year_of_birth():
    assert _only(_read("Họ tên;Tuổi;SĐT\nTrần Văn A;41;0912345678\n"), PatientDraft).birth_year == 1985


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("0912 345 678", ["+84912345678"]),
        ("84912345678", ["+84912345678"]),
        ("912345678", ["+84912345678"]),
        ("01651234567", ["+84351234567"]),
        ("0912345678 / 0283.822.1234", ["+84912345678", "+842838221234"]),
    ],
)
def test_phones_as_they_are_written(written, numbers):
    patient = _only(_read(f"Họ tên;SĐT\nTrần Văn A;{written}\n"), PatientDraft)

    assert [contact.value for contact in patient.contacts] == numbers


def test_a_phone_that_is_none_is_noted_and_the_patient_kept():
    patient = _only(_read("Họ tên;SĐT\nTrần Văn A;12\n"), PatientDraft)

    assert not patient.is_refused
    assert [problem.field for problem in patient.problems] == ["SĐT"]


def test_the_rest_of_what_a_row_may_say():
    headers = (
        "Mã BN;Họ tên;Người thân;Quan hệ;SĐT người thân;Ngày khám;Bác sĩ;"
        "Đơn thuốc;Dị ứng;Huyết áp;Chiều cao;Mã ICD"
    )
    row = (
        "KH-7;Lê Bé;Lê Thị Mẹ;Mẹ;0987654321;10/11/2026 08:30;ThS.BS Trần Văn Bác;"
        '"Amlodipin 5mg; Aspirin 81mg sau ăn";Penicillin, tôm;145/90;1,62;i10'
    )

    found = _read(f"{headers}\n{row}\n")

    assert _only(found, PatientDraft).external_id == "KH-7"
    assert (_only(found, RelativeDraft).relationship, _only(found, RelativeDraft).contacts[0].owner) == (
        "mother",
        "mother",
    )
    assert (_only(found, PractitionerDraft).title, _only(found, PractitionerDraft).full_name) == (
        "ThS.BS",
        "Trần Văn Bác",
    )
    drugs = [draft.drug for draft in found if isinstance(draft, PrescriptionDraft)]
    assert drugs == ["Amlodipin 5mg", "Aspirin 81mg sau ăn"]
    assert [draft.agent for draft in found if isinstance(draft, AllergyDraft)] == ["Penicillin", "tôm"]
    assert [draft.measure for draft in found if isinstance(draft, VitalDraft)] == [
        Decimal(145),
        Decimal(90),
        Decimal(162),
    ]
    assert _only(found, DiagnosisDraft).code == "I10"


@pytest.mark.parametrize("said", ["Không", "chưa ghi nhận", "-", "ko", "NKDA"])
def test_no_allergy_is_not_an_allergy(said):
    found = _read(f"Họ tên;SĐT;Dị ứng\nTrần Văn A;0912345678;{said}\n")

    assert not [draft for draft in found if isinstance(draft, AllergyDraft)]


def test_the_same_row_is_the_same_thing_and_a_moved_date_a_change_of_it():
    first, second = (
        _only(_read(f"{HEADERS}\n{row}\n"), ReexaminationDraft)
        for row in (HANG, HANG.replace("24/11", "25/11"))
    )

    assert first.external_id == second.external_id
    assert first.payload() != second.payload()


def test_a_remembered_match_wins_over_the_guess():
    content = "Khách;Liên lạc;Hẹn\nTrần Văn A;0912345678;24/11/2026\n"
    with pytest.raises(FileRefused):
        _read(content)

    content = content.replace("Khách;Liên lạc", "Họ tên;SĐT")
    remembered = {heading_of(1, ["Họ tên", "SĐT", "Hẹn"]).signature: {"Hẹn": "reexamination"}}

    assert _only(_read(content, remembered), ReexaminationDraft).due_on == date(2026, 11, 24)


def test_a_sample_shows_headers_and_rows():
    heading, rows = sample(io.BytesIO(f"{HEADERS}\n{HANG}\n".encode()), {})

    assert heading.columns[0] is Column.FULL_NAME
    assert rows[0][0] == "Nguyễn Thị Hằng"


def _workbook(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("in_memory", [True, False], ids=["small", "streamed"])
def test_excel_with_real_dates_numbers_and_a_merged_title(monkeypatch, in_memory):
    if not in_memory:
        monkeypatch.setattr("tantam.exchange.engine.sheets.cells.WORKBOOK_IN_MEMORY", 0)
    content = _workbook(
        ["DANH SÁCH BỆNH NHÂN"],
        ["Họ và tên", "Ngày sinh", "SĐT", "Ngày khám", "Ngày tái khám"],
        [
            "Nguyễn Thị Hằng",
            datetime(1985, 3, 5),
            912345678,
            datetime(2026, 11, 10, 8, 30),
            date(2026, 11, 24),
        ],
    )

    found = _read(content)

    patient = _only(found, PatientDraft)
    assert (patient.birth_date, patient.contacts[0].value, patient.row) == (
        date(1985, 3, 5),
        "+84912345678",
        3,
    )
    assert _only(found, EncounterDraft).started_at == datetime(2026, 11, 10, 1, 30, tzinfo=UTC)
    assert _only(found, ReexaminationDraft).due_on == date(2026, 11, 24)


def test_formulas_in_cells_are_not_taken():
    patient = _only(
        _read('Họ tên,SĐT,Ghi chú\nTrần Văn A,0912345678,"=HYPERLINK(""http://x"")"\n'), PatientDraft
    )

    assert patient.notes is None
    assert patient.problems[0].field == "Ghi chú"


def test_an_enormous_field_costs_its_row_only():
    content = "Họ tên;SĐT\nTrần Văn A;" + "9" * 3_000_000 + "\nLê Thị B;0912345678\n"

    found = _read(content)

    assert _only(found, UnreadableDraft).row == 2
    assert _only(found, PatientDraft).full_name == "Lê Thị B"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\x00\x01\x02\x00\x00" * 50, id="not text"),
        pytest.param(b"a;b\n1;2\n", id="no header"),
        pytest.param(b"PK\x03\x04broken", id="broken workbook"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rubbish", id="broken old workbook"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content):
    with pytest.raises(FileRefused) as refused:
        _read(content)

    assert refused.value.problem.sentence


def test_a_workbook_that_unpacks_without_end_is_not_opened():
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)

    with pytest.raises(FileRefused, match="workbook_too_large"):
        _read(out.getvalue())


def test_rows_are_counted():
    found = _read(f"{HEADERS}\n{HANG}\n{HANG}\n")

    assert len([item for item in found if isinstance(item, Counted)]) == 2
