"""Which phone to try first. Python and SQL say the same here, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from tantam.lib.fields import EncryptedTextField, Sealed
from tantam.patients.models import ContactKind, ContactOwner, ContactPoint

# As `in_order_to_try`, for the contact points `c` of a statement written by hand.
ORDER_TO_TRY: Final = "c.is_preferred DESC, (c.owner = 'self') DESC, c.id"

# The phone to try first of a patient `p`, one row at most: `SELECT c.value FROM {BEST_PHONE}`.
BEST_PHONE: Final = f"""patients_contactpoint c
         WHERE c.patient_id = p.id AND c.kind = 'phone' AND NOT c.is_wrong
         ORDER BY {ORDER_TO_TRY} LIMIT 1"""


def in_order_to_try(contact_points: Iterable[ContactPoint]) -> list[ContactPoint]:
    """Wrong ones last; preferred before others, the patient's own before a relative's, older before newer."""
    return sorted(
        contact_points,
        key=lambda point: (
            point.is_wrong,
            not point.is_preferred,
            point.owner != ContactOwner.SELF,
            point.pk,
        ),
    )


def best_phone(contact_points: Iterable[ContactPoint]) -> ContactPoint | None:
    """The phone to try first; None when there is none that works."""
    phones = (point for point in contact_points if point.kind == ContactKind.PHONE and not point.is_wrong)
    return next(iter(in_order_to_try(phones)), None)


def open_phone(sealed: bytes | memoryview | None) -> str:
    """A contact value read by hand-written SQL, opened; empty when there is none."""
    if not sealed:
        return ""
    return str(Sealed(bytes(sealed), _sealed_for(), False).open())


@lru_cache(maxsize=1)
def _sealed_for() -> bytes:
    column = ContactPoint._meta.get_field("value")
    assert isinstance(column, EncryptedTextField)
    return column.sealed_for
