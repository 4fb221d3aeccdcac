"""One row of a sheet becomes drafts: the patient, and whatever else its columns say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from tantam.exchange.engine.drafts import (
    Draft,
    UnreadableDraft,
)
from tantam.exchange.engine.filling import (
    note,
    refuse,
)
from tantam.exchange.engine.problems import Problem
from tantam.exchange.engine.readers import ReadingContext
from tantam.exchange.engine.sheets.cells import Cell, is_open_quote, is_too_long
from tantam.exchange.engine.sheets.columns import Heading
from tantam.exchange.engine.sheets.encounters import (
    allergies_of,
    diagnoses_of,
    doctor_of,
    encounter_of,
    prescriptions_of,
    reexaminations_of,
    vitals_of,
)
from tantam.exchange.engine.sheets.people import patient_of, relatives_of
from tantam.exchange.engine.sheets.row import SheetRow

LINE_TOO_LONG = _("The line is longer than a line of a sheet can honestly be; it was left out.")
QUOTE_LEFT_OPEN = _(
    'A quotation mark (") in this row is not closed, or closed amid a cell. The row was left out; those below it were'
    " read."
)
FORMULA = _("This is a formula, not a value. Save the sheet with values only.")


def _drafts(row: SheetRow) -> Iterator[Draft]:
    """Everything the row says; nothing for a row without any known cell."""
    if not row.cells and not row.formulas:
        return
    patient = patient_of(row)
    for header in row.formulas:
        note(patient, Problem.of("formula", FORMULA, field=header))
    if patient.is_refused:
        # What belongs to a refused patient is refused with them; one reason a row is enough.
        yield patient
        return
    # A relative's telephone also reaches the patient: the patient is complete only after them.
    relatives = list(relatives_of(row, patient))
    yield patient
    yield from relatives
    doctor = doctor_of(row)
    if doctor is not None:
        yield doctor
    encounter = encounter_of(row, patient, doctor)
    if encounter is not None:
        yield encounter
    yield from diagnoses_of(row, patient, encounter)
    yield from prescriptions_of(row, patient, encounter)
    yield from reexaminations_of(row, patient, encounter, doctor)
    yield from allergies_of(row, patient)
    if encounter is not None and encounter.started_at is not None:
        yield from vitals_of(row, patient, encounter)


def drafts_of(
    number: int, cells: Sequence[Cell], heading: Heading, context: ReadingContext
) -> Iterator[Draft]:
    """What one row says; a line that is too long to be one is refused with its number."""
    if is_too_long(cells):
        draft = UnreadableDraft(external_id=f"{context.file}:{number}", file=context.file, row=number)
        refuse(draft, "line_too_long", LINE_TOO_LONG)
        yield draft
        return
    if is_open_quote(cells):
        draft = UnreadableDraft(external_id=f"{context.file}:{number}", file=context.file, row=number)
        refuse(draft, "quote_open", QUOTE_LEFT_OPEN, value=cells[1])
        yield draft
        return
    yield from _drafts(SheetRow(number, cells, heading, context))
