"""The conversation guide beside a call, with the facts of this patient in it (C5)."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from tantam.care.models import CareTask
from tantam.care.queries.contacts import Contact
from tantam.knowledge.models import GuideVersion, PatientFact
from tantam.knowledge.queries.guides import guide_for, version_in_use
from tantam.knowledge.rules.facts import facts_of_record, places_for
from tantam.knowledge.rules.filling import FilledGuide, filled
from tantam.lib.dates import format_day
from tantam.patients.models import Patient, Vulnerability
from tantam.records.queries import RecordSummary, ReexaminationLine

CHILD_UNDER = 16


def guide_beside(
    task: CareTask,
    patient: Patient,
    record: RecordSummary,
    reexamination: ReexaminationLine | None,
    doctor: str,
    last: Contact | None,
    *,
    seen: GuideVersion | None = None,
) -> FilledGuide | None:
    """The guide the rule names, else the closest that fits; None when none is in use.

    `last` is the last contact in which the patient was reached. `seen` is the version the agent has beside the call
    already: then it is that one.
    """
    version = seen
    if version is None and task.rule is not None and task.rule.guide_id is not None:
        version = version_in_use(task.rule.guide_id)
    if version is None:
        version = guide_for(
            occasion=task.occasion,
            speciality_id=task.speciality_id,
            codes=[diagnosis.code for diagnosis in record.conditions if diagnosis.code],
            marks=marks_of(patient),
        )
    if version is None:
        return None
    facts = facts_of_record(patient, record, reexamination)
    said = [_last_contact(last)] if last is not None else []
    return filled(
        version,
        places=places_for(patient, reexamination, doctor),
        facts={**facts, PatientFact.LAST_CONTACT.value: said},
    )


def marks_of(patient: Patient) -> list[str]:
    """The patient's marks; a child is one by age too."""
    age = patient.age_on(timezone.localdate())
    is_child = age is not None and age < CHILD_UNDER
    return [*patient.vulnerability, *([Vulnerability.CHILD.value] if is_child else [])]


def _last_contact(contact: Contact) -> str:
    said = ", ".join(contact.answers)
    words = f"{said}. {contact.words}" if said and contact.words else said or contact.words
    return _("%(day)s: %(words)s") % {"day": format_day(timezone.localdate(contact.at)), "words": words}
