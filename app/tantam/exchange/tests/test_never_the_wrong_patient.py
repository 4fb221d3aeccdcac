"""Merging two people is the worst an import could do: each way in which it was done, and that it is not (B5)."""

from __future__ import annotations

from datetime import date

import pytest

from tantam.exchange.engine import running
from tantam.exchange.errors import SheetLooksShifted
from tantam.exchange.models import Answer, LikelyDuplicate, Question, StagedItem
from tantam.exchange.operations.questions import answer_alike, answer_questions, confirm_shifted
from tantam.exchange.operations.runs import start_applying
from tantam.exchange.tests.fhir_files import bundle, encounter, patient, write
from tantam.patients.models import Identifier, Patient
from tantam.patients.models.identifier import source_system
from tantam.records.models import Allergy, Encounter
from tests.factories.exchange import SourceFactory
from tests.factories.patients import PatientFactory

pytestmark = pytest.mark.django_db

HEADER = "Mã BN;Họ và tên;Ngày sinh;Giới tính;CCCD;SĐT;Dị ứng"


def sheet(tmp_path, *rows, name="bn.csv", header=HEADER):
    path = tmp_path / name
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def write_it():
    """Take in a checked run as it is answered."""

    def apply(run, actor=None):
        run = start_applying(run, in_background=False, actor=actor)
        return running.apply(run.pk)

    return apply


def people():
    return sorted(Patient.objects.values_list("full_name", flat=True))


def test_a_code_of_a_new_source_is_none_of_ours(tmp_path, take_in, own_numbers):
    ours = PatientFactory(code="BN-000017", full_name="Nguyễn Thị Lan", birth_date=date(1964, 6, 25))

    take_in(sheet(tmp_path, "BN-000017;Nguyễn Thị Lan;25/06/1964;Nữ;;;Penicillin"), of=own_numbers)

    assert not ours.allergies.exists()
    other = Patient.objects.exclude(pk=ours.pk).get()
    assert other.code != "BN-000017"
    number = Identifier.objects.get(patient=other)
    assert (number.system, number.value, number.label) == (
        source_system(own_numbers.pk),
        "BN-000017",
        own_numbers.name,
    )


def test_two_sites_that_number_alike_load_completely(tmp_path, take_in, site):
    first = [f"{number:04};Trần Văn {chr(65 + number)};0{number + 1}/01/1960;Nam;;;" for number in range(8)]
    second = [f"{number:04};Lê Thị {chr(65 + number)};0{number + 1}/02/1970;Nữ;;;" for number in range(8)]

    one = take_in(sheet(tmp_path, *first), of=SourceFactory(site=site))
    two = take_in(sheet(tmp_path, *second), of=SourceFactory(site=site))

    assert Patient.objects.count() == 16
    assert one.refused_count == two.refused_count == 0
    assert Identifier.objects.values("value_index").distinct().count() == 8


def test_the_same_numbering_is_ours_when_the_source_says_so(tmp_path, take_in, source):
    ours = PatientFactory(code="BN-000017", full_name="Nguyễn Thị Lan", birth_date=date(1964, 6, 25))

    take_in(sheet(tmp_path, "BN-000017;nguyễn thị lan;25/06/1964;Nữ;;0912345678;"))

    assert Patient.objects.get() == ours
    assert ours.contact_points.count() == 1
    assert not Identifier.objects.exists()


@pytest.mark.parametrize(
    ("row", "differs"),
    [
        ("17;Phạm Văn Khác;12/03/1985;Nam;;;Penicillin", "sex,full_name"),
        ("17;Nguyễn Văn An;13/03/1985;Nam;;;Penicillin", "birth_date"),
        ("17;Nguyễn Văn An;12/03/1985;Nữ;;;Penicillin", "sex"),
        ("17;Nguyễn Văn Ấn;12/03/1985;;;;Penicillin", "full_name"),
        ("17;Nguyễn Văn An;12/03/1985;;001085000124;;Penicillin", "identity_number"),
        ("17;Nguyễn Văn An;1986;;;;Penicillin", "birth_year"),
    ],
)
def test_a_row_that_says_somebody_else_than_before_is_asked_and_changes_nothing(
    tmp_path, take_in, check_files, write_it, own_numbers, row, differs
):
    take_in(sheet(tmp_path, "17;Nguyễn Văn An;12/03/1985;Nam;001085000123;;"), of=own_numbers)
    before = Patient.objects.values().get()

    run = check_files(sheet(tmp_path, row, name="again.csv"), of=own_numbers)

    question = Question.objects.get()
    assert set(question.differs.split(",")) == set(differs.split(",")) or "sex" in differs
    assert (question.tie, question.row, question.patient_id) == ("id", 2, before["id"])
    run = write_it(run)
    assert Patient.objects.values().get() == before
    assert not Allergy.objects.exists()
    assert StagedItem.objects.get(run=run, kind="patient").reason_code == "not_answered"
    assert run.refused_count == 2


def test_spelling_and_case_are_updates(tmp_path, take_in, own_numbers):
    take_in(sheet(tmp_path, "17;Nguyễn Thị Hoà;12/03/1985;Nữ;;;"), of=own_numbers)

    take_in(sheet(tmp_path, "17;NGUYỄN  THỊ HÒA;12/03/1985;Nữ;;0912345678;", name="two.csv"), of=own_numbers)

    assert Patient.objects.get().full_name == "Nguyễn Thị Hòa"


@pytest.mark.parametrize(("one", "other"), [("Minh Anh", "Minh Ánh"), ("Hoa", "Hòa")])
def test_twins_whose_names_differ_by_an_accent_are_two(tmp_path, take_in, own_numbers, one, other):
    rows = [f"Phạm {name};05/05/2018;Nữ;0912345678;{name}" for name in (one, other)]

    take_in(sheet(tmp_path, *rows, header="Họ tên;Ngày sinh;Giới tính;SĐT;Dị ứng"), of=own_numbers)

    assert people() == sorted([f"Phạm {one}", f"Phạm {other}"])
    for found in Patient.objects.all():
        assert [allergy.agent for allergy in found.allergies.all()] == [found.full_name.removeprefix("Phạm ")]
    assert LikelyDuplicate.objects.count() == 1


@pytest.mark.parametrize("row", ["Nguyễn Văn An;1960;{}", "Nguyễn Văn An;;{}"])
def test_namesakes_without_more_are_new_people_marked_for_a_look(tmp_path, take_in, own_numbers, row):
    header = "Họ tên;Ngày sinh;Dị ứng"

    run = take_in(sheet(tmp_path, row.format("Tôm"), row.format("Cua"), header=header), of=own_numbers)
    take_in(sheet(tmp_path, row.format("Sữa"), header=header, name="b.csv"), of=own_numbers)

    assert Patient.objects.count() == 3
    assert all(one.allergies.count() == 1 for one in Patient.objects.all())
    assert run.counts["likely"] == 1
    assert LikelyDuplicate.objects.count() == 2


def test_rows_alike_in_every_cell_stay_apart_and_come_back_as_they_were(tmp_path, take_in, own_numbers):
    file = sheet(tmp_path, "Nguyễn Văn An;0", "Nguyễn Văn An;0", header="Họ tên;Dị ứng")

    take_in(file, of=own_numbers)
    again = take_in(file, of=own_numbers)

    assert Patient.objects.count() == 2
    assert again.counts["applied"] == {}


def test_a_year_is_no_date_of_birth(tmp_path, take_in, check_files, own_numbers):
    PatientFactory(full_name="Nguyễn Văn An", birth_year=1960, sex="male", phone="0912345678")

    check_files(
        sheet(tmp_path, "Nguyễn Văn An;1960;0912345678", header="Họ tên;Ngày sinh;SĐT"), of=own_numbers
    )

    assert Question.objects.get().tie == "contact"


def test_two_rows_of_one_code_that_contradict_are_one_patient_and_one_question(
    tmp_path, check_files, write_it, own_numbers, mai
):
    rows = ("17;Nguyễn Văn An;12/03/1985;Nam;;;Tôm", "17;Lê Thị Bình;01/02/1990;Nữ;;;Penicillin")
    run = check_files(sheet(tmp_path, *rows), of=own_numbers)

    question = Question.objects.get()
    assert (question.row, question.patient_id, question.other_id) == (3, None, "17")
    assert question.side("ours")["full_name"] == "Nguyễn Văn An"
    assert question.side("theirs")["full_name"] == "Lê Thị Bình"
    answer_questions(run, answers={question.pk: Answer.ANOTHER}, actor=mai)
    write_it(run)

    assert {
        one.full_name: [allergy.agent for allergy in one.allergies.all()] for one in Patient.objects.all()
    } == {
        "Nguyễn Văn An": ["Tôm"],
        "Lê Thị Bình": ["Penicillin"],
    }
    assert Identifier.objects.get().patient.full_name == "Nguyễn Văn An"


def test_the_same_person_takes_over_what_the_row_says(
    tmp_path, take_in, check_files, write_it, own_numbers, mai
):
    take_in(sheet(tmp_path, "17;Nguyễn Thị Lan;12/03/1985;Nữ;;;"), of=own_numbers)
    run = check_files(
        sheet(tmp_path, "17;Nguyễn Thị Lan Anh;13/03/1985;Nữ;;;Tôm", name="b.csv"), of=own_numbers
    )

    answer_alike(run, alike=Question.objects.get().alike, answer=Answer.SAME, actor=mai)
    write_it(run)

    one = Patient.objects.get()
    assert (one.full_name, one.birth_date, one.allergies.get().agent) == (
        "Nguyễn Thị Lan Anh",
        date(1985, 3, 13),
        "Tôm",
    )


def test_another_person_stays_another_and_takes_nothing_from_the_first(
    tmp_path, take_in, check_files, write_it, own_numbers, mai
):
    header = "Mã BN;Họ và tên;Ngày sinh;Ngày khám;Lý do khám"
    take_in(sheet(tmp_path, "17;Nguyễn Văn An;12/03/1985;01/11/2026;Ho", header=header), of=own_numbers)
    file = sheet(tmp_path, "17;Trần Văn Bảy;01/01/1950;01/11/2026;Sốt", header=header, name="b.csv")
    run = check_files(file, of=own_numbers)
    answer_questions(run, answers={Question.objects.get().pk: Answer.ANOTHER}, actor=mai)
    write_it(run)

    assert dict(Encounter.objects.values_list("patient__full_name", "reason")) == {
        "Nguyễn Văn An": "Ho",
        "Trần Văn Bảy": "Sốt",
    }
    again = check_files(file, of=own_numbers)
    assert not Question.objects.filter(run=again).unanswered().exists()
    write_it(again)
    assert (Patient.objects.count(), Encounter.objects.count()) == (2, 2)


def test_what_is_left_out_is_left_out_with_all_that_belongs_to_it(
    tmp_path, take_in, check_files, write_it, own_numbers, mai
):
    take_in(sheet(tmp_path, "17;Nguyễn Văn An;12/03/1985;Nam;;;"), of=own_numbers)
    run = check_files(sheet(tmp_path, "17;Trần Văn Bảy;01/01/1950;Nam;;;Tôm", name="b.csv"), of=own_numbers)

    answer_questions(run, answers={Question.objects.get().pk: Answer.LEAVE_OUT}, actor=mai)
    write_it(run)

    assert people() == ["Nguyễn Văn An"]
    assert not Allergy.objects.exists()
    assert {item.reason_code for item in StagedItem.objects.filter(run=run)} == {
        "left_out",
        "patient_refused",
    }


def test_one_identity_number_on_two_people_is_asked(tmp_path, check_files, write_it, own_numbers, mai):
    rows = ("1;Nguyễn Văn An;12/03/1985;Nam;001085000123;;", "2;Lê Văn Bình;01/02/1990;Nam;001085000123;;")
    run = check_files(sheet(tmp_path, *rows), of=own_numbers)

    assert Question.objects.get().tie == "identity_number"
    answer_questions(run, answers={Question.objects.get().pk: Answer.ANOTHER}, actor=mai)
    write_it(run)

    assert dict(Patient.objects.values_list("full_name", "identity_number")) == {
        "Nguyễn Văn An": "001085000123",
        "Lê Văn Bình": "",
    }
    assert "number_held" in {
        problem.code for item in StagedItem.objects.filter(run=run) for problem in item.noted
    }


def _column_sorted_apart(names):
    return [f"{number:03};{name};{number + 1:02}/01/1960;;;;" for number, name in enumerate(names)]


def test_a_sheet_whose_name_column_was_sorted_apart_is_stopped(
    tmp_path, take_in, check_files, write_it, own_numbers, mai
):
    names = [
        f"{family} Văn {given}" for family in ("Trần", "Lê") for given in ["Sơn", "An", "Tú", "Bình", "Minh"]
    ]
    take_in(sheet(tmp_path, *_column_sorted_apart(names)), of=own_numbers)
    before = people()
    run = check_files(sheet(tmp_path, *_column_sorted_apart(sorted(names)), name="b.csv"), of=own_numbers)

    assert run.looks_shifted
    with pytest.raises(SheetLooksShifted):
        write_it(run)
    run = confirm_shifted(run, actor=mai)
    write_it(run)

    assert people() == before
    assert list(Patient.objects.order_by("pk").values_list("full_name", flat=True)) == names


def test_a_few_corrections_do_not_stop_the_run(tmp_path, take_in, check_files, own_numbers):
    names = [f"Trần Văn {given}" for given in ["Sơn", "An", "Tú", "Bình", "Minh"]]
    take_in(sheet(tmp_path, *_column_sorted_apart(names)), of=own_numbers)

    run = check_files(sheet(tmp_path, *_column_sorted_apart(reversed(names)), name="b.csv"), of=own_numbers)

    assert Question.objects.count() == 4
    assert not run.looks_shifted


def test_an_encounter_never_moves_to_another_patient(tmp_path, take_in, own_numbers):
    take_in(write(tmp_path, "a.json", bundle(patient(1), patient(2), encounter(1, of=1))), of=own_numbers)

    run = take_in(
        write(tmp_path, "b.json", bundle(patient(1), patient(2), encounter(1, of=2))), of=own_numbers
    )

    assert Encounter.objects.get().patient.full_name == "Nguyễn Thị Hằng A"
    assert StagedItem.objects.get(run=run).reason_code == "belongs_to_another"


def test_corrected_here_is_said_only_where_somebody_did(tmp_path, take_in, own_numbers):
    take_in(sheet(tmp_path, "17;Nguyễn Văn An;12/03/1985;Nam;;;"), of=own_numbers)
    run = take_in(sheet(tmp_path, "17;NGUYỄN VĂN AN;1985;;;0912345678;", name="b.csv"), of=own_numbers)

    assert not [problem for item in StagedItem.objects.filter(run=run) for problem in item.noted]


def test_what_was_corrected_here_is_no_question_when_the_source_says_it_as_before(
    tmp_path, take_in, own_numbers
):
    take_in(sheet(tmp_path, "17;Nguyễn Văn An;12/03/1985;Nam;;;"), of=own_numbers)
    Patient.objects.update(birth_date=date(1985, 3, 14))

    take_in(sheet(tmp_path, "17;Nguyễn Văn An;12/03/1985;Nam;;0912345678;", name="b.csv"), of=own_numbers)

    assert not Question.objects.exists()
    assert Patient.objects.get().birth_date == date(1985, 3, 14)
    assert Patient.objects.get().contact_points.count() == 1
