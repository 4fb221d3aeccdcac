"""Questions whose SQL is worked out once give the same answers as their querysets."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DataError, connection, transaction
from django.db.models import Count, Exists, OuterRef
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tantam.facility.models import Department, Site
from tantam.lib.prepared import NotPreparable, Prepared, read_prepared
from tests.factories.facility import SiteFactory

pytestmark = pytest.mark.django_db

departments = Prepared(
    lambda name_id, sites: (
        Department.objects.filter(site__in=sites)
        .exclude(pk=name_id)
        .select_related("site", "speciality")
        .order_by("-pk")[:3]
    )
)


@pytest.fixture
def sites():
    found = [SiteFactory(), SiteFactory(), SiteFactory()]
    for site in found:
        for number in range(2):
            Department.objects.create(site=site, name=f"Khoa {number}")
    return found


def test_the_answer_is_the_queryset_s(sites):
    first = Department.objects.first()
    for chosen in ([sites[0].pk], [sites[1].pk], [sites[0].pk, sites[2].pk]):
        expected = departments.build(first.pk, chosen)
        assert departments(first.pk, chosen) == list(expected)
    assert departments(first.pk, []) == []


def test_related_rows_come_with_it(sites, django_assert_num_queries):
    departments(0, [sites[0].pk])
    with django_assert_num_queries(1):
        found = departments(0, [sites[1].pk])
        assert [one.site.name for one in found] == [sites[1].name] * 2
        assert [one.speciality for one in found] == [None, None]


def test_annotations_and_subqueries_come_with_it(sites):
    rows = Prepared(
        lambda site_id: Site.objects.filter(pk=site_id).annotate(
            rooms_of=Count("departments"),
            named=Exists(Department.objects.filter(site=OuterRef("pk"), name="Khoa 1")),
        )
    )

    assert [(one.rooms_of, one.named) for one in rows(sites[0].pk)] == [(2, True)]
    assert rows(sites[0].pk + 1_000) == []


def test_computing_with_an_argument_is_refused():
    from tantam.records.models import Reexamination

    late = Prepared(lambda day: Reexamination.objects.filter(due_on__lt=day - timedelta(days=3)))
    fine = Prepared(lambda day: Reexamination.objects.filter(due_on__lt=day))

    assert fine(timezone.localdate()) == []
    with pytest.raises(NotPreparable):
        late(timezone.localdate())


def _kept_by_postgresql(text: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE position(%s in statement) > 0", [text]
        )
        return int(cursor.fetchone()[0])


def test_postgresql_keeps_the_statement_and_is_asked_with_new_values(sites):
    sql = (
        "SELECT name, %(now)s::timestamptz FROM facility_department WHERE site_id = ANY(%(sites)s) /* once */"
    )
    now = timezone.now()

    for site in sites:
        found = read_prepared(sql, {"sites": [site.pk], "now": now})
        assert sorted(found) == [("Khoa 0", now), ("Khoa 1", now)]

    assert _kept_by_postgresql("/* once */") == 1


def test_what_others_ask_is_not_kept(sites):
    with connection.cursor() as cursor:
        for _time in range(10):
            cursor.execute(
                "SELECT name FROM facility_department WHERE site_id = %s /* often */", [sites[0].pk]
            )

    # The only one that holds the text is the question itself, which is not kept either.
    assert _kept_by_postgresql("/* often */") == 0


def test_a_refused_statement_leaves_the_connection_usable(sites):
    with pytest.raises(DataError), transaction.atomic():
        read_prepared("SELECT 1 / %(number)s::int", {"number": 0})

    assert read_prepared("SELECT 4 / %(number)s::int", {"number": 2}) == [(2,)]


def test_the_log_of_queries_shows_it_with_its_values(sites):
    with CaptureQueriesContext(connection) as asked:
        read_prepared("SELECT name FROM facility_site WHERE id = %s", [sites[0].pk])

    assert [one["sql"] for one in asked] == [f"SELECT name FROM facility_site WHERE id = {sites[0].pk}"]
