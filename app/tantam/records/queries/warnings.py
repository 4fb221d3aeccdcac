from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from tantam.facility.models import Site
from tantam.facility.queries import holiday_name, is_open_on, next_open_day
from tantam.records.models import Allergy, Severity
from tantam.records.rules.cross_reactivity import Level, check


@dataclass(frozen=True, slots=True)
class AllergyWarning:
    """A medicine meets a known allergy: how strongly, which allergy, and why, in words."""

    drug: str
    allergy_id: int
    agent: str
    reaction: str
    level: Level
    text: str


def allergy_warnings(patient_id: int, drugs: Iterable[str]) -> dict[str, list[AllergyWarning]]:
    """The warnings for each of `drugs`, strongest first; a drug without one is not in the answer. One query."""
    named = [drug for drug in drugs if drug.strip()]
    if not named:
        return {}
    allergies = list(Allergy.objects.warning().filter(patient_id=patient_id))
    found: dict[str, list[AllergyWarning]] = {}
    for drug in named:
        for allergy in allergies:
            met = check(allergy.agent, drug, severe=allergy.severity == Severity.SEVERE)
            if met is not None:
                level, text = met
                found.setdefault(drug, []).append(
                    AllergyWarning(drug, allergy.pk, allergy.agent, allergy.reaction, level, str(text))
                )
    for warnings in found.values():
        warnings.sort(key=lambda warning: -warning.level)
    return found


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """The site does not work on `day`; `next_open` is the nearest day after it on which it does."""

    day: date
    holiday: str | None
    next_open: date


def closed_day(site: Site, day: date) -> ClosedDay | None:
    """Why a re-examination on `day` would meet closed doors, or None when the site is open or the day is past."""
    if day < timezone.localdate(timezone=site.zone) or is_open_on(site, day):
        return None
    return ClosedDay(day, holiday_name(day, site), next_open_day(site, day))
