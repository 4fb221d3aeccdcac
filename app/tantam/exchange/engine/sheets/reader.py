from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final

from django.utils.translation import gettext_lazy as _

from tantam.exchange.engine.drafts import Counted, Draft, Found, PractitionerDraft, UnreadableDraft
from tantam.exchange.engine.problems import Problem
from tantam.exchange.engine.readers import FileRefused, ReadingContext
from tantam.exchange.engine.reasons import EMPTY
from tantam.exchange.engine.sheets.cells import COLUMNS_LIMIT, Cell, is_broken
from tantam.exchange.engine.sheets.footing import Footing
from tantam.exchange.engine.sheets.headers import opened
from tantam.exchange.engine.sheets.rows import drafts_of
from tantam.exchange.engine.sheets.values import text_of
from tantam.lib.text import shorten

NO_HEADER = _(
    "No row of the first forty looks like a header. A sheet needs a row of column names, with the name or the code"
    " of the patient among them."
)
PASSED_OVER = _("This line is no patient (a total, a signature, a page number, the header again).")
COLUMNS_LEFT_OUT = _("Columns nobody has said the meaning of, so they were not read (%(count)s): %(names)s.")
COLUMNS_BEYOND = _("The sheet has %(count)s columns; only the first %(limit)s were read.")
DOCTORS_REMEMBERED: Final = 20_000
NAMES_TOLD: Final = 30


def read_sheet(stream: BinaryIO, context: ReadingContext) -> Iterator[Found]:
    """Read CSV or Excel (B5): each row gives a patient and what its other columns say.

    The header is looked for under title rows; columns are matched by their headers, or as people matched them
    before (`context.columns`). What is not read is said: columns nobody matched or too far right, and lines that
    are no patients. Raises FileRefused when there is no header or the file cannot be opened.
    """
    heading, rows = opened(stream, context.columns)
    if heading is None:
        is_empty = next(rows, None) is None
        raise FileRefused(Problem.of("empty", EMPTY) if is_empty else Problem.of("no_header", NO_HEADER))
    left_out = heading.not_understood(context.columns.get(heading.signature, {}))
    if left_out:
        names = ", ".join(left_out[:NAMES_TOLD]) + (", …" if len(left_out) > NAMES_TOLD else "")
        problem = Problem.of("columns_left_out", COLUMNS_LEFT_OUT, count=len(left_out), names=names)
        yield _remark(context, heading.row, problem)
    footing = Footing(heading)
    doctors: set[str] = set()
    widest = 0
    for number, cells in rows:
        if len(cells) > COLUMNS_LIMIT:
            widest = max(widest, _width(cells))
        if not is_broken(cells) and footing.holds(cells):
            yield Counted("passed_over")
            problem = Problem.of("passed_over", PASSED_OVER, value=_as_text(cells))
            yield _remark(context, number, problem)
            continue
        yield Counted("row")
        for draft in drafts_of(number, cells, heading, context):
            if isinstance(draft, PractitionerDraft):
                if draft.external_id in doctors:
                    continue
                if len(doctors) < DOCTORS_REMEMBERED:
                    doctors.add(draft.external_id)
            yield draft
    if max(widest, heading.width) > COLUMNS_LIMIT:
        problem = Problem.of(
            "columns_beyond", COLUMNS_BEYOND, count=max(widest, heading.width), limit=COLUMNS_LIMIT
        )
        yield _remark(context, heading.row, problem)


def _remark(context: ReadingContext, row: int, problem: Problem) -> Draft:
    """Something worth saying of the sheet that belongs to no patient of it."""
    return UnreadableDraft(
        external_id=f"{context.file}:{row}:{problem.code}"[-200:],
        file=context.file,
        row=row,
        problems=[problem],
    )


def _width(cells: Sequence[Cell]) -> int:
    """How many columns a row has up to its last filled cell."""
    return next((place for place in range(len(cells), 0, -1) if text_of(cells[place - 1])), 0)


def _as_text(cells: Sequence[Cell]) -> str:
    return shorten(" · ".join(filter(None, map(text_of, cells))), 80)
