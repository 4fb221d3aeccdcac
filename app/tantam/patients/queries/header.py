"""What stands at the top of every page about a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from tantam.accounts.models import Member
from tantam.accounts.permissions import Permission
from tantam.lib import phones
from tantam.lib.names import salutation
from tantam.patients.models import ContactPoint, Patient, PatientStatus, Sex, Vulnerability
from tantam.patients.queries.phones import best_phone
from tantam.patients.registries.allergies import warning_allergies
from tantam.patients.registries.header import HEADER_FACTS
from tantam.ui import links


@dataclass(frozen=True, slots=True)
class PatientHeader:
    """What `<c-patient-header>` shows. Allergies, dates and consent are handed in by the rooms that know them."""

    name: str
    salutation: str
    age_text: str
    born_text: str
    sex_label: str
    code: str
    phone_display: str
    phone_uri: str
    vulnerability: tuple[str, ...]
    url: str
    allergies: Sequence[Any] = ()
    allergies_asked_on: date | None = None
    allergies_withheld: bool = False
    next_reexamination: date | None = None
    consent_label: str = ""
    consent_kind: str = "neutral"

    @property
    def allergies_known(self) -> bool:
        """Whether anybody asked: an empty list says nothing when nobody did."""
        return self.allergies_asked_on is not None or bool(self.allergies)


def header_for(
    patient: Patient,
    *,
    viewer: Member | None = None,
    contact_points: Iterable[ContactPoint] | None = None,
    allergies: Sequence[Any] | None = None,
    allergies_withheld: bool = False,
    next_reexamination: date | None = None,
    consent_label: str = "",
    consent_kind: str = "neutral",
    url: str | None = None,
    today: date | None = None,
) -> PatientHeader:
    """The header of a patient's pages.

    `contact_points` and `allergies` each save a query when they are at hand. Allergies are objects or dicts
    with `agent`, `severity_label`, `certainty_label`; a `viewer` who may not see records is told that they are
    withheld, and so is everyone with `allergies_withheld`. `url=""` makes the name no link.
    """
    if viewer is not None and not consent_label:
        # Pages that know these facts hand them in, and cost nothing more.
        for facts in (source(patient, viewer) for source in HEADER_FACTS):
            next_reexamination = next_reexamination or facts.next_reexamination
            consent_label, consent_kind = facts.consent_label, facts.consent_kind
    withheld = allergies_withheld or (viewer is not None and not viewer.may(Permission.RECORD_SEE))
    if withheld:
        allergies = ()
    elif allergies is None:
        allergies = warning_allergies(patient)
        withheld = allergies is None
    day = today or timezone.localdate()
    point = best_phone(patient.contact_points.all() if contact_points is None else contact_points)
    marks = [str(Vulnerability(mark).label) for mark in patient.vulnerability if mark in Vulnerability.values]
    if patient.status != PatientStatus.ACTIVE:
        marks.insert(0, str(PatientStatus(patient.status).label))
    return PatientHeader(
        name=patient.full_name,
        salutation=addressed_as(patient, day),
        age_text=patient.age_in_words(day),
        born_text=str(patient.birth or ""),
        sex_label="" if patient.sex == Sex.UNKNOWN else str(Sex(patient.sex).label),
        code=patient.code,
        phone_display=phones.display(point.value) if point else "",
        phone_uri=phones.tel_uri(point.value) if point else "",
        vulnerability=tuple(marks),
        url=links.url("patient", patient.pk) if url is None else url,
        allergies=allergies or (),
        allergies_asked_on=None if withheld else patient.allergies_asked_on,
        allergies_withheld=withheld,
        next_reexamination=next_reexamination,
        consent_label=consent_label,
        consent_kind=consent_kind,
    )


def addressed_as(patient: Patient, day: date) -> str:
    """How to address the patient in Vietnamese: as they wish, else by age and sex."""
    return patient.salutation or salutation(patient.age_on(day), patient.sex)
