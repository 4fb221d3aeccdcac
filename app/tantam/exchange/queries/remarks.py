"""Everything an import refused or remarked on, as rows for people: on the page, in the terminal, in a file."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from tantam.exchange.engine.drafts import Kind
from tantam.exchange.models import ImportRun, StagedItem


def remark_rows(run: ImportRun) -> Iterator[list[object]]:
    """A heading, then file, row, what, verdict, column, value and reason of everything worth saying."""
    yield [_("File"), _("Row"), _("What"), _("Verdict"), _("Column"), _("Value"), _("Reason")]
    items = StagedItem.objects.filter(run=run).worth_saying().order_by("rank", "seq")
    for item in items.iterator(chunk_size=1_000):
        yield from rows_of(item)


def rows_of(item: StagedItem) -> Iterator[list[object]]:
    """One row for each thing noted on an item, as `remark_rows` gives them."""
    about = [item.file, item.row, Kind(item.kind).label, item.get_verdict_display()]
    for problem in item.noted:
        yield [*about, problem.place, problem.value, problem.sentence]
