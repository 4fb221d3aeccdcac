"""Practitioners and the medicines and roles that others refer to."""

from __future__ import annotations

from collections import defaultdict

from tantam.accounts.models import Practitioner
from tantam.exchange.engine.drafts import Kind, MedicationDraft, PractitionerDraft, RoleDraft
from tantam.exchange.engine.writers.batch import CREATED, UNCHANGED, UPDATED, Batch, Entry, settle
from tantam.exchange.engine.writers.marks import mark
from tantam.exchange.models import ImportedIdentity
from tantam.lib.names import fold


def write_practitioners(batch: Batch) -> None:
    """Known ones are brought up to date; others are found by licence number or name, or made.

    Two doctors of one source are never made one because their names are alike; a mere mention is.
    """
    pairs = batch.drafts(PractitionerDraft)
    _by_alias(batch, pairs)
    new = [(entry, draft) for entry, draft in pairs if entry.object_id is None]
    _by_licence_or_name(batch, new)
    made: dict[str, Practitioner] = {}
    for entry, draft in new:
        if entry.object_id is not None:
            continue
        key = fold(draft.full_name or "")
        if draft.is_mention and key in made:
            continue
        made[key if draft.is_mention else f"{key}#{draft.external_id}"] = Practitioner(
            full_name=draft.full_name or "",
            name_key=key[:120],
            title=draft.title or "",
            licence_number=draft.licence_number or "",
            speciality_id=batch.places.speciality(draft.speciality),
            site=batch.site,
            is_active=draft.is_active is not False,
        )
    Practitioner.objects.bulk_create(made.values())
    batch.trace.makes(Practitioner, (practitioner.pk for practitioner in made.values()))
    for entry, draft in new:
        if entry.object_id is None:
            key = fold(draft.full_name or "")
            entry.object_id = made[key if draft.is_mention else f"{key}#{draft.external_id}"].pk
            entry.outcome = CREATED
            entry.marks = {column: mark(column, value) for column, value in _said(batch, draft).items()}
    _bring_up_to_date(batch, [(entry, draft) for entry, draft in pairs if not entry.outcome])


def _said(batch: Batch, draft: PractitionerDraft) -> dict[str, object]:
    said = {
        "full_name": draft.full_name,
        "title": draft.title,
        "licence_number": draft.licence_number,
        "speciality_id": batch.places.speciality(draft.speciality),
        "is_active": draft.is_active,
    }
    return {column: value for column, value in said.items() if value is not None}


def _by_alias(batch: Batch, pairs: list[tuple[Entry, PractitionerDraft]]) -> None:
    """A practitioner first mentioned by a business number is the one whose number it is."""
    known = batch.known(
        [Kind.PRACTITIONER],
        (alias for entry, draft in pairs if entry.object_id is None for alias in draft.aliases),
    )
    for entry, draft in pairs:
        if entry.object_id is None:
            found = (known[alias].id for alias in draft.aliases if alias in known)
            entry.object_id = next(found, None)


def _by_licence_or_name(batch: Batch, new: list[tuple[Entry, PractitionerDraft]]) -> None:
    keys = {fold(draft.full_name or "")[:120] for _entry, draft in new}
    licences = {draft.licence_number for _entry, draft in new if draft.licence_number}
    by_name: dict[str, list[int]] = defaultdict(list)
    by_licence: dict[str, int] = {}
    for pk, key in Practitioner.objects.filter(name_key__among=keys).values_list("pk", "name_key"):
        by_name[key].append(pk)
    if licences:
        rows = Practitioner.objects.filter(licence_number__among=licences).values_list("licence_number", "pk")
        by_licence = dict(rows)
    candidates = {pk for pks in by_name.values() for pk in pks}
    taken = set(
        ImportedIdentity.objects.filter(
            source=batch.source, kind=Kind.PRACTITIONER, object_id__among=candidates, is_alias=False
        )
        .exclude(external_id__startswith="name:")
        .values_list("object_id", flat=True)
    )
    for entry, draft in new:
        same = by_name.get(fold(draft.full_name or "")[:120], [])
        free = same if draft.is_mention else [pk for pk in same if pk not in taken]
        entry.object_id = by_licence.get(draft.licence_number or "") or (free[0] if len(free) == 1 else None)
        if entry.object_id is not None and not draft.is_mention:
            taken.add(entry.object_id)


def _bring_up_to_date(batch: Batch, pairs: list[tuple[Entry, PractitionerDraft]]) -> None:
    ids = sorted({entry.object_id for entry, _draft in pairs if entry.object_id is not None})
    rows = {row.pk: row for row in Practitioner.objects.select_for_update(of=("self",)).filter(pk__among=ids)}
    changed: dict[int, Practitioner] = {}
    for entry, draft in pairs:
        entry.outcome = UNCHANGED
        row = rows.get(entry.object_id or 0)
        if row is None or draft.is_mention:
            continue
        for column, value in _said(batch, draft).items():
            now = getattr(row, column)
            if settle(entry, column, now, value):
                batch.trace.changes(row, column, now, value)
                setattr(row, column, value)
                row.name_key = fold(row.full_name)[:120]
                changed[row.pk] = row
                entry.outcome = UPDATED
    Practitioner.objects.bulk_update(
        list(changed.values()),
        ["full_name", "name_key", "title", "licence_number", "speciality_id", "is_active"],
    )


def write_roles(batch: Batch) -> None:
    """A role is another name of its practitioner, and tells their speciality where none is known."""
    pairs = batch.drafts(RoleDraft)
    practitioners = batch.practitioners(draft.practitioner_ref for _entry, draft in pairs)
    specialities: dict[int, int] = {}
    for entry, draft in pairs:
        entry.object_id = practitioners.get(draft.practitioner_ref or "")
        entry.outcome = UNCHANGED if entry.identity else CREATED
        speciality = batch.places.speciality(draft.speciality)
        if entry.object_id is not None and speciality is not None:
            specialities.setdefault(entry.object_id, speciality)
    rows = Practitioner.objects.filter(pk__among=list(specialities), speciality__isnull=True)
    changed = []
    for row in rows.select_for_update(of=("self",)):
        batch.trace.changes(row, "speciality_id", None, specialities[row.pk])
        row.speciality_id = specialities[row.pk]
        changed.append(row)
    Practitioner.objects.bulk_update(changed, ["speciality_id"])


def write_medications(batch: Batch) -> None:
    """A medicine has no row of its own: prescriptions that refer to it take its words."""
    for entry, draft in batch.drafts(MedicationDraft):
        entry.outcome = UPDATED if entry.identity else CREATED
        entry.facts = {"drug": draft.drug, "code": draft.drug_code or ""}
