"""Questions of an import on the screen and in the command's file (B5)."""

from __future__ import annotations

import csv

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from tantam.accounts.permissions import Role
from tantam.exchange.engine import running
from tantam.exchange.management.help import NOT_DONE, SOME_REFUSED
from tantam.exchange.models import ImportRun, Question, RunState, Source
from tantam.exchange.tests.test_never_the_wrong_patient import sheet
from tantam.journal.models import Entry
from tantam.patients.models import Patient
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db

FIRST = ("17;Nguyễn Văn An;12/03/1985;Nam;001085000123;;", "18;Lê Thị Bình;01/02/1990;Nữ;;;")
SECOND = ("17;=Phạm Văn Khác;12/03/1985;Nam;001085000999;;", "18;Lê Thị Bình Minh;01/02/1990;Nữ;;;")


@pytest.fixture
def asked(tmp_path, take_in, check_files, own_numbers):
    take_in(sheet(tmp_path, *FIRST), of=own_numbers)
    second = [row.replace("=", "") for row in SECOND]
    return check_files(sheet(tmp_path, *second, name="b.csv"), of=own_numbers)


def test_both_sides_stand_beside_each_other_and_numbers_are_masked(client, manager, asked):
    client.force_login(manager)

    page = client.get(reverse("exchange:questions", args=[asked.pk])).content.decode()

    assert "“Nguyễn Văn An”" in page
    assert "“Phạm Văn Khác”" in page
    assert "001085000123" not in page
    assert "•••••••••123" in page


def test_an_answer_by_a_button_with_and_without_javascript(client, manager, asked):
    client.force_login(manager)
    first, second = Question.objects.all()
    address = reverse("exchange:answer", args=[asked.pk, first.pk])

    plain = client.post(address, {"answer": "another"})
    fragment = client.post(
        reverse("exchange:answer", args=[asked.pk, second.pk]),
        {"answer": "same"},
        headers={"HX-Request": "true"},
    )

    assert plain.status_code == 302
    assert fragment.status_code == 200
    assert 'value="same"' in fragment.content.decode()
    assert "<html" not in fragment.content.decode()
    assert list(Question.objects.values_list("answer", "answered_by")) == [
        ("another", manager.pk),
        ("same", manager.pk),
    ]
    entry = Entry.objects.filter(event="exchange.import:answered").first()
    assert "Khác" not in str(entry.details)


def test_all_alike_are_answered_at_once(client, manager, asked):
    client.force_login(manager)
    Question.objects.update(differs="full_name")
    alike = Question.objects.first().alike

    client.post(reverse("exchange:questions", args=[asked.pk]), {"alike": alike, "answer": "leave_out"})

    assert set(Question.objects.values_list("answer", flat=True)) == {"leave_out"}


def test_the_run_says_what_waits_and_asks_before_it_takes_in(client, manager, asked):
    client.force_login(manager)

    page = client.get(reverse("exchange:run", args=[asked.pk])).content.decode()

    assert reverse("exchange:questions", args=[asked.pk]) in page
    client.post(reverse("exchange:step", args=[asked.pk]), {"what": "apply"})
    running.apply(asked.pk)
    page = client.get(reverse("exchange:run", args=[asked.pk])).content.decode()
    assert page.count("b.csv") >= 2
    assert not Question.objects.filter(sides__isnull=False).exists()


@pytest.mark.parametrize("name", ["exchange:questions", "exchange:answer"])
def test_questions_of_another_site_are_not_there(client, asked, other_site, name):
    client.force_login(MemberFactory(roles=[(Role.MANAGER, other_site)]))
    ids = [asked.pk, Question.objects.first().pk] if name == "exchange:answer" else [asked.pk]

    assert client.post(reverse(name, args=ids), {"answer": "same"}).status_code == 404
    assert not Question.objects.exclude(answer="").exists()


def test_the_page_of_a_run_takes_it_back(client, manager, asked):
    client.force_login(manager)
    run = ImportRun.objects.order_by("pk").first()

    client.post(reverse("exchange:step", args=[run.pk]), {"what": "undo"})
    running.undo(run.pk)
    page = client.get(reverse("exchange:run", args=[run.pk])).content.decode()

    assert ImportRun.objects.get(pk=run.pk).state == RunState.UNDONE
    assert not Patient.objects.exists()
    assert "is-good" in page


# --- the command -------------------------------------------------------------------------------------


@pytest.fixture
def command(capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")

    def run(*arguments, **options):
        code = 0
        try:
            call_command("import_data", *map(str, arguments), **options)
        except SystemExit as ended:
            code = ended.code
        return code, capsys.readouterr().out

    return run


def test_questions_are_written_answered_and_read(tmp_path, site, manager, command):
    command(sheet(tmp_path, *FIRST), source="HIS")
    again = sheet(tmp_path, *SECOND[1:], "17;Phạm Văn Khác;12/03/1985;Nam;;;", name="b.csv")
    file = tmp_path / "questions.csv"

    code, said = command(again, source="HIS", questions=file)
    assert code == 0
    assert Patient.objects.count() == 2
    assert "2 rows may mean somebody we know" in said
    rows = list(csv.reader(file.open(encoding="utf-8-sig")))
    assert [len(row) for row in rows] == [19, 19, 19]
    rows[1][1], rows[2][1] = "same", "another"
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out, delimiter=";").writerows(rows)

    code, said = command(again, source="HIS", answers=file, username=manager.username)

    assert code == 0
    assert sorted(Patient.objects.values_list("full_name", flat=True)) == [
        "Lê Thị Bình Minh",
        "Nguyễn Văn An",
        "Phạm Văn Khác",
    ]


def test_what_nobody_answered_is_said_and_left_out(tmp_path, site, command):
    command(sheet(tmp_path, *FIRST), source="HIS")

    code, said = command(sheet(tmp_path, *SECOND[1:], name="b.csv"), source="HIS")

    assert code == SOME_REFUSED
    assert "1 rows may mean somebody we know" in said
    assert sorted(Patient.objects.values_list("full_name", flat=True)) == ["Lê Thị Bình", "Nguyễn Văn An"]


def test_an_answer_that_is_none_is_refused_with_its_row(tmp_path, site, command):
    command(sheet(tmp_path, *FIRST), source="HIS")
    file = tmp_path / "answers.csv"
    file.write_text("Question,Answer\nQ1-00,yes\n")

    with pytest.raises(CommandError, match=r"Row 2 .*“yes” is no answer"):
        command(sheet(tmp_path, *SECOND[1:], name="b.csv"), source="HIS", answers=file)


def test_a_code_space_may_be_ours(tmp_path, site, command):
    command(sheet(tmp_path, *FIRST), source="HIS", same_codes=True)

    assert Source.objects.get().numbers_are_ours
    assert set(Patient.objects.values_list("code", flat=True)) == {"17", "18"}


def test_the_command_takes_a_run_back(tmp_path, site, command):
    command(sheet(tmp_path, *FIRST), source="HIS")

    code, said = command(undo=ImportRun.objects.get().pk)

    assert code == 0
    assert "Taken back" in said
    assert not Patient.objects.exists()


def test_only_who_may_takes_data_in_by_name(tmp_path, site, mai, command):
    with pytest.raises(CommandError, match="trung-tam") as refused:
        command(sheet(tmp_path, *FIRST), source="HIS", username=mai.username, questions=tmp_path / "q.csv")

    assert refused.value.returncode == NOT_DONE
