from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from tantam.exchange.models import ImportRun, Question, Source, no_counts


class SourceFactory(DjangoModelFactory[Source]):
    """A source of data; give it `site=`."""

    class Meta:
        model = Source

    name = factory.Sequence(lambda n: f"Phần mềm bệnh viện {n}")


class ImportRunFactory(DjangoModelFactory[ImportRun]):
    class Meta:
        model = ImportRun

    source = factory.SubFactory(SourceFactory)
    counts = factory.LazyFunction(no_counts)


class AskedFactory(DjangoModelFactory[Question]):
    """A question of an import; give it `run=`."""

    class Meta:
        model = Question

    item_id = 0
    seq = factory.Sequence(lambda n: n + 1)
    external_id = "17"
    file = "bn.csv"
    row = 2
    tie = "id"
    differs = "full_name"
