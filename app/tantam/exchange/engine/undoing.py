"""What a part of a run wrote is taken back, as far as nothing was built on it (B5)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from tantam.care.models import CareTask
from tantam.exchange.engine.drafts import Kind
from tantam.exchange.models import ImportedIdentity, LikelyDuplicate, Question, RunPart
from tantam.lib.names import fold
from tantam.patients.models import ContactPoint, Identifier, Patient
from tantam.patients.rules.keys import person_keys
from tantam.records.models import Encounter

_OF_A_PATIENT = (ContactPoint, Identifier)
# Rows about a run's people that are nobody's work: they go with them.
_GO_ALONG = frozenset({"exchange.likelyduplicate", "exchange.question"})
_KINDS = {
    "patients.patient": Kind.PATIENT,
    "patients.relative": Kind.RELATIVE,
    "records.encounter": Kind.ENCOUNTER,
    "records.diagnosis": Kind.DIAGNOSIS,
    "records.allergy": Kind.ALLERGY,
    "records.prescriptionline": Kind.PRESCRIPTION,
    "records.vitalsign": Kind.VITAL,
    "records.reexamination": Kind.REEXAMINATION,
    "records.careplan": Kind.CARE_PLAN,
    "accounts.practitioner": Kind.PRACTITIONER,
}
Model = type[models.Model]


@dataclass(slots=True)
class TakenBack:
    """How many rows went and how many are as they were before; what stays, by model."""

    removed: int = 0
    restored: int = 0
    stays: dict[str, list[int]] = field(default_factory=dict)

    def leave(self, name: str, ids: Iterable[int]) -> None:
        left = sorted(ids)
        if left:
            self.stays[name] = sorted({*self.stays.get(name, ()), *left})


def take_back(part: RunPart, *, own_times: Collection[datetime]) -> TakenBack:
    """Undo one part; for the caller's transaction, the last part first. `own_times` are those of the run's own
    transactions: what was changed at any other time, somebody changed.
    """
    done = TakenBack()
    made = {name: set(ids) for name, ids in part.made.items()}
    stays: dict[str, set[int]] = defaultdict(set)
    visited: set[int] = set()
    for name in [name for name in made if name in _KINDS]:
        model = apps.get_model(name)
        ids = made[name]
        if hasattr(model, "patient_id"):
            patients = model._base_manager.filter(pk__in=ids).values_list("patient_id", flat=True)
            if model is Encounter:
                visited.update(patients)
        built_on = _built_on(model, ids, made, part.run_id, own_times)
        if model is Patient:
            for theirs in _OF_A_PATIENT:
                changed = _changed(theirs, made.get(theirs._meta.label_lower, set()), own_times)
                rows = theirs._base_manager.filter(pk__in=changed)
                built_on |= set(rows.values_list("patient_id", flat=True)) & ids
        stays[name] |= built_on
        done.leave(name, built_on)
        gone = ids - built_on
        if model is Patient:
            done.removed += _remove_of(gone, made)
        _let_go(model, gone)
        done.removed += _delete(model, gone)
    for theirs in _OF_A_PATIENT:
        ids = made.get(theirs._meta.label_lower, set())
        new_people = made.get(Patient._meta.label_lower, set())
        rest = set(
            theirs._base_manager.filter(pk__in=ids)
            .exclude(patient_id__in=new_people)
            .values_list("pk", flat=True)
        )
        built_on = _built_on(theirs, rest, made, part.run_id, own_times)
        done.leave(theirs._meta.label_lower, built_on)
        done.removed += _delete(theirs, rest - built_on)
    _forget_identities(made.get(ImportedIdentity._meta.label_lower, set()), stays)
    _restore(part, done)
    if visited:
        Encounter.objects.date_last_encounters(visited)
    return done


def _built_on(
    model: Model,
    ids: Collection[int],
    made: dict[str, set[int]],
    run_id: int,
    own_times: Collection[datetime],
) -> set[int]:
    """Which of these rows others point at, people changed, or another run spoke of."""
    if not ids:
        return set()
    found = _changed(model, ids, own_times)
    for relation in model._meta.get_fields(include_hidden=True):
        if not (
            relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)
        ):
            continue
        other: Any = relation.related_model
        label = other._meta.label_lower
        if _is_history(other) or label in _GO_ALONG:
            continue
        column = relation.field.attname  # type: ignore[union-attr]
        rows = other._base_manager.filter(**{f"{column}__in": ids})
        if other is CareTask:
            rows = rows.exclude(pk__in=_untouched().values("pk"))
        if label in made and other in _OF_A_PATIENT:
            rows = rows.exclude(pk__in=made[label])
        found.update(rows.values_list(column, flat=True))
    kind = _KINDS.get(model._meta.label_lower)
    if kind is not None:
        others = ImportedIdentity.objects.filter(kind=kind, object_id__in=ids).exclude(run_id=run_id)
        found.update(pk for pk in others.values_list("object_id", flat=True) if pk is not None)
    return found


def _changed(model: Model, ids: Collection[int], own_times: Collection[datetime]) -> set[int]:
    """Which of these rows were changed by anything but the run, as their history says."""
    try:
        history: Any = apps.get_model(f"{model._meta.label}Event")
    except LookupError:
        return set()
    rows = history.objects.filter(pgh_obj_id__in=ids).exclude(pgh_created_at__in=own_times)
    return set(rows.values_list("pgh_obj_id", flat=True))


def _is_history(model: Model) -> bool:
    return any(one.name == "pgh_obj" for one in model._meta.get_fields())


def _untouched() -> models.QuerySet[CareTask]:
    """Contacts the planner made and nobody has laid a hand on."""
    return CareTask.objects.open().filter(
        claimed_by=None, assigned_to=None, attempts=0, needs_supervisor=False
    )


def _let_go(model: Model, ids: Collection[int]) -> None:
    """What no person did goes with the rows it is about."""
    if not ids:
        return
    column = {"patients.patient": "patient", "records.encounter": "encounter",
              "records.reexamination": "reexamination"}.get(model._meta.label_lower)  # fmt: skip
    if column:
        _untouched().filter(**{f"{column}__in": ids}).delete()
    if model is Patient:
        LikelyDuplicate.objects.filter(Q(patient__in=ids) | Q(known__in=ids)).delete()
        Question.objects.filter(patient__in=ids).update(patient=None)


def _remove_of(patients: Collection[int], made: dict[str, set[int]]) -> int:
    """Contact points and codes the run gave to patients who go."""
    removed = 0
    for theirs in _OF_A_PATIENT:
        ids = theirs._base_manager.filter(
            patient_id__in=patients, pk__in=made.get(theirs._meta.label_lower, ())
        )
        removed += _delete(theirs, set(ids.values_list("pk", flat=True)))
    return removed


def _delete(model: Model, ids: Collection[int]) -> int:
    """Delete these rows and nothing else: what still pointed at them would stop the whole part."""
    if not ids:
        return 0
    rows: Any = model._base_manager.filter(pk__in=ids)
    return int(rows._raw_delete(rows.db))


def _forget_identities(ids: Collection[int], stays: dict[str, set[int]]) -> None:
    about = Q()
    for name, kept in stays.items():
        about |= Q(kind=_KINDS[name], object_id__in=kept)
    rows = ImportedIdentity.objects.filter(pk__in=ids)
    (rows.exclude(about) if stays else rows).delete()


# --- what was changed --------------------------------------------------------------------------------


def _restore(part: RunPart, done: TakenBack) -> None:
    by_model: dict[str, list[Sequence[Any]]] = defaultdict(list)
    for name, pk, before, after in part.changed or ():
        by_model[name].append((pk, before, after))
    for name, changes in by_model.items():
        model = apps.get_model(name)
        ids = [pk for pk, *_rest in changes]
        rows = {
            row.pk: row
            for row in model._base_manager.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
        }
        if model is ImportedIdentity:
            _restore_identities(part.run_id, changes, rows)
            continue
        # A way to be reached that stops leading comes before the one that leads again.
        for pk, before, after in sorted(changes, key=lambda change: str(change[1].get("is_preferred"))):
            row = rows.get(pk)
            if row is None:
                continue
            if any(_plain(getattr(row, column)) != value for column, value in after.items()) or _leads(
                row, before
            ):
                done.leave(name, [pk])
                continue
            _write(row, before)
            done.restored += 1


def _leads(row: models.Model, before: dict[str, Any]) -> bool:
    """Whether another way to be reached was chosen meanwhile."""
    return (
        isinstance(row, ContactPoint)
        and bool(before.get("is_preferred"))
        and ContactPoint.objects.filter(patient_id=row.patient_id, kind=row.kind, is_preferred=True).exists()
    )


def _write(row: models.Model, before: dict[str, Any]) -> None:
    columns = set(before)
    for column, value in before.items():
        kept_in: Any = row._meta.get_field(column)
        setattr(row, column, kept_in.to_python(value))
    if isinstance(row, Patient):
        keys = person_keys(
            full_name=row.full_name,
            identity_number=row.identity_number,
            insurance_number=row.insurance_number,
        )
        row.name_key, row.name_key_reversed = keys.name_key, keys.name_key_reversed
        row.identity_index, row.insurance_index = keys.identity_index, keys.insurance_index
        row.version += 1
        columns |= {"name_key", "name_key_reversed", "identity_index", "insurance_index", "version"}
    elif row._meta.label_lower == "accounts.practitioner" and "full_name" in before:
        row.name_key = fold(row.full_name)[:120]  # type: ignore[attr-defined]
        columns.add("name_key")
    row.save(update_fields=sorted(columns))


def _restore_identities(run_id: int, changes: Sequence[Sequence[Any]], rows: dict[int, Any]) -> None:
    for pk, before, _after in changes:
        identity = rows.get(pk)
        if identity is None or identity.run_id != run_id:
            continue
        for column, value in before.items():
            setattr(identity, column, bytes.fromhex(value) if column == "digest" else value)
        identity.save(update_fields=sorted(before))


def _plain(value: Any) -> Any:
    """A value as it is kept in a sealed column."""
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))
