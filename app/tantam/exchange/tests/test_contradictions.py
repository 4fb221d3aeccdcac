"""Whatever two rows say, in whichever order, files and sources: no record holds facts of two that contradict (B5).

Each example takes in up to three files from reading to writing, so that twenty of them take some twenty seconds.
"""

from __future__ import annotations

import tempfile
from itertools import combinations
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tantam.exchange.engine import running
from tantam.exchange.models import Answer, Question
from tantam.exchange.operations.questions import answer_questions
from tantam.exchange.operations.runs import name_files, start_applying, start_reading
from tantam.exchange.tests.test_never_the_wrong_patient import sheet
from tantam.patients.models import Patient
from tests.factories.exchange import SourceFactory

ROW = st.fixed_dictionaries(
    {
        "code": st.sampled_from(["", "17", "18"]),
        "name": st.sampled_from(["Minh Anh", "MINH ANH", "Minh Ánh", "Phạm Hoà", "Phạm Hòa", "Phạm Hoa"]),
        "birth": st.sampled_from(["", "1960", "12/03/1960", "13/03/1960"]),
        "sex": st.sampled_from(["", "Nam", "Nữ"]),
        "number": st.sampled_from(["", "001060000123", "001060000124"]),
        "phone": st.sampled_from(["", "0912345678"]),
    }
)
KNOWN_AS = {"MINH ANH": "Minh Anh", "Phạm Hoà": "Phạm Hòa"}


def contradict(one: dict[str, str], other: dict[str, str]) -> bool:
    """Plain words, apart from the rule of the product: what no one person can be both of."""
    for field in ("sex", "number"):
        if one[field] and other[field] and one[field] != other[field]:
            return True
    births = one["birth"], other["birth"]
    if all("/" in birth for birth in births) and births[0] != births[1]:
        return True
    return KNOWN_AS.get(one["name"], one["name"]) != KNOWN_AS.get(other["name"], other["name"])


def take_in(folder: Path, rows: list[tuple[int, dict[str, str]]], source, answer: str) -> None:
    lines = [
        f"{row['code']};{row['name']};{row['birth']};{row['sex']};{row['number']};{row['phone']};Chất {place}"
        for place, row in rows
    ]
    file = sheet(folder, *lines, name=f"{rows[0][0]}.csv")
    run = name_files(source, paths=[file], actor=None)
    start_reading(run, in_background=False, actor=None)
    run = running.read_and_check(run.pk)
    if answer:
        asked = Question.objects.filter(run=run).values_list("pk", flat=True)
        answer_questions(run, answers=dict.fromkeys(asked, Answer(answer)), actor=None)
    start_applying(run, in_background=False, actor=None)
    running.apply(run.pk)


@pytest.mark.django_db
@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    rows=st.lists(ROW, min_size=2, max_size=3),
    in_one_file=st.booleans(),
    from_one_source=st.booleans(),
    same_numbering=st.booleans(),
    answer=st.sampled_from(["", "another", "leave_out"]),
)
def test_no_record_holds_facts_of_two_rows_that_contradict(
    site, rows, in_one_file, from_one_source, same_numbering, answer
):
    numbered = list(enumerate(rows))
    with transaction.atomic(), tempfile.TemporaryDirectory() as folder:
        first = SourceFactory(site=site, numbers_are_ours=same_numbering)
        second = first if from_one_source else SourceFactory(site=site, numbers_are_ours=same_numbering)
        if in_one_file:
            take_in(Path(folder), numbered, first, answer)
        else:
            for place, row in numbered:
                take_in(Path(folder), [(place, row)], second if place % 2 else first, answer)

        for person in Patient.objects.prefetch_related("allergies"):
            held = [rows[int(allergy.agent.split()[1])] for allergy in person.allergies.all()]
            for one, other in combinations(held, 2):
                assert not contradict(one, other), (one, other)
            if held and all(row["birth"].count("/") for row in held):
                assert f"{person.birth_date:%d/%m/%Y}" in {row["birth"] for row in held}
        transaction.set_rollback(True)
