"""Finding a patient by whatever one remembers of them (J1, B1)."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tantam.lib.errors import NotVisible
from tantam.lib.prepared import read_prepared
from tantam.patients.access import patients_found
from tantam.patients.queries.asked import understand
from tantam.patients.queries.search import search_patients
from tests.factories.patients import ContactPointFactory, PatientFactory

TODAY = date(2026, 11, 21)


def names(text: str, **more: object) -> list[str]:
    return [patient.name for patient in search_patients(text, **more).patients]


@pytest.fixture
def hang(site):
    return PatientFactory(
        code="BN-004321", full_name="Nguyễn Thị Hằng", birth_year=1985, birth_date=date(1985, 3, 12),
        phone="0912345678", last_encounter_on=date(2026, 10, 12),
        identity_number="087185000999", insurance_number="4797912345",
    )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Nguyễn Thị Hằng", id="as-written"),
        pytest.param("nguyen thi hang", id="no-accents"),
        pytest.param("NGUYEN THI HANG", id="capitals"),
        pytest.param(unicodedata.normalize("NFD", "Nguyễn Thị Hằng"), id="decomposed"),
        pytest.param("  nguyen   hang ", id="without-the-middle"),
        pytest.param("hang nguyen", id="given-name-first"),
        pytest.param("thi hang", id="end-of-the-name"),
        pytest.param("ngu", id="half-a-family-name"),
        pytest.param("nguyen thi h", id="half-a-given-name"),
        pytest.param("hang", id="given-name"),
        pytest.param("thi", id="middle-name"),
        pytest.param("hang 1985", id="with-the-year"),
        pytest.param("hang 12/03/1985", id="with-the-day"),
        pytest.param("12-3-1985 nguyen", id="day-and-family-name"),
        pytest.param("12.03.1985", id="day-alone"),
        pytest.param("hang 5678", id="with-the-end-of-the-phone"),
        pytest.param("0912345678", id="phone"),
        pytest.param("0912.345.678", id="phone-with-dots"),
        pytest.param("+84 912 345 678", id="phone-abroad"),
        pytest.param("84912345678", id="phone-bare-84"),
        pytest.param("912345678", id="phone-without-its-zero"),
        pytest.param("5678", id="last-four"),
        pytest.param("345678", id="last-six"),
        pytest.param("BN-004321", id="code"),
        pytest.param("bn4321", id="code-short"),
        pytest.param("bn 4321", id="code-spaced"),
        pytest.param("4321", id="code-number"),
    ],
)
def test_one_patient_many_ways(hang, text):
    PatientFactory(full_name="Trần Văn Tí", birth_year=1990, phone="0999888777")

    assert names(text, today=TODAY) == ["Nguyễn Thị Hằng"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        "hang 1986",
        "hang 13/03/1985",
        "13/03/1985",
        "lan 12/03/1985",
        "31/02/1985",
        "hang 5679",
        "hang tran",
        "0912345679",
        "bn4322",
    ],
)
def test_what_does_not_fit_is_not_found(hang, text):
    assert names(text, today=TODAY) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["", " ", "h", "?", "%%", "__", "' OR 1=1 --", "\\", "💊", "\x00\x00", "((", "a:*&|!"]
)
def test_nothing_sensible_finds_nothing_and_breaks_nothing(hang, text):
    assert search_patients(text).patients == ()


@pytest.mark.django_db
def test_a_day_of_birth_finds_those_of_whom_only_the_year_is_known_when_the_name_fits(site):
    PatientFactory(full_name="Lê Thị Sáu", birth_year=1950, birth_date=None)
    PatientFactory(full_name="Lê Thị Bảy", birth_year=1951, birth_date=None)

    assert names("sau 01/02/1950", today=TODAY) == ["Lê Thị Sáu"]
    assert names("01/02/1950", today=TODAY) == []


@pytest.mark.django_db
def test_an_old_eleven_digit_number_finds_the_new_one(site):
    PatientFactory(full_name="Lê Văn Cũ", phone="0162 345 6789")

    assert names("01623456789") == ["Lê Văn Cũ"]
    assert names("0323456789") == ["Lê Văn Cũ"]


@pytest.mark.django_db
def test_email_and_zalo_are_found_exactly(hang):
    ContactPointFactory(patient=hang, kind="email", raw="hang@example.vn")
    ContactPointFactory(patient=hang, kind="zalo", raw="0987654321")

    assert names("HANG@example.vn") == ["Nguyễn Thị Hằng"]
    assert names("0987 654 321") == ["Nguyễn Thị Hằng"]


@pytest.mark.django_db
def test_card_numbers_need_their_permission(hang, receptionist, mai, oscar):
    """D9: an identity number finds nobody for those who may not see it."""
    for number in ("087185000999", "4797912345"):
        assert [one.id for one in patients_found(receptionist, number).patients] == [hang.pk]
        assert patients_found(mai, number).patients == ()
    with pytest.raises(NotVisible):
        patients_found(oscar, "hang")


@pytest.mark.django_db
def test_accents_rank_first_then_the_whole_name_then_who_was_seen_last(site):
    for full_name, seen in [
        ("Nguyễn Thị Hạng", date(2026, 11, 20)),
        ("Nguyễn Thị Hằng", date(2020, 1, 1)),
        ("Nguyễn Thị Hằng Nga", date(2026, 11, 19)),
        ("Nguyễn Thị Hang", date(2026, 11, 18)),
    ]:
        PatientFactory(full_name=full_name, last_encounter_on=seen)

    assert names("Nguyễn Thị Hằng") == [
        "Nguyễn Thị Hằng", "Nguyễn Thị Hằng Nga", "Nguyễn Thị Hạng", "Nguyễn Thị Hang"
    ]  # fmt: skip
    assert names("nguyen thi hang")[:3] == ["Nguyễn Thị Hạng", "Nguyễn Thị Hang", "Nguyễn Thị Hằng"]


@pytest.mark.django_db
def test_who_was_born_that_day_leads_those_of_whom_only_the_year_is_known(site):
    for number in range(12):
        PatientFactory(
            full_name="Nguyễn Thị Lan",
            birth_year=1964,
            birth_date=None,
            last_encounter_on=date(2026, 1, 1 + number),
        )
    PatientFactory(full_name="Nguyễn Thị Lan", birth_date=date(1964, 6, 25), last_encounter_on=None)

    results = search_patients("nguyen thi lan 25/06/1964", limit=10, today=TODAY)

    assert results.patients[0].born == "25/06/1964"
    assert results.more


@pytest.mark.django_db
def test_whole_words_lead_beginnings(site):
    for number in range(12):
        PatientFactory(
            full_name="Trần Ngọc Lan", birth_year=1972, last_encounter_on=date(2026, 1, 1 + number)
        )
    PatientFactory(full_name="Ngô Thị Lan", birth_year=1972, last_encounter_on=None)
    PatientFactory(full_name="Ngô Thị Lanh", birth_year=1972, last_encounter_on=date(2026, 3, 1))

    assert names("lan ngo 1972", today=TODAY)[0] == "Ngô Thị Lan"
    assert names("ngo lan 1972", today=TODAY)[:2] == ["Ngô Thị Lan", "Ngô Thị Lanh"]


@pytest.mark.django_db
def test_accents_as_typed_lead_in_any_order_and_case(site):
    for full_name, seen in [("Lê Thị Hương", date(2026, 1, 2)), ("Lê Thị Hường", date(2020, 1, 1))]:
        PatientFactory(full_name=full_name, last_encounter_on=seen)

    assert names("hường le")[0] == "Lê Thị Hường"
    assert names("HƯƠNG LÊ")[0] == "Lê Thị Hương"


@pytest.mark.django_db
def test_the_few_who_fit_are_all_on_the_page_however_many_were_seen_since(site, monkeypatch):
    """The walks end early; what they did not reach comes from the word index."""
    monkeypatch.setattr("tantam.patients.queries.search.read_prepared", _plain)
    for number in range(30):
        PatientFactory(
            full_name="Lê Văn Bình", birth_year=1980, last_encounter_on=date(2026, 1, 1 + number % 28)
        )
    few = {
        PatientFactory(full_name=full_name, birth_year=1972, last_encounter_on=None).full_name
        for full_name in ("Bình Thị Lê Na", "Nguyễn Lê Hải Bình", "Lê Thị Bình An", "Bùi Lê Hoà Bình")
    }

    assert set(names("binh le 1972")) == few
    assert set(names("le bin 1972")) == few


def _plain(sql, values):
    """The walks as if a thousand others had been seen since."""
    return read_prepared(sql.replace("LIMIT 1500) p", "LIMIT 2) p"), values)


@pytest.mark.django_db
def test_a_longer_end_of_a_phone_beside_a_name_is_meant_whole(site):
    PatientFactory(full_name="Lê Thị Lan", phone="0912345678")
    PatientFactory(full_name="Trần Thị Lan", phone="0987655678")

    assert names("lan 45678") == ["Lê Thị Lan"]
    assert len(names("lan 5678")) == 2


@pytest.mark.django_db
def test_the_most_recently_seen_lead_a_common_name_and_more_are_announced(site):
    for day in range(1, 29):
        PatientFactory(full_name=f"Nguyễn Văn A{chr(96 + day)}", last_encounter_on=date(2026, 1, day))
    PatientFactory(full_name="Nguyễn Văn Mới", last_encounter_on=None)

    results = search_patients("nguyen", limit=5)

    assert [patient.last_encounter for patient in results.patients] == [
        f"{day}/01/2026" for day in (28, 27, 26, 25, 24)
    ]
    assert results.more


@pytest.mark.django_db
def test_two_of_one_name_can_be_told_apart(hang):
    PatientFactory(full_name="Nguyễn Thị Hằng", birth_year=1990, phone="0987654321", sex="female")

    lines = {patient.hint for patient in search_patients("nguyen thi hang").patients}

    assert any(
        "12/03/1985" in line and "…678" in line and "12/10/2026" in line and "BN-004321" in line
        for line in lines
    )
    assert any("1990" in line and "…321" in line for line in lines)


@pytest.mark.django_db
def test_a_wrong_number_still_finds_but_is_not_shown(site):
    patient = PatientFactory(full_name="Lê Văn Tám")
    ContactPointFactory(patient=patient, raw="0912345678", is_wrong=True)

    (found,) = search_patients("5678").patients

    assert found.phone_end == ""


@pytest.mark.django_db
def test_a_patient_with_two_phones_of_one_ending_is_one_line(site):
    patient = PatientFactory(full_name="Lê Văn Tám", phone="0912345678")
    ContactPointFactory(patient=patient, raw="0987655678")

    assert names("5678") == ["Lê Văn Tám"]


@pytest.mark.django_db
def test_names_are_escaped_where_they_are_marked(site):
    PatientFactory(full_name="Lê <b>Tám</b>")

    (found,) = search_patients("le").patients

    assert found.name_marked == "<mark>Lê</mark> &lt;b&gt;Tám&lt;/b&gt;"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("nguyen thi hang", 2),
        ("nguyen", 2),
        ("5678", 1),
        ("345678", 2),
        ("0912345678", 2),
        ("bn4321", 1),
        ("zz yy", 2),
    ],
)
def test_a_search_is_one_or_two_statements(hang, text, most, django_assert_max_num_queries):
    search_patients(text)

    with django_assert_max_num_queries(most):
        search_patients(text)


@given(st.text(max_size=300))
@settings(deadline=None, max_examples=300)
def test_any_text_can_be_understood(db_free, text):
    asked = understand(text, today=TODAY)

    assert len(asked.words) <= 8
    assert asked.is_empty or asked.text


@pytest.fixture(scope="module")
def db_free():
    """`understand` asks for the organisation's prefix only; here there is none."""
    from unittest.mock import patch

    with patch("tantam.patients.models.codes.organisation", return_value=None):
        yield


@pytest.mark.django_db
@given(text=st.text(st.sampled_from("nguyễn thị hằng0189-+./%_'\\:&|!()*\"@ "), max_size=24))
@settings(deadline=None, max_examples=120)
def test_no_text_breaks_the_search(text):
    search_patients(text, with_identity=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hang 1985", {"words": ("hang",), "birth_year": 1985}),
        ("hằng", {"words": ("hang",), "written": "Hằng"}),
        ("1985", {"tail": "1985", "words": ()}),
        ("hang 3000", {"tail": "3000", "birth_year": None}),
        ("Đặng Thuý", {"words": ("dang", "thuy")}),
        ("Nguyễn-Thị Hoa", {"words": ("nguyen", "thi", "hoa")}),
        ("a@b.vn", {"emails": ("a@b.vn",)}),
        ("+84912345678", {"phones": ("+84912345678",), "tail": ""}),
    ],
)
def test_what_was_meant(db_free, text, expected):
    asked = understand(text, today=TODAY)

    assert {name: getattr(asked, name) for name in expected} == expected
