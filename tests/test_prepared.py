"""Questions whose SQL is worked out once give the same answers as their querysets."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import Count, Exists, OuterRef
from django.utils import timezone

from tantam.facility.models import Department, Site
from tantam.lib.prepared import NotPreparable, Prepared
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
