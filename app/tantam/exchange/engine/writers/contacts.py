"""Ways to reach a patient: added when the source says one more, never taken away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from tantam.exchange.engine.drafts import Contact
from tantam.exchange.engine.matching import value_keys
from tantam.exchange.engine.writers.trace import Trace
from tantam.lib.bulk import insert_rows, update_rows
from tantam.patients.models import ContactPoint

Key = tuple[int, str, int]


class Wanted(NamedTuple):
    """That a patient is to have a way to be reached. `may_lead`: it may be the preferred one of its kind."""

    patient_id: int
    contact: Contact
    may_lead: bool = True


@dataclass(slots=True)
class Point:
    """What of a contact point the import goes by; making thousands of model rows takes longer than writing them."""

    patient_id: int
    kind: str
    value: Any  # sealed when it comes from the database; opened when it is read
    value_index: int
    is_preferred: bool
    is_wrong: bool
    pk: int


_COLUMNS = ("patient_id", "kind", "value", "value_index", "is_preferred", "is_wrong", "pk")


def key_of(patient_id: int, contact: Contact) -> Key:
    return patient_id, contact.kind, value_keys(contact.kind, contact.value).value_index


def ensure_contacts(wanted: Iterable[Wanted], trace: Trace) -> dict[Key, Point]:
    """Make the contact points that are missing; answers all of the patients' points.

    The first of each kind that may lead becomes the preferred one where the patient has none.
    """
    asked = list(wanted)
    patients = {want.patient_id for want in asked}
    points: dict[Key, Point] = {}
    led: set[tuple[int, str]] = set()
    held = ContactPoint.objects.filter(patient_id__among=patients).order_by("pk").values_list(*_COLUMNS)
    for point in (Point(*row) for row in held):
        points[(point.patient_id, point.kind, point.value_index)] = point
        if point.is_preferred:
            led.add((point.patient_id, point.kind))
    fresh: list[Point] = []

    def rows() -> Iterator[dict[str, Any]]:
        for patient_id, contact, may_lead in asked:
            kind, value = contact.kind, contact.value
            keys = value_keys(kind, value)
            key = patient_id, kind, keys.value_index
            if key in points:
                continue
            leads = may_lead and key[:2] not in led
            if leads:
                led.add(key[:2])
            points[key] = Point(patient_id, kind, value, keys.value_index, leads, is_wrong=False, pk=0)
            fresh.append(points[key])
            yield {
                "patient_id": patient_id,
                "kind": kind,
                "value": value,
                "value_index": keys.value_index,
                "tail_index": keys.tail_index,
                "owner": contact.owner,
                "owner_name": contact.owner_name,
                "note": contact.note,
                "is_preferred": leads,
            }

    ids = insert_rows(ContactPoint, rows(), at_most=len(asked))
    trace.makes(ContactPoint, ids)
    for point, pk in zip(fresh, ids, strict=True):
        point.pk = pk
    return points


def prefer(points: Iterable[Point], all_points: dict[Key, Point], trace: Trace) -> None:
    """Make these the preferred ones of their kind, and the ones that were, not."""
    chosen = {(point.patient_id, point.kind): point for point in points}
    if not chosen:
        return
    patients = {patient_id for patient_id, _kind in chosen}
    by_patient: dict[int, list[Point]] = defaultdict(list)
    for point in all_points.values():
        if point.patient_id in patients:
            by_patient[point.patient_id].append(point)
    stepping_back = [
        point
        for patient_points in by_patient.values()
        for point in patient_points
        if point.is_preferred and chosen.get((point.patient_id, point.kind), point) is not point
    ]
    _set_preferred(stepping_back, trace, is_preferred=False)
    new = [point for point in chosen.values() if not point.is_preferred]
    _set_preferred(new, trace, is_preferred=True)


def _set_preferred(points: list[Point], trace: Trace, *, is_preferred: bool) -> None:
    for point in points:
        trace.changes_in(ContactPoint, point.pk, "is_preferred", not is_preferred, is_preferred)
        point.is_preferred = is_preferred
    rows = [ContactPoint(pk=point.pk, is_preferred=is_preferred) for point in points]
    update_rows(ContactPoint, rows, ["is_preferred"])
