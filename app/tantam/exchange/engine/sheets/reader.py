from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from tantam.exchange.engine.drafts import Counted, Found, PractitionerDraft
from tantam.exchange.engine.problems import Problem
from tantam.exchange.engine.readers import FileRefused, ReadingContext
from tantam.exchange.engine.reasons import EMPTY
from tantam.exchange.engine.sheets.headers import opened
from tantam.exchange.engine.sheets.rows import drafts_of

NO_HEADER = _(
    "No row of the first forty looks like a header. A sheet needs a row of column names, with the name or the code"
    " of the patient among them."
)
DOCTORS_REMEMBERED = 20_000


def read_sheet(stream: BinaryIO, context: ReadingContext) -> Iterator[Found]:
    """Read CSV or Excel (B5): each row gives a patient and what its other columns say.

    The header is looked for under title rows; columns are matched by their headers, or as people matched them
    before (`context.columns`). Raises FileRefused when there is no header or the file cannot be opened.
    """
    heading, rows = opened(stream, context.columns)
    if heading is None:
        is_empty = next(rows, None) is None
        raise FileRefused(Problem.of("empty", EMPTY) if is_empty else Problem.of("no_header", NO_HEADER))
    doctors: set[str] = set()
    for number, cells in rows:
        yield Counted("row")
        for draft in drafts_of(number, cells, heading, context):
            if isinstance(draft, PractitionerDraft):
                if draft.external_id in doctors:
                    continue
                if len(doctors) < DOCTORS_REMEMBERED:
                    doctors.add(draft.external_id)
            yield draft
