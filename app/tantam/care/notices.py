"""What we write to patients when a care rule asks for a message: one function a message, in their language."""

from __future__ import annotations

from datetime import date

from django.utils import timezone, translation
from django.utils.translation import gettext

from tantam.care.models import CareTask
from tantam.care.queries.guides import CHILD_UNDER
from tantam.facility.queries import organisation
from tantam.knowledge.models import Occasion
from tantam.lib.names import given_name
from tantam.patients.models import Language, Patient, Vulnerability
from tantam.patients.queries.header import addressed_as
from tantam.ui.moments import day as in_figures
from tantam.ui.moments import weekday

_WRITTEN_IN = {Language.ENGLISH: "en", Language.CHINESE: "zh-hans"}


def message_text(task: CareTask) -> str:
    """The message a contact asks for, ready to be sent; Vietnamese unless the patient prefers another language."""
    with translation.override(_WRITTEN_IN.get(Language(task.patient.language), "vi")):
        if task.occasion == Occasion.BEFORE_REEXAMINATION:
            return reexamination_reminder(task)
        return after_encounter_question(task)


def reexamination_reminder(task: CareTask) -> str:
    """The reminder of a re-examination: day, time, place, and whom to call to move it."""
    due = task.reexamination
    day = due.due_on if due is not None else task.anchor_on
    values = _common(task) | {"weekday": weekday(day), "day": in_figures(day)}
    if due is not None and due.at_time is not None:
        values["day"] = f"{due.at_time:%H:%M}, {values['day']}"
    return (
        gettext(
            "Dear %(called)s, %(organisation)s reminds %(you)s of the re-examination on %(weekday)s, %(day)s at "
            "%(site)s. If %(you)s would like another day, please call %(hotline)s. We wish %(you)s good health!"
        )
        % values
    )


def after_encounter_question(task: CareTask) -> str:
    """How the patient has been since the visit, and whom to call when something is not right."""
    values = _common(task) | {"day": in_figures(task.anchor_on)}
    return (
        gettext(
            "Dear %(called)s, thank you for coming to %(site)s on %(day)s. How have %(you)s been since? If anything "
            "is not as it should be, please call %(hotline)s. We wish %(you)s good health!"
        )
        % values
    )


def _is_spoken_for(patient: Patient, today: date) -> bool:
    """Whether someone else reads the message: for a child, and for whom others decide (C7)."""
    age = patient.age_on(today)
    marks = {Vulnerability.CHILD, Vulnerability.DECIDES_WITH_HELP}
    return (age is not None and age < CHILD_UNDER) or not marks.isdisjoint(patient.vulnerability)


def _common(task: CareTask) -> dict[str, str]:
    patient: Patient = task.patient
    ours = organisation()
    vietnamese = (translation.get_language() or "vi").startswith("vi")
    today = timezone.localdate()
    you = addressed_as(patient, today) if vietnamese else gettext("you")
    called = f"{you} {given_name(patient.full_name)}" if vietnamese else patient.full_name
    if _is_spoken_for(patient, today):
        called = gettext("the family of %(name)s") % {"name": called}
        you = "gia đình" if vietnamese else you
    return {
        "called": called,
        "you": you,
        "organisation": str(ours or ""),
        "site": task.site.name,
        "hotline": task.site.phone or (ours.hotline if ours else ""),
    }
