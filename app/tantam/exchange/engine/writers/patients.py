"""Patients and their relatives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from tantam.exchange.engine.drafts import Contact, PatientDraft, RelativeDraft
from tantam.exchange.engine.matching import LikenessKey, keys_of, likeness_keys, match_patients
from tantam.exchange.engine.writers.batch import CREATED, UNCHANGED, UPDATED, Batch, Entry, settle
from tantam.exchange.engine.writers.contacts import Key, Point, Wanted, ensure_contacts, key_of, prefer
from tantam.exchange.engine.writers.marks import mark
from tantam.exchange.rules.matching import code_of_another, may_be_one
from tantam.lib.bulk import insert_rows, update_rows
from tantam.lib.names import fold
from tantam.patients.models import ContactKind, Patient, Relative, Sex
from tantam.patients.models.codes import take_codes
from tantam.patients.rules.keys import person_keys as derived_keys

_FIELDS = (
    "full_name",
    "birth_year",
    "birth_date",
    "sex",
    "identity_number",
    "insurance_number",
    "province",
    "commune",
    "address_line",
    "language",
    "notes",
    "status",
    "deceased_on",
)
_DERIVED = ("name_key", "name_key_reversed", "identity_index", "insurance_index", "version")
# What a patient registered by hand has before anybody said anything.
_UNSAID = {"sex": Sex.UNKNOWN, "language": "vi"}


def write_patients(batch: Batch) -> None:
    """Match, then create or bring up to date, each with their ways to be reached (B5).

    The matching of the dry run is done again here, under the import's lock: somebody may have registered the
    same person meanwhile.
    """
    pairs = batch.drafts(PatientDraft)
    matches = match_patients(
        [draft for _entry, draft in pairs],
        {draft.external_id: entry.object_id for entry, draft in pairs if entry.identity is not None},
    )
    new: list[tuple[Entry, PatientDraft]] = []
    for entry, draft in pairs:
        match = matches[draft.external_id]
        if match.problem is not None:
            entry.refuse(match.problem)
        else:
            entry.object_id = match.patient_id
            if entry.object_id is None:
                new.append((entry, draft))
    twins = _create(batch, new)
    for entry, twin in twins:
        entry.object_id = twin.object_id
    _bring_up_to_date(
        [(entry, draft) for entry, draft in pairs if entry.object_id is not None and not entry.outcome]
    )
    _reach(pairs)


def _said(draft: PatientDraft) -> dict[str, Any]:
    said = ((column, getattr(draft, column)) for column in _FIELDS)
    values = {column: value for column, value in said if value is not None}
    if "birth_year" in values:
        values["birth_date"] = draft.birth_date
    return values


def _create(batch: Batch, new: list[tuple[Entry, PatientDraft]]) -> list[tuple[Entry, Entry]]:
    """Make the patients; answers the entries that say the same person again, with the one that made them."""
    by_code: dict[str, tuple[Entry, PatientDraft]] = {}
    by_person: dict[LikenessKey, tuple[Entry, PatientDraft]] = {}
    twins: list[tuple[Entry, Entry]] = []
    making: list[tuple[Entry, PatientDraft]] = []
    for entry, draft in new:
        other = by_code.get(draft.code) if draft.code else None
        if other is not None and not (
            keys_of(other[1]).name_key == keys_of(draft).name_key and may_be_one(other[1], draft)
        ):
            entry.refuse(code_of_another(draft, draft.code or ""))
            continue
        keys = likeness_keys(draft)
        twin = other or next((by_person[key] for key in keys if key in by_person), None)
        if twin is not None and may_be_one(twin[1], draft):
            twins.append((entry, twin[0]))
            continue
        making.append((entry, draft))
        if draft.code:
            by_code[draft.code] = (entry, draft)
        by_person.update(dict.fromkeys(keys, (entry, draft)))
    codes = iter(take_codes(sum(1 for _entry, draft in making if not draft.code)))

    def rows() -> Iterator[dict[str, Any]]:
        for entry, draft in making:
            said = _said(draft)
            derived = keys_of(draft)
            entry.marks = {column: mark(column, value) for column, value in said.items()}
            entry.outcome = CREATED
            yield {
                **said,
                "code": draft.code or next(codes),
                "home_site_id": batch.site.pk,
                "came_from": batch.came_from(entry),
                "created_by_id": batch.run.member_id,
                "name_key": derived.name_key,
                "name_key_reversed": derived.name_key_reversed,
                "identity_index": derived.identity_index,
                "insurance_index": derived.insurance_index,
            }

    ids = insert_rows(Patient, rows(), at_most=len(making))
    for (entry, _draft), pk in zip(making, ids, strict=True):
        entry.object_id = pk
    return twins


def _bring_up_to_date(pairs: list[tuple[Entry, PatientDraft]]) -> None:
    ids = sorted({entry.object_id for entry, _draft in pairs if entry.object_id is not None})
    rows = {
        row.pk: row
        for row in Patient.objects.select_for_update(of=("self",)).filter(pk__among=ids).order_by("pk")
    }
    changed: dict[int, Patient] = {}
    touched: set[str] = set()
    for entry, draft in pairs:
        entry.outcome = UNCHANGED
        row = rows.get(entry.object_id or 0)
        if row is None:
            continue
        for column, value in _said(draft).items():
            now = getattr(row, column)
            unsaid = now == _UNSAID[column] if column in _UNSAID else None
            if column == "birth_date" and value is None:
                continue  # the year alone does not take back a day that is known
            if settle(entry, column, now, value, is_empty=unsaid):
                setattr(row, column, value)
                touched.add(column)
                changed[row.pk] = row
                entry.outcome = UPDATED
        if row.birth_date is not None and row.birth_year != row.birth_date.year:
            row.birth_date = None
            touched.add("birth_date")
    for row in changed.values():
        derived = derived_keys(
            full_name=row.full_name,
            identity_number=row.identity_number,
            insurance_number=row.insurance_number,
        )
        row.name_key, row.name_key_reversed = derived.name_key, derived.name_key_reversed
        row.identity_index, row.insurance_index = derived.identity_index, derived.insurance_index
        row.version += 1
    if changed:
        update_rows(Patient, changed.values(), [*sorted(touched), *_DERIVED])


def _reach(pairs: list[tuple[Entry, PatientDraft]]) -> None:
    """Add the telephones and addresses; a new first telephone leads when nobody here chose another."""
    live = [(entry, draft) for entry, draft in pairs if entry.object_id is not None and draft.contacts]
    points = ensure_contacts(
        Wanted(entry.object_id or 0, contact) for entry, draft in live for contact in draft.contacts
    )
    leading: list[Point] = []
    for entry, draft in live:
        for kind in (ContactKind.PHONE, ContactKind.EMAIL):
            first = next((contact for contact in draft.contacts if contact.kind == kind), None)
            if first is not None:
                leading += _lead(entry, first, points)
    prefer(leading, points)


def _lead(entry: Entry, first: Contact, points: dict[Key, Point]) -> Iterable[Point]:
    column = f"first_{first.kind}"
    said = mark(column, first.value)
    before = (entry.identity.marks if entry.identity else {}).get(column)
    entry.marks[column] = said
    point = points[key_of(entry.object_id or 0, first)]
    if before is None or before == said or point.is_preferred or point.is_wrong:
        return
    now = next(
        (
            other
            for other in points.values()
            if other.patient_id == point.patient_id and other.kind == point.kind and other.is_preferred
        ),
        None,
    )
    if now is None or mark(column, now.value) == before:
        if entry.outcome == UNCHANGED:
            entry.outcome = UPDATED
        yield point
    else:
        entry.keep(column, now.value)


def write_relatives(batch: Batch) -> None:
    """Relatives and guardians, with the telephone they answer."""
    patients = batch.patients()
    pairs = [(entry, draft, patients[draft.patient_ref]) for entry, draft in batch.drafts(RelativeDraft)]
    points = ensure_contacts(
        Wanted(patient_id, contact, may_lead=False)
        for _entry, draft, patient_id in pairs
        for contact in draft.contacts
    )
    known = {
        (relative.patient_id, fold(relative.full_name)): relative
        for relative in Relative.objects.filter(
            patient_id__among={patient_id for *_rest, patient_id in pairs}
        )
    }
    by_id = {relative.pk: relative for relative in known.values()}
    fresh: list[tuple[Entry, Relative]] = []
    changed: dict[int, Relative] = {}
    for entry, draft, patient_id in pairs:
        said: dict[str, Any] = {
            column: value
            for column in ("full_name", "relationship", "is_guardian")
            if (value := getattr(draft, column)) is not None
        }
        if draft.contacts:
            said["contact_point_id"] = points[key_of(patient_id, draft.contacts[0])].pk
        key = patient_id, fold(draft.full_name or "")
        relative = by_id.get(entry.object_id or 0) or known.get(key)
        if relative is None:
            if entry.identity is not None:
                entry.outcome = UNCHANGED  # removed here
                continue
            relative = known[key] = Relative(patient_id=patient_id, **said)
            fresh.append((entry, relative))
            entry.marks = {column: mark(column, value) for column, value in said.items()}
            entry.outcome = CREATED
            continue
        entry.object_id = relative.pk
        entry.outcome = UNCHANGED
        for column, value in said.items():
            now = getattr(relative, column)
            empty = now in (None, "", False, "other")
            if settle(entry, column, now, value, is_empty=empty):
                setattr(relative, column, value)
                entry.outcome = UPDATED
                if relative.pk is not None:
                    changed[relative.pk] = relative
    rows = [
        {
            "patient_id": relative.patient_id,
            "full_name": relative.full_name,
            "relationship": str(relative.relationship),
            "is_guardian": relative.is_guardian,
            "contact_point_id": relative.contact_point_id,
        }
        for _entry, relative in fresh
    ]
    for (entry, relative), pk in zip(fresh, insert_rows(Relative, rows), strict=True):
        entry.object_id = relative.pk = pk
    update_rows(Relative, changed.values(), ["full_name", "relationship", "is_guardian", "contact_point_id"])
