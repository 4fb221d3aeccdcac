"""Entries say codes, ids, numbers and days; words about a patient and the codes of diseases stay out (D9)."""

from __future__ import annotations

import pytest

from tantam.journal.models import Entry
from tantam.journal.operations import notify, record, record_many
from tantam.journal.rules.details import IN_WORDS, ProseInDetails
from tests.factories.patients import PatientFactory

pytestmark = pytest.mark.django_db
PROSE = [
    pytest.param("Bệnh nhân than đau ngực", id="a-sentence"),
    pytest.param("dau nguc", id="two-plain-words"),
    pytest.param("I10", id="a-disease"),
    pytest.param("E11.9", id="a-disease-with-its-part"),
    pytest.param(["given", "Nguyễn Thị Lan"], id="a-name-in-a-list"),
    pytest.param({"from": "2026-11-28", "why": "trở nặng"}, id="a-reason-inside"),
    pytest.param("x" * 121, id="too-long-for-a-code"),
    pytest.param(b"bytes", id="no-code-at-all"),
]


@pytest.mark.parametrize("said", PROSE)
def test_prose_and_diseases_are_refused(said, site, mai):
    patient = PatientFactory()
    for write in (
        lambda: record("t.t:done", patient, actor=mai, reason=said),
        lambda: record_many("t.t:done", [patient], actor=mai, reason=said),
        lambda: notify([mai], "t.t", patient_id=patient.pk, reason=said),
    ):
        with pytest.raises(ProseInDetails, match="reason"):
            write()
    assert not Entry.objects.filter(event="t.t:done").exists()


@pytest.mark.parametrize("name", sorted(IN_WORDS))
def test_what_may_be_words_may_not_be_about_a_patient(name, site, mai):
    record("t.t:done", site, actor=mai, **{name: "Chrome trên Windows"})
    with pytest.raises(ProseInDetails, match=name):
        record("t.t:done", PatientFactory(), actor=mai, **{name: "Chrome trên Windows"})


def test_codes_ids_numbers_days_and_moments_are_kept(site, mai):
    details = {
        "code": "BN-000123", "number": 7, "share": 0.5, "is": True, "none": None, "day": "2026-11-28",
        "moment": "2026-11-28T10:00:00+07:00", "many": [1, 2], "role": "care_agent@3", "address": "2001:db8::/32",
    }  # fmt: skip
    entry = record("t.t:done", site, actor=mai, **details)
    assert Entry.objects.get(pk=entry.pk).details == details


def test_many_entries_are_one_statement_and_say_what_one_says(site, mai, django_assert_num_queries):
    patients = [PatientFactory(), PatientFactory()]
    one = record("t.t:done", patients[0], actor=mai, look="t", on=[1, "a"])
    with django_assert_num_queries(1):
        record_many("t.t:many", patients, actor=mai, look="t", on=[1, "a"])

    written = list(Entry.objects.filter(event="t.t:many").order_by("pk"))
    assert [entry.patient_id for entry in written] == [patient.pk for patient in patients]
    for name in ("subject_type", "subject_id", "patient_id", "site_id", "actor_id", "details"):
        assert getattr(written[0], name) == getattr(one, name), name
    assert written[0].at is not None


def test_nothing_to_write_about_is_nothing_written(mai):
    record_many("t.t:many", [], actor=mai)
    assert not Entry.objects.filter(event="t.t:many").exists()
