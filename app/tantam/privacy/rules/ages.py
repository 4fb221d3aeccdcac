"""Who may agree for whom: below 7 a representative, from 7 to 17 for anything but care both, then the patient.

Law 91/2025/QH15 Art. 24 with Decree 330/2026/ND-CP Art. 60, of which we keep the stricter.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from tantam.patients.models import Patient, Vulnerability
from tantam.privacy.errors import AdultDecidesAlone, BothNeeded, RepresentativeNeeded
from tantam.privacy.models import ConsentActor, Purpose

CHILD_HAS_A_SAY: Final = 7
OF_AGE: Final = 18


def deciders(patient: Patient, purpose: Purpose, *, on: date | datetime) -> tuple[ConsentActor, ...]:
    """Who may agree to this purpose on a day, the usual first. Without a year of birth the patient is an adult."""
    age = patient.age_on(on.date() if isinstance(on, datetime) else on)
    if age is not None and age < CHILD_HAS_A_SAY:
        return (ConsentActor.REPRESENTATIVE,)
    if age is not None and age < OF_AGE:
        if purpose.rests_on_care:
            return (ConsentActor.BOTH, ConsentActor.REPRESENTATIVE)
        return (ConsentActor.BOTH,)
    if Vulnerability.DECIDES_WITH_HELP in patient.vulnerability:
        return (ConsentActor.REPRESENTATIVE, ConsentActor.BOTH, ConsentActor.SELF)
    return (ConsentActor.SELF,)


def refuse_wrong_decider(patient: Patient, purpose: Purpose, decided_by: str, *, on: date | datetime) -> None:
    """Refuses with RepresentativeNeeded, BothNeeded or AdultDecidesAlone."""
    allowed = deciders(patient, purpose, on=on)
    if decided_by in allowed:
        return
    if allowed == (ConsentActor.SELF,):
        raise AdultDecidesAlone(field="decided_by")
    if allowed == (ConsentActor.BOTH,):
        raise BothNeeded(field="decided_by")
    raise RepresentativeNeeded(field="decided_by")
