"""Who changed what about a patient, and when: the kept rows give old and new, the journal gives who (D9)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.apps import apps
from django.db import models
from django.utils.translation import gettext as _

from tantam.journal.models import Entry
from tantam.journal.registries.labels import event_label
from tantam.lib import phones
from tantam.lib.dates import format_day
from tantam.lib.text import shorten
from tantam.patients.events import PatientsEvent
from tantam.patients.models import ContactKind, ContactPoint, Identifier, Patient, Relative, Vulnerability

SHOWN: Final = 200
# An entry is written within the act that changes the row; more than this apart they are two acts.
_SAME_ACT: Final = timedelta(seconds=30)
_PERSON: Final = (
    "full_name", "birth_date", "birth_year", "sex", "identity_number", "insurance_number", "province", "commune",
    "address_line", "language", "salutation", "vulnerability", "notes", "status", "deceased_on",
)  # fmt: skip
_POINT: Final = ("value", "owner", "owner_name", "is_preferred", "is_wrong", "verified_at", "note")
_RELATIVE: Final = ("full_name", "relationship", "is_guardian")
_IDENTIFIER: Final = ("value", "label", "valid_from", "valid_until")
_SUBJECTS: Final = (
    "patients.patient",
    "patients.contactpoint",
    "patients.relative",
    "patients.identifier",
)
_MASKED: Final = frozenset({"identity_number", "insurance_number"})


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One value that became another; identity and insurance numbers come masked."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """One act, or one change made without an act (an import)."""

    at: datetime
    what: str
    who: str
    subject: str
    fields: tuple[FieldChange, ...]
    icon: str = "pencil"


@dataclass(frozen=True, slots=True)
class _Step:
    """One kept row and what came after it; `after` is None when it was taken away."""

    key: tuple[str, int]
    at: datetime
    before: models.Model
    after: models.Model | None


def changed_since(patient: Patient, version: int) -> list[str]:
    """Names (as people read them) of what differs between the version someone saw and now."""
    kept = _kept(Patient).filter(pgh_obj_id=patient.pk, version__gte=version).order_by("pgh_id").first()
    if kept is None:
        return [_("details")]
    return [_label(Patient, name) for name in _differing(kept, patient, _PERSON)] or [_("details")]


def changes_of(patient: Patient) -> list[Change]:
    """The changes to a patient, their contact points and relatives, newest first. Eleven statements at most."""
    steps = [
        *_steps("patients.patient", _kept(Patient).filter(pgh_obj_id=patient.pk), {patient.pk: patient}),
        *_steps(
            "patients.contactpoint",
            _kept(ContactPoint).filter(patient_id=patient.pk),
            _now(ContactPoint, patient),
        ),
        *_steps("patients.relative", _kept(Relative).filter(patient_id=patient.pk), _now(Relative, patient)),
        *_steps(
            "patients.identifier", _kept(Identifier).filter(patient_id=patient.pk), _now(Identifier, patient)
        ),
    ]
    entries = list(
        Entry.objects.filter(
            patient_id=patient.pk,
            subject_type__in=_SUBJECTS,
        )
        .exclude(event=PatientsEvent.VIEWED)
        .select_related("actor")
        .order_by("-id")[: 2 * SHOWN]
    )
    by_entry, alone = _matched(steps, entries)
    named = {step.key: step.before for step in steps} | _named_now(patient)
    changes = [_of_entry(entry, by_entry.get(entry.pk, []), named) for entry in entries]
    changes += [_of_step(step) for step in alone]
    return sorted(changes, key=lambda change: change.at, reverse=True)[:SHOWN]


def _kept(model: type[models.Model]) -> models.QuerySet[Any]:
    """The rows of a model as they were before each change."""
    kept: models.QuerySet[Any] = apps.get_model("patients", f"{model.__name__}Event")._default_manager.all()
    return kept


def _now(model: type[models.Model], patient: Patient) -> dict[int, models.Model]:
    return {row.pk: row for row in model._default_manager.filter(patient=patient)}


def _named_now(patient: Patient) -> dict[tuple[str, int], models.Model]:
    found: dict[tuple[str, int], models.Model] = {("patients.patient", patient.pk): patient}
    for label, model in (
        ("patients.contactpoint", ContactPoint),
        ("patients.relative", Relative),
        ("patients.identifier", Identifier),
    ):
        found |= {(label, pk): row for pk, row in _now(model, patient).items()}
    return found


def _steps(label: str, kept: Iterable[Any], now: dict[int, models.Model]) -> list[_Step]:
    rows: dict[int, list[Any]] = defaultdict(list)
    for row in sorted(kept, key=lambda row: row.pgh_id):
        rows[row.pgh_obj_id].append(row)
    steps = []
    for pk, versions in rows.items():
        for before, after in zip(versions, [*versions[1:], now.get(pk)], strict=True):
            gone = before.pgh_label == "delete"
            steps.append(_Step((label, pk), before.pgh_created_at, before, None if gone else after))
    return steps


def _matched(steps: Sequence[_Step], entries: Sequence[Entry]) -> tuple[dict[int, list[_Step]], list[_Step]]:
    """Steps by the entry of the act that made them, and the steps no entry tells of."""
    by_entry: dict[int, list[_Step]] = defaultdict(list)
    alone = []
    by_version = {
        entry.detail("version"): entry for entry in entries if entry.subject_type == "patients.patient"
    }
    for step in steps:
        version = getattr(step.before, "version", None)
        entry = by_version.get(version + 1) if version is not None else _nearest(step, entries)
        if entry is None:
            alone.append(step)
        else:
            by_entry[entry.pk].append(step)
    return by_entry, alone


def _nearest(step: _Step, entries: Sequence[Entry]) -> Entry | None:
    """The first entry after the step, of the same thing if there is one: a row is kept when its act begins."""
    after = [entry for entry in reversed(entries) if step.at <= entry.at <= step.at + _SAME_ACT]
    own = [entry for entry in after if (entry.subject_type, entry.subject_id) == step.key]
    return next(iter(own or after), None)


def _of_entry(entry: Entry, steps: list[_Step], named: dict[tuple[str, int], models.Model]) -> Change:
    subject = named.get((entry.subject_type, entry.subject_id or 0))
    return Change(
        at=entry.at,
        what=event_label(entry.event),
        who=str(entry.actor) if entry.actor else "",
        subject=_subject(subject),
        fields=tuple(change for step in steps for change in _field_changes(step)),
        icon=_ICONS.get(entry.event, "pencil"),
    )


def _of_step(step: _Step) -> Change:
    return Change(
        at=step.at,
        what=_("Changed by an import") if step.after is not None else _("Removed"),
        who="",
        subject=_subject(step.before),
        fields=tuple(_field_changes(step)),
        icon="file-input",
    )


_ICONS: Final = {
    PatientsEvent.REGISTERED.value: "user-plus",
    PatientsEvent.CONTACT_ADDED.value: "phone",
    PatientsEvent.CONTACT_VERIFIED.value: "circle-check",
    PatientsEvent.CONTACT_REMOVED.value: "trash-2",
    PatientsEvent.RELATIVE_ADDED.value: "users",
    PatientsEvent.RELATIVE_REMOVED.value: "trash-2",
}


def _field_changes(step: _Step) -> list[FieldChange]:
    if step.after is None:
        return []
    model, names = {
        "patients.patient": (Patient, _PERSON),
        "patients.contactpoint": (ContactPoint, _POINT),
        "patients.relative": (Relative, _RELATIVE),
        "patients.identifier": (Identifier, _IDENTIFIER),
    }[step.key[0]]
    return [
        FieldChange(_label(model, name), _shown(step.before, name, model), _shown(step.after, name, model))
        for name in _differing(step.before, step.after, names)
    ]


def _differing(before: models.Model, after: models.Model, names: Sequence[str]) -> list[str]:
    different = [name for name in names if getattr(before, name) != getattr(after, name)]
    if "birth_date" in different and "birth_year" in different:
        # The date tells the year, unless one of the two births has only a year.
        both = getattr(before, "birth_date", None) and getattr(after, "birth_date", None)
        different.remove("birth_year" if both else "birth_date")
    return different


def _label(model: type[models.Model], name: str) -> str:
    if name == "status":
        return _("Status")
    if name == "verified_at":
        return _("Checked with the patient")
    return str(getattr(model._meta.get_field(name), "verbose_name", name))


def _shown(row: models.Model, name: str, model: type[models.Model]) -> str:
    value = getattr(row, name)
    if value in (None, "", []):
        return ""
    if name in _MASKED:
        return masked(value)
    if name == "birth_year" and getattr(row, "birth_date", None):
        value = getattr(row, "birth_date")  # noqa: B009 - kept rows are made by the history library
    if name == "value":
        is_phone = getattr(row, "kind", ContactKind.EMAIL) != ContactKind.EMAIL
        return phones.display(value) if is_phone else str(value)
    if name == "vulnerability":
        return ", ".join(str(Vulnerability(mark).label) for mark in value if mark in Vulnerability.values)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return format_day(value)
    choices = dict(getattr(model._meta.get_field(name), "flatchoices", None) or ())
    return shorten(str(choices.get(value, value)), 200)


def _subject(row: models.Model | None) -> str:
    """Which contact point or relative; empty for the patient themself."""
    if row is None or isinstance(row, Patient):
        return ""
    if hasattr(row, "value"):
        return _shown(row, "value", ContactPoint if hasattr(row, "kind") else Identifier)
    return str(getattr(row, "full_name", "")) if hasattr(row, "relationship") else ""


def masked(number: str) -> str:
    """An identity or insurance number with all but the last three characters hidden."""
    return "•" * max(len(number) - 3, 0) + number[-3:] if number else ""
