"""Who a row speaks of: the patient and their relative."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from tantam.exchange.engine.drafts import (
    Contact,
    Draft,
    PatientDraft,
    RelativeDraft,
    external_id,
    opaque_id,
)
from tantam.exchange.engine.filling import (
    add_email,
    add_phones,
    fill_birth,
    fill_identity,
    fill_insurance,
    fill_line,
    fill_name,
    note,
)
from tantam.exchange.engine.problems import Problem
from tantam.exchange.engine.sheets.columns import Column
from tantam.exchange.engine.sheets.row import SheetRow
from tantam.exchange.engine.sheets.values import (
    folded,
    number_of,
    owner_of,
    relation_of,
    says_nothing,
    sex_of,
)
from tantam.lib.names import fold
from tantam.patients.rules.same_person import written_key

SEX_UNKNOWN = _("We do not know this sex. Write Nam or Nữ.")
AGE_IMPOSSIBLE = _("This is not an age.")
LANGUAGES = {
    "vi": "vi", "tieng viet": "vi", "viet": "vi", "vietnamese": "vi", "en": "en", "tieng anh": "en", "anh": "en",
    "english": "en", "zh": "zh-hans", "tieng trung": "zh-hans", "trung": "zh-hans", "hoa": "zh-hans",
    "chinese": "zh-hans",
}  # fmt: skip


_RELATIVE = frozenset((Column.RELATIVE_NAME, Column.RELATIVE_PHONE))


def patient_of(row: SheetRow) -> PatientDraft:
    cells = row.cells
    draft = PatientDraft(external_id="", **row.at)
    code = row.text(Column.PATIENT_CODE)
    if code:
        draft.code = external_id(code)[:30]
    if Column.FULL_NAME in cells or not code:
        fill_name(draft, row.text(Column.FULL_NAME), column=row.header(Column.FULL_NAME))
    _birth(row, draft)
    _sex(row, draft)
    if Column.IDENTITY in cells:
        fill_identity(draft, row.text(Column.IDENTITY), column=row.header(Column.IDENTITY))
    if Column.INSURANCE in cells:
        fill_insurance(draft, row.text(Column.INSURANCE), column=row.header(Column.INSURANCE))
    for column in (Column.PHONE, Column.PHONE_OTHER):
        if column in cells:
            add_phones(draft, cells[column], column=row.header(column))
    _zalo(row, draft)
    if Column.EMAIL in cells:
        add_email(draft, row.text(Column.EMAIL), column=row.header(Column.EMAIL))
    _address(row, draft)
    if Column.LANGUAGE in cells:
        draft.language = LANGUAGES.get(folded(row.text(Column.LANGUAGE)))
    row.fill_text(draft, "notes", Column.PATIENT_NOTES, limit=2_000)
    draft.external_id = _name_of(row, draft)
    return draft


def _name_of(row: SheetRow, draft: PatientDraft) -> str:
    """What the source calls this person: its code, else the identity number, else name, date of birth and contact
    together. By less nobody is known again: such a row is known by all it says, and a changed one is another.
    """
    naming = row.context.naming
    if draft.code:
        return naming.name(draft.code, draft)
    if draft.identity_number:
        return naming.name(opaque_id("identity", draft.identity_number), draft)
    if draft.full_name and draft.birth_date and draft.contacts:
        known_as = f"{written_key(draft.full_name)}|{draft.birth_date}|{draft.contacts[0].value}"
        return naming.name(opaque_id("person", known_as), draft)
    return naming.occurrence(repr(sorted((column.value, str(cell)) for column, cell in row.cells.items())))


def _birth(row: SheetRow, draft: PatientDraft) -> None:
    cell = row.cells.get(Column.BIRTH)
    if cell is not None and not isinstance(cell, bool):
        fill_birth(draft, cell, column=row.header(Column.BIRTH), today=row.context.today)  # type: ignore[arg-type]
    elif Column.AGE in row.cells:
        age = number_of(row.cells[Column.AGE])
        is_months = "thang" in fold(row.text(Column.AGE)) or "month" in fold(row.text(Column.AGE))
        if age is None or not 0 <= age <= 130:
            problem = Problem.of(
                "age_impossible",
                AGE_IMPOSSIBLE,
                field=row.header(Column.AGE),
                value=row.text(Column.AGE),
            )
            note(draft, problem)
        else:
            draft.birth_year = row.context.today.year - (int(age) // 12 if is_months else int(age))


def _sex(row: SheetRow, draft: PatientDraft) -> None:
    said = row.text(Column.SEX)
    if not said:
        return
    draft.sex = sex_of(said)
    if draft.sex is None:
        note(draft, Problem.of("sex_unknown", SEX_UNKNOWN, field=row.header(Column.SEX), value=said))


def _zalo(row: SheetRow, draft: PatientDraft) -> None:
    if Column.ZALO not in row.cells:
        return
    reached = PatientDraft(external_id="")
    add_phones(reached, row.cells[Column.ZALO], column=row.header(Column.ZALO))
    draft.problems.extend(reached.problems)
    draft.contacts.extend(Contact("zalo", contact.value) for contact in reached.contacts)


def _address(row: SheetRow, draft: PatientDraft) -> None:
    row.fill_line(draft, "province", Column.PROVINCE, limit=80)
    row.fill_line(draft, "commune", Column.COMMUNE, limit=80)
    # A district belongs to an old address; it is kept as written, never moved into the new units.
    line = ", ".join(filter(None, (row.text(Column.ADDRESS), row.text(Column.DISTRICT))))
    if line:
        fill_line(draft, "address_line", line, limit=300, column=row.header(Column.ADDRESS))


def relatives_of(row: SheetRow, patient: PatientDraft) -> Iterator[Draft]:
    if _RELATIVE.isdisjoint(row.cells):
        return
    name, phone = row.text(Column.RELATIVE_NAME), row.cells.get(Column.RELATIVE_PHONE)
    relation = relation_of(row.text(Column.RELATIVE_RELATION))
    if phone is not None:
        add_phones(
            patient,
            phone,
            column=row.header(Column.RELATIVE_PHONE),
            owner=owner_of(relation),
            owner_name=name,
        )
    if not name or says_nothing(name):
        return
    draft = RelativeDraft(
        external_id=external_id(
            f"{patient.external_id}#relative:{relation if relation != 'other' else fold(name)}"
        ),
        patient_ref=patient.external_id,
        **row.at,
    )
    fill_name(draft, name, column=row.header(Column.RELATIVE_NAME))
    draft.relationship = relation
    add_phones(
        draft, phone, column=row.header(Column.RELATIVE_PHONE), owner=owner_of(relation), owner_name=name
    )
    if relation == "guardian":
        draft.is_guardian = True
    yield draft
