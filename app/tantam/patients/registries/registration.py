"""What rooms above add to the registration page, like consent: a form, its words, and an act after the patient's."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django import forms

from tantam.accounts.models import Member
from tantam.patients.models import Patient


class PartForm(Protocol):
    """How a part makes its form: with what was typed, or empty."""

    def __call__(self, data: Mapping[str, Any] | None = None, *, prefix: str) -> forms.Form: ...


@dataclass(frozen=True, slots=True)
class RegistrationPart:
    """One card of the registration page.

    `act` runs in the same transaction as the registration, after it, with the valid form; what it refuses
    undoes both. Only members holding `permission` see the part.
    """

    name: str
    form: PartForm
    template: str
    act: Callable[[Patient, Any, Member], None]
    permission: str
    order: int = 50


_parts: dict[str, RegistrationPart] = {}


def register_part(part: RegistrationPart) -> None:
    """Called from a room's `apps.ready()`. Registering the same name again replaces it."""
    _parts[part.name] = part


def parts_for(permissions: Collection[str]) -> list[RegistrationPart]:
    """The parts someone with these permissions sees, in the order in which a person is asked."""
    allowed = (part for part in _parts.values() if part.permission in permissions)
    return sorted(allowed, key=lambda part: part.order)
