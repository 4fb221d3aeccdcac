"""What the record of a patient lacks, and where each is filled in (A9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tantam.patients.models import ContactKind, ContactPoint, Patient, Relative, Sex
from tantam.privacy.models import Purpose
from tantam.privacy.queries import ConsentState

OF_AGE = 18


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is missing; `url` is empty for who may not fill it in."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Completeness:
    asked: int
    missing: tuple[Lack, ...]

    @property
    def filled(self) -> int:
        return self.asked - len(self.missing)


def completeness(
    patient: Patient,
    *,
    points: Sequence[ContactPoint],
    relatives: Sequence[Relative],
    consents: Sequence[ConsentState],
    sees_allergies: bool,
    may_edit: bool,
    may_note_allergy: bool,
    may_ask_consent: bool,
) -> Completeness:
    """Asked of what the page has read already: no statement of its own."""
    person = reverse("patients:details", args=[patient.pk]) if may_edit else ""
    allergies = reverse("records:allergies", args=[patient.pk]) if may_note_allergy else ""
    consent = reverse("privacy:consents", args=[patient.pk]) if may_ask_consent else ""
    has_phone = any(point.kind == ContactKind.PHONE and not point.is_wrong for point in points)
    asked = [
        (has_phone, _("A phone that works"), person),
        (patient.birth_date is not None, _("The full date of birth"), person),
        (patient.sex != Sex.UNKNOWN, _("Sex"), person),
        (bool(patient.province and patient.commune), _("Address"), person),
        (
            any(state.purpose == Purpose.CARE_CONTACT and state.consent is not None for state in consents),
            _("Consent to care calls"),
            consent,
        ),
    ]
    age = patient.age_on(timezone.localdate())
    if age is not None and age < OF_AGE:
        asked.append((any(one.is_guardian for one in relatives), _("Guardian (under 18)"), person))
    if sees_allergies:
        asked.append((patient.allergies_asked_on is not None, _("Allergies asked"), allergies))
    return Completeness(len(asked), tuple(Lack(label, url) for done, label, url in asked if not done))
