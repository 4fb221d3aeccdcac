"""Thousands of rows at once: what the database would refuse is refused, and alone (B5)."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DataError, IntegrityError, transaction

from tantam.exchange.engine import running
from tantam.exchange.engine.drafts import Kind
from tantam.exchange.models import StagedItem
from tantam.exchange.operations.runs import start_applying
from tantam.exchange.tests.fhir_files import hospital, write
from tantam.lib.bulk import all_at_once, insert_rows
from tantam.patients.models import Patient
from tantam.records.models import Encounter


def person(site, **more):
    return {"full_name": "Nguyễn Văn An", "code": "BN1", "home_site_id": site.pk, **more}


@pytest.mark.django_db
def test_rows_come_back_as_they_were_given_and_the_rest_has_its_defaults(site):
    given = person(
        site,
        birth_year=1985,
        birth_date=date(1985, 3, 12),
        notes="Nặng tai\tphải",
        vulnerability=["hearing", "x"],
    )

    (pk, other) = insert_rows(Patient, [given, person(site, code="BN2")])

    row = Patient.objects.get(pk=pk)
    assert {name: getattr(row, name) for name in given} == given
    assert (row.version, row.sex, row.identity_number) == (1, "unknown", "")
    assert Patient.objects.get(pk=other).vulnerability == []


@pytest.mark.django_db
def test_rows_made_while_they_are_copied_are_counted_by_what_came(site):
    ids = insert_rows(Patient, (person(site, code=f"BN{number}") for number in range(3)), at_most=10)

    assert sorted(Patient.objects.values_list("pk", flat=True)) == ids


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"birth_year": 70_000}, DataError),  # would fit after cutting off its upper bytes
        ({"version": 2**40}, DataError),
        ({"code": "B" * 31}, DataError),
        ({"full_name": "An\x00"}, DataError),
        ({"birth_date": date(1985, 1, 1)}, IntegrityError),  # without its year
    ],
)
def test_what_does_not_fit_its_column_is_refused_never_cut(site, more, error):
    with pytest.raises(error) as refused, transaction.atomic():
        insert_rows(Patient, [person(site, **more)])

    assert refused.value.__cause__.sqlstate[:2] in ("22", "23")
    assert not Patient.objects.exists()


@pytest.mark.django_db
def test_what_breaks_while_rows_are_made_is_raised_and_nothing_stays(site):
    def rows():
        yield person(site)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        insert_rows(Patient, rows(), at_most=2)

    assert not Patient.objects.exists()


@pytest.mark.django_db
def test_one_item_the_database_refuses_is_left_out_alone(tmp_path, check_files):
    run = check_files(write(tmp_path, "encounters.json", hospital(5)))
    item = StagedItem.objects.filter(run=run, kind=Kind.PATIENT).order_by("seq")[2]
    item.payload = {**item.payload, "province": "x" * 500}
    item.save(update_fields=["payload"])

    start_applying(run, in_background=False, actor=None)
    run = running.apply(run.pk)

    assert (Patient.objects.count(), Encounter.objects.count()) == (4, 4)
    assert run.counts["applied"][Kind.PATIENT] == {"created": 4, "refused": 1}
    item.refresh_from_db()
    assert (item.verdict, item.reason_code) == ("refused", "not_stored")


@pytest.mark.django_db
def test_nothing_asked_for_is_nothing_found(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert all_at_once(Patient.objects.filter(code__among=[]).values_list("pk")) == []
