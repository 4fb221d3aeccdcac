"""Ways to reach a patient: added when the source says one more, never taken away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from tantam.exchange.drafts import Contact
from tantam.exchange.many import insert_rows, update_rows
from tantam.exchange.matching import value_keys
from tantam.patients.models import ContactPoint

Key = tuple[int, str, int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """That a patient is to have a way to be reached. `may_lead`: it may be the preferred one of its kind."""

    patient_id: int
    contact: Contact
    may_lead: bool = True


def key_of(patient_id: int, contact: Contact) -> Key:
    return patient_id, contact.kind, value_keys(contact.kind, contact.value).value_index


def ensure_contacts(wanted: Iterable[Wanted]) -> dict[Key, ContactPoint]:
    """Make the contact points that are missing; answers all of the patients' points.

    The first of each kind that may lead becomes the preferred one where the patient has none.
    """
    asked = list(wanted)
    ids = {want.patient_id for want in asked}
    points: dict[Key, ContactPoint] = {}
    led: set[tuple[int, str]] = set()
    for point in ContactPoint.objects.filter(patient_id__among=ids).order_by("pk"):
        points[(point.patient_id, point.kind, point.value_index)] = point
        if point.is_preferred:
            led.add((point.patient_id, point.kind))
    fresh: list[ContactPoint] = []
    for want in asked:
        contact = want.contact
        keys = value_keys(contact.kind, contact.value)
        key = want.patient_id, contact.kind, keys.value_index
        if key in points:
            continue
        leads = want.may_lead and key[:2] not in led
        if leads:
            led.add(key[:2])
        points[key] = ContactPoint(
            patient_id=want.patient_id,
            kind=contact.kind,
            value=contact.value,
            value_index=keys.value_index,
            tail_index=keys.tail_index,
            owner=contact.owner,
            owner_name=contact.owner_name,
            note=contact.note,
            is_preferred=leads,
        )
        fresh.append(points[key])
    rows = [
        {name: value for name, value in point.__dict__.items() if name not in ("id", "_state")}
        for point in fresh
    ]
    for point, pk in zip(fresh, insert_rows(ContactPoint, rows), strict=True):
        point.pk = pk
    return points


def prefer(points: Iterable[ContactPoint], all_points: dict[Key, ContactPoint]) -> None:
    """Make these the preferred ones of their kind, and the ones that were, not."""
    chosen = {(point.patient_id, point.kind): point for point in points}
    patients = {patient_id for patient_id, _kind in chosen}
    by_patient: dict[int, list[ContactPoint]] = defaultdict(list)
    for point in all_points.values():
        if point.patient_id in patients:
            by_patient[point.patient_id].append(point)
    stepping_back = [
        point
        for patient_points in by_patient.values()
        for point in patient_points
        if point.is_preferred and chosen.get((point.patient_id, point.kind), point) is not point
    ]
    for point in stepping_back:
        point.is_preferred = False
    update_rows(ContactPoint, stepping_back, ["is_preferred"])
    leading = [point for point in chosen.values() if not point.is_preferred]
    for point in leading:
        point.is_preferred = True
    update_rows(ContactPoint, leading, ["is_preferred"])
