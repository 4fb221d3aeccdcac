"""Patients and their relatives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from tantam.exchange.engine.drafts import Contact, Kind, PatientDraft, RelativeDraft
from tantam.exchange.engine.matching import Known, Matcher, keys_of
from tantam.exchange.engine.problems import Problem
from tantam.exchange.engine.reasons import CODE_HELD, NUMBER_HELD, QUESTION_AROSE
from tantam.exchange.engine.writers.batch import CREATED, REFUSED, UNCHANGED, UPDATED, Batch, Entry, settle
from tantam.exchange.engine.writers.contacts import Key, Point, Wanted, ensure_contacts, key_of, prefer
from tantam.exchange.engine.writers.marks import mark
from tantam.exchange.models import ImportedIdentity
from tantam.lib.bulk import insert_rows, update_rows
from tantam.patients.models import ContactKind, Patient, PatientStatus, Relative, Sex
from tantam.patients.models.codes import take_codes
from tantam.patients.models.identifier import Identifier
from tantam.patients.rules.keys import clean_identifier, identifier_index
from tantam.patients.rules.keys import person_keys as derived_keys
from tantam.patients.rules.same_person import written_key

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
    """Match, then create or bring up to date, each with their codes and their ways to be reached (B5).

    The matching of the dry run is done again here, under the import's lock: somebody may have registered the
    same person meanwhile.
    """
    pairs = batch.drafts(PatientDraft)
    meant = _answers(batch, pairs)
    matcher = Matcher(batch.source)
    known = {
        entry.draft.external_id: Known(entry.identity.object_id, entry.identity.marks)
        for entry, _draft in pairs
        if entry.identity is not None
    }
    matches = matcher.match([draft for _entry, draft in pairs], known, meant)
    new: list[tuple[Entry, PatientDraft]] = []
    again: list[tuple[Entry, str]] = []
    for entry, draft in pairs:
        match, answer = matches[draft.external_id], meant.get(draft.external_id, "")
        person = match.person
        if match.problem is not None:
            entry.refuse(match.problem)
        elif match.is_question:
            code = (person.code or person.place) if person else ""
            entry.refuse(
                Problem.of(
                    "question_arose",
                    QUESTION_AROSE,
                    field="full_name",
                    value=draft.full_name or "",
                    refuses=True,
                    code=code,
                )
            )
        elif person is None:
            new.append((entry, draft))
        else:
            entry.takes_over = bool(answer) and answer != "new"
            entry.object_id = person.id
            if person.id is None:
                again.append((entry, person.external_id))
    _keep_numbers_apart(new)
    _create(batch, new)
    ids = {draft.external_id: entry.object_id for entry, draft in new}
    for entry, external_id in again:
        entry.object_id = ids[external_id]
    live = [(entry, draft) for entry, draft in pairs if entry.object_id is not None and not entry.outcome]
    _marks_by_code(batch, live)
    _bring_up_to_date(batch, live)
    _identify(batch, pairs)
    _reach(batch, pairs)


def _answers(batch: Batch, pairs: list[tuple[Entry, PatientDraft]]) -> dict[str, str]:
    """What people answered of these drafts; somebody of the same files who is written by now is a patient."""
    said = {entry.item.external_id: entry.item.meant for entry, _draft in pairs if entry.item.meant}
    if not said:
        return said
    others = [answer[3:] for answer in said.values() if answer.startswith("id:")]
    written = batch.ids([Kind.PATIENT], others)
    return {
        name: f"patient:{written[answer[3:]]}"
        if answer[3:] in written and answer.startswith("id:")
        else answer
        for name, answer in said.items()
    }


def _keep_numbers_apart(new: list[tuple[Entry, PatientDraft]]) -> None:
    """An identity number is one person's among those we treat: who was said to be another goes without it."""
    numbered = {
        index: (entry, draft) for entry, draft in new if (index := keys_of(draft).identity_index) is not None
    }
    if not numbered:
        return
    held = dict(
        Patient.objects.filter(identity_index__among=list(numbered), status=PatientStatus.ACTIVE).values_list(
            "identity_index", "code"
        )
    )
    seen: dict[int, Entry] = {}
    for entry, draft in new:
        index = keys_of(draft).identity_index
        if index is None:
            continue
        holder = held.get(index) or (seen[index].item.external_id if index in seen else "")
        if holder:
            problem = Problem.of("number_held", NUMBER_HELD, field="identity_number", value=draft.identity_number or "",
                                 code=holder)  # fmt: skip
            entry.noted.append(problem)
            draft.identity_number = None
        else:
            seen[index] = entry


def _marks_by_code(batch: Batch, live: list[tuple[Entry, PatientDraft]]) -> None:
    """Whom this source knows under another name too: what it said of them then was said by it, not by us."""
    wanted = {entry.object_id for entry, _draft in live if entry.identity is None and not entry.outcome}
    if not wanted:
        return
    rows = ImportedIdentity.objects.filter(
        source=batch.source, kind=Kind.PATIENT, object_id__among=wanted, is_alias=False
    ).order_by("taken_at")
    by_patient = {identity.object_id: identity.marks for identity in rows}
    for entry, _draft in live:
        if entry.identity is None:
            entry.before = by_patient.get(entry.object_id, {})


def _identify(batch: Batch, pairs: list[tuple[Entry, PatientDraft]]) -> None:
    """Keep the source's codes in its own code space; where they are ours they stand with the patient already."""
    if batch.source.numbers_are_ours:
        return
    wanted: dict[int, tuple[Entry, str]] = {}
    for entry, draft in pairs:
        code = clean_identifier(draft.code) if draft.code and entry.object_id is not None else ""
        if code and entry.outcome != REFUSED:
            wanted.setdefault(identifier_index(code), (entry, code))
    if not wanted:
        return
    space = batch.source.code_space
    held = {
        index: (patient_id, code)
        for index, patient_id, code in Identifier.objects.filter(
            system=space, value_index__among=list(wanted), valid_until__isnull=True
        ).values_list("value_index", "patient_id", "patient__code")
    }
    rows = []
    for index, (entry, code) in wanted.items():
        if index not in held:
            rows.append(
                {
                    "patient_id": entry.object_id,
                    "system": space,
                    "value": code,
                    "value_index": index,
                    "label": batch.source.name,
                }
            )
        elif held[index][0] != entry.object_id:
            entry.noted.append(
                Problem.of("code_held", CODE_HELD, field="code", value=code, code=held[index][1])
            )
    batch.trace.makes(Identifier, insert_rows(Identifier, rows))


def _said(draft: PatientDraft) -> dict[str, Any]:
    said = ((column, getattr(draft, column)) for column in _FIELDS)
    values = {column: value for column, value in said if value is not None}
    if "birth_year" in values:
        values["birth_date"] = draft.birth_date
    return values


def _create(batch: Batch, making: list[tuple[Entry, PatientDraft]]) -> None:
    """Make the patients, with their own codes only where the source numbers as we do."""
    is_ours = batch.source.numbers_are_ours
    taken = _codes_taken(making) if is_ours else set()
    given = [
        draft.code if is_ours and draft.code and draft.code not in taken else "" for _entry, draft in making
    ]
    codes = iter(take_codes(given.count("")))

    def rows() -> Iterator[dict[str, Any]]:
        for (entry, draft), code in zip(making, given, strict=True):
            said = _said(draft)
            derived = keys_of(draft)
            entry.marks = {column: mark(column, value) for column, value in said.items()}
            entry.outcome = CREATED
            yield {
                **said,
                "code": code or next(codes),
                "home_site_id": batch.site.pk,
                "came_from": batch.came_from(entry),
                "created_by_id": batch.run.member_id,
                "name_key": derived.name_key,
                "name_key_reversed": derived.name_key_reversed,
                "identity_index": derived.identity_index,
                "insurance_index": derived.insurance_index,
            }

    ids = insert_rows(Patient, rows(), at_most=len(making))
    batch.trace.makes(Patient, ids)
    for (entry, _draft), pk in zip(making, ids, strict=True):
        entry.object_id = pk


def _codes_taken(making: list[tuple[Entry, PatientDraft]]) -> set[str]:
    """Codes that stay with somebody else: whoever was said to be another person gets a code of ours."""
    codes = [draft.code for _entry, draft in making if draft.code]
    taken = {code for code, count in Counter(codes).items() if count > 1}
    held = dict(Patient.objects.filter(code__among=codes).values_list("code", "code")) if codes else {}
    for entry, draft in making:
        if draft.code in held:
            problem = Problem.of("code_held", CODE_HELD, field="code", value=draft.code, code=draft.code)
            entry.noted.append(problem)
    return taken | set(held)


def _bring_up_to_date(batch: Batch, pairs: list[tuple[Entry, PatientDraft]]) -> None:
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
            if settle(entry, column, now, value, is_empty=unsaid) or (entry.takes_over and now != value):
                batch.trace.changes(row, column, now, value)
                setattr(row, column, value)
                touched.add(column)
                changed[row.pk] = row
                entry.outcome = UPDATED
        if entry.takes_over:
            entry.left.clear()
        if row.birth_date is not None and row.birth_year != row.birth_date.year:
            batch.trace.changes(row, "birth_date", row.birth_date, None)
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


def _reach(batch: Batch, pairs: list[tuple[Entry, PatientDraft]]) -> None:
    """Add the telephones and addresses; a new first telephone leads when nobody here chose another."""
    live = [(entry, draft) for entry, draft in pairs if entry.object_id is not None and draft.contacts]
    points = ensure_contacts(
        (Wanted(entry.object_id or 0, contact) for entry, draft in live for contact in draft.contacts),
        batch.trace,
    )
    leading: list[Point] = []
    for entry, draft in live:
        for kind in (ContactKind.PHONE, ContactKind.EMAIL):
            first = next((contact for contact in draft.contacts if contact.kind == kind), None)
            if first is not None:
                leading += _lead(entry, first, points)
    prefer(leading, points, batch.trace)


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
        (
            Wanted(patient_id, contact, may_lead=False)
            for _entry, draft, patient_id in pairs
            for contact in draft.contacts
        ),
        batch.trace,
    )
    known = {
        (relative.patient_id, written_key(relative.full_name)): relative
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
        key = patient_id, written_key(draft.full_name or "")
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
                if relative.pk is not None:
                    batch.trace.changes(relative, column, now, value)
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
    ids = insert_rows(Relative, rows)
    batch.trace.makes(Relative, ids)
    for (entry, relative), pk in zip(fresh, ids, strict=True):
        entry.object_id = relative.pk = pk
    update_rows(Relative, changed.values(), ["full_name", "relationship", "is_guardian", "contact_point_id"])
