from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from tantam.exchange.models import ImportRun, Source, no_counts


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
