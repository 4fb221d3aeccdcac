"""Where data comes from."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, transaction

from tantam.accounts.models import Member
from tantam.exchange.errors import SourceNameTaken
from tantam.exchange.events import ExchangeEvent
from tantam.exchange.models import Source, SourceKind
from tantam.facility.models import Site
from tantam.journal.operations import nothing_changed, operation, record


@operation
def add_source(
    *,
    name: str,
    site: Site,
    kind: str = SourceKind.FHIR,
    numbers_are_ours: bool = False,
    actor: Member | None,
) -> Source:
    """Name a system or an office that data comes from; its visits are filed under `site` (B5).

    Its patient codes are its own, and mean nobody else's patients, unless its `numbers_are_ours`.

    Refuses with SourceNameTaken.
    """
    try:
        with transaction.atomic():
            source = Source.objects.create(
                name=" ".join(name.split()),
                site=site,
                kind=kind,
                numbers_are_ours=numbers_are_ours,
                created_by=actor,
            )
    except IntegrityError:
        raise SourceNameTaken(field="name", name=name) from None
    record(ExchangeEvent.SOURCE_ADDED, source, actor=actor)
    return source


@operation
def remember_columns(
    source: Source, *, columns: Mapping[str, Mapping[str, str]], actor: Member | None
) -> Source:
    """Keep how the headers of this source's sheets were matched, for this and the next time."""
    source = Source.objects.select_for_update(of=("self",)).get(pk=source.pk)
    merged = {**source.columns, **columns}
    if merged == source.columns:
        nothing_changed()
        return source
    source.columns = merged
    source.save(update_fields=["columns"])
    record(ExchangeEvent.SOURCE_CHANGED, source, actor=actor)
    return source
