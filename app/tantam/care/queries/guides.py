"""The conversation guide beside a call, with the facts of this patient in it (C5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from tantam.care.models import CareTask
from tantam.care.queries.contacts import Contact
from tantam.knowledge.models import GuideVersion, PatientFact
from tantam.knowledge.queries.guides import guide_for, version_in_use
from tantam.knowledge.rules.facts import facts_of_record, places_for
from tantam.knowledge.rules.filling import FilledGuide, filled
from tantam.lib.dates import format_day
from tantam.patients.models import ContactKind, ContactOwner, ContactPoint, Patient, Vulnerability
from tantam.records.queries import RecordSummary, ReexaminationLine

CHILD_UNDER = 16


def guide_beside(
    task: CareTask,
    patient: Patient,
    record: RecordSummary,
    reexamination: ReexaminationLine | None,
    doctor: str,
    last: Contact | None,
    points: Sequence[ContactPoint] = (),
    *,
    seen: GuideVersion | None = None,
) -> FilledGuide | None:
    """The guide of the patient's diagnosis, else the one the rule names, else the closest that fits; None for none.

    For a child it speaks to the guardian: `points` say who that is.

    `last` is the last contact in which the patient was reached. `seen` is the version the agent has beside the call
    already: then it is that one.
    """
    version = seen
    if version is None:
        codes = [diagnosis.code for diagnosis in record.conditions if diagnosis.code]
        fitting = guide_for(
            occasion=task.occasion, speciality_id=task.speciality_id, codes=codes, marks=marks_of(patient)
        )
        if fitting is None or not fitting.guide.is_about(codes):
            named = task.rule.guide_id if task.rule is not None else None
            version = version_in_use(named) if named is not None else None
        version = version or fitting
    if version is None:
        return None
    facts = facts_of_record(patient, record, reexamination)
    said = [_last_contact(last)] if last is not None else []
    guardian = _guardian(patient, points)
    return filled(
        version,
        guardian=bool(guardian),
        places=places_for(patient, reexamination, doctor, guardian=guardian),
        facts={**facts, PatientFact.LAST_CONTACT.value: said},
    )


def marks_of(patient: Patient) -> list[str]:
    """The patient's marks; a child is one by age too."""
    child = is_child(patient, timezone.localdate())
    return [*patient.vulnerability, *([Vulnerability.CHILD.value] if child else [])]


def is_child(patient: Patient, today: date) -> bool:
    """Whether the guardian is spoken with instead of the patient."""
    age = patient.age_on(today)
    return age is not None and age < CHILD_UNDER


# How a child's relatives are called in a guide: Vietnamese, as the guides are.
_CALLED = {ContactOwner.MOTHER: "mẹ", ContactOwner.FATHER: "ba", ContactOwner.GUARDIAN: "người giám hộ"}


def _guardian(patient: Patient, points: Sequence[ContactPoint]) -> str:
    """Who answers for a child, as the numbers say, the first to ring first; nothing for who speaks for themselves."""
    if not is_child(patient, timezone.localdate()):
        return ""
    owners = [point.owner for point in points if point.kind == ContactKind.PHONE and not point.is_wrong]
    theirs = next((owner for owner in owners if owner != ContactOwner.SELF), ContactOwner.OTHER)
    return _CALLED.get(ContactOwner(theirs), "người nhà")


def _last_contact(contact: Contact) -> str:
    said = ", ".join(contact.answers)
    words = f"{said}. {contact.words}" if said and contact.words else said or contact.words
    return _("%(day)s: %(words)s") % {"day": format_day(timezone.localdate(contact.at)), "words": words}
