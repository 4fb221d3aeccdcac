from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.lib.dates import Birth
from tantam.patients.rules.same_person import STRONG, Fact, Facts, Verdict, compare, is_same_name

BORN = date(1964, 6, 25)
LAN = Facts(
    full_name="Nguyễn Thị Lan",
    birth=Birth(1964, BORN),
    sex="female",
    identity_number="001164012345",
    codes=frozenset({("source:1", "00017")}),
    contacts=frozenset({"+84912345678"}),
)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("Nguyễn Văn Hoà", "NGUYỄN VĂN HÒA", True),
        ("Đỗ Thuý  Hằng", "đỗ thúy hằng", True),
        ("Trần Thị Hằng", unicodedata.normalize("NFD", "Trần Thị Hằng"), True),
        ("H’Hen Niê", "H'Hen Niê", True),
        ("Nguyễn Minh Anh", "Nguyễn Minh Ánh", False),
        ("Trần Thị Hoa", "Trần Thị Hòa", False),
        ("Lê Thị Hân", "Lê Thị Hằn", False),
        ("Đỗ Văn An", "Do Van An", False),
        ("Nguyễn Văn An", "Nguyễn Văn Ân", False),
    ],
)
def test_a_name_is_the_same_beyond_spelling_and_case_only(first, second, same):
    assert is_same_name(first, second) is same
    assert is_same_name(second, first) is same


@pytest.mark.parametrize(
    ("theirs", "verdict", "contradictions"),
    [
        pytest.param(LAN, Verdict.SAME, (), id="everything-agrees"),
        pytest.param(Facts(identity_number="001164012345"), Verdict.SAME, (), id="identity-number-alone"),
        pytest.param(
            Facts(codes=LAN.codes, full_name="NGUYỄN THỊ LAN"), Verdict.SAME, (), id="code-in-its-space"
        ),
        pytest.param(
            Facts("Trần Văn Bình", sex="male", codes=LAN.codes),
            Verdict.QUESTION,
            (Fact.SEX, Fact.NAME),
            id="one-code-another-name-and-sex",
        ),
        pytest.param(
            replace(LAN, birth=Birth(1990, date(1990, 1, 1)), identity_number="001190000001"),
            Verdict.QUESTION,
            (Fact.IDENTITY, Fact.BIRTH_DATE),
            id="one-code-other-birth-and-identity-number",
        ),
        pytest.param(
            Facts("Phạm Thị Cúc", Birth(1971, date(1971, 2, 3)), codes=frozenset({("source:2", "00017")})),
            Verdict.UNRELATED,
            (Fact.BIRTH_DATE, Fact.NAME),
            id="another-site-numbers-alike",
        ),
        pytest.param(
            Facts("Nguyễn Thị Lan", Birth(1964, BORN), contacts=LAN.contacts),
            Verdict.SAME,
            (),
            id="name-date-and-phone",
        ),
        pytest.param(
            Facts("Nguyễn Thị Lân", Birth(1964, BORN), contacts=LAN.contacts),
            Verdict.DIFFERENT,
            (Fact.NAME,),
            id="twins-whose-names-differ-by-an-accent",
        ),
        pytest.param(
            Facts("Nguyễn Thị Lan", Birth(1964, BORN), identity_number="001164999999"),
            Verdict.DIFFERENT,
            (Fact.IDENTITY,),
            id="namesakes-of-one-day-with-their-own-cards",
        ),
        pytest.param(
            Facts("Nguyễn Thị Lan", Birth(1964, BORN), "male", contacts=LAN.contacts),
            Verdict.QUESTION,
            (Fact.SEX,),
            id="all-but-the-sex",
        ),
        pytest.param(Facts("Nguyễn Thị Lan", Birth(1964)), Verdict.UNRELATED, (), id="name-and-year"),
        pytest.param(
            Facts("Nguyễn Thị Lan", Birth(1964), contacts=LAN.contacts),
            Verdict.QUESTION,
            (),
            id="a-year-is-never-a-date",
        ),
        pytest.param(Facts("Nguyễn Thị Lan"), Verdict.UNRELATED, (), id="a-name-and-nothing-else"),
        pytest.param(
            Facts("Nguyễn Văn Nam", Birth(1990), contacts=LAN.contacts),
            Verdict.DIFFERENT,
            (Fact.NAME, Fact.BIRTH_YEAR),
            id="a-relative-on-the-same-phone",
        ),
        pytest.param(
            replace(LAN, identity_number="012345678"), Verdict.SAME, (), id="an-old-card-beside-a-new-one"
        ),
    ],
)
def test_what_two_sets_of_facts_say_of_each_other(theirs, verdict, contradictions):
    found = compare(LAN, theirs)

    assert (found.verdict, found.contradictions) == (verdict, contradictions)


def test_namesakes_and_twins_are_worth_a_look_afterwards():
    assert compare(LAN, Facts("Nguyễn Thị Lan", Birth(1964))).is_likely_duplicate
    assert compare(LAN, Facts("Nguyen Thi Lan", Birth(1964, BORN))).is_likely_duplicate
    assert not compare(LAN, Facts("Nguyễn Thị Lan", Birth(1990))).is_likely_duplicate
    assert not compare(LAN, Facts("Nguyễn Thị Lan")).is_likely_duplicate


_facts = st.builds(
    Facts,
    full_name=st.sampled_from(("", "Nguyễn Minh Anh", "Nguyễn Minh Ánh", "NGUYỄN MINH ANH", "Trần Văn Bình")),
    birth=st.sampled_from(
        (
            None,
            Birth(1964),
            Birth(1964, BORN),
            Birth(1964, date(1964, 6, 26)),
            Birth(1990, date(1990, 1, 1)),
        )
    ),
    sex=st.sampled_from(("", "male", "female", "unknown", "other")),
    identity_number=st.sampled_from(("", "001164012345", "001164012346", "012345678")),
    codes=st.frozensets(st.tuples(st.sampled_from(("source:1", "source:2")), st.sampled_from("12"))),
    contacts=st.frozensets(st.sampled_from(("+84912345678", "a@b.vn"))),
)


@given(_facts, _facts)
def test_it_does_not_matter_which_comes_first(ours, theirs):
    assert compare(ours, theirs) == compare(theirs, ours)


@given(_facts, _facts)
def test_one_person_never_contradicts_themself(ours, theirs):
    found = compare(ours, theirs)

    if found.verdict is Verdict.SAME:
        assert not found.contradictions
    assert not set(found.contradictions) & set(found.agreements)


@given(_facts, _facts)
def test_a_strong_fact_that_is_against_it_is_always_named(ours, theirs):
    found = compare(ours, theirs)
    differs = {
        Fact.SEX: {ours.sex, theirs.sex} == {"male", "female"},
        Fact.BIRTH_DATE: bool(
            ours.birth
            and theirs.birth
            and ours.birth.date
            and theirs.birth.date
            and ours.birth.date != theirs.birth.date
        ),
        Fact.NAME: bool(ours.full_name and theirs.full_name)
        and ours.full_name.casefold() != theirs.full_name.casefold(),
    }

    assert {fact for fact, is_so in differs.items() if is_so} == (STRONG - {Fact.IDENTITY}) & set(
        found.contradictions
    )


@given(_facts, _facts)
def test_nothing_is_recognised_by_less_than_name_date_and_contact(ours, theirs):
    found = compare(replace(ours, identity_number="", codes=frozenset()), theirs)

    if found.verdict is Verdict.SAME:
        assert {Fact.NAME, Fact.BIRTH_DATE, Fact.CONTACT} <= set(found.agreements)


@given(_facts)
def test_facts_with_a_number_are_the_same_as_themselves(facts):
    if facts.identity_number or facts.codes:
        assert compare(facts, facts).verdict is Verdict.SAME


@given(_facts, _facts, _facts)
def test_what_is_merged_holds_no_two_facts_against_each_other(first, second, third):
    """A record that took in one row never takes in another that contradicts what it holds by then."""
    record = first
    for row in (second, third):
        if compare(record, row).verdict is Verdict.SAME:
            record = Facts(
                full_name=record.full_name or row.full_name,
                birth=max(filter(None, (record.birth, row.birth)), default=None),
                sex=record.sex if record.sex in ("male", "female") else row.sex,
                identity_number=record.identity_number or row.identity_number,
                codes=record.codes | row.codes,
                contacts=record.contacts | row.contacts,
            )
            assert not set(compare(record, row).contradictions) & STRONG
