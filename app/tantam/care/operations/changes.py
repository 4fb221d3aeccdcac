"""What the patient says in a call and changes the record at once (B7, B8).

Each is one act: the record, the journal, the doctor's list and the bell change together or not at all.
`once` is the token of the form it came from: the same form sent twice is one act.
"""

from __future__ import annotations

from datetime import date, time
from typing import Any

from django.utils.translation import gettext as _

from tantam.accounts.models import Member, Practitioner
from tantam.accounts.permissions import Permission
from tantam.care.errors import ExplanationNeeded, NeedNotSaid, NoReexamination
from tantam.care.events import CareEvent
from tantam.care.models import CareTask, Finding, FindingKind, TaskStatus, UnmetNeed
from tantam.care.operations.findings import note_finding
from tantam.care.queries.holding import held_for, reexamination_of
from tantam.care.rules.outcomes import LONGEST_TEXT
from tantam.care.rules.results import Learnt
from tantam.care.rules.wording import in_the_records_language
from tantam.journal.operations import nothing_changed, operation, record
from tantam.lib.dates import format_day, weekday_name
from tantam.lib.names import fold
from tantam.lib.text import clean_text
from tantam.records.models import Allergy, AllergyKind, Certainty, Reexamination, Severity, Trend
from tantam.records.operations import (
    change_responsible_doctor,
    move_reexamination,
    note_allergy,
    note_condition_change,
    refute_allergy,
)


@operation
def report_condition_change(
    task: CareTask, *, trend: str, text: str, once: str = "", actor: Member
) -> Learnt:
    """The patient's condition has changed since the visit (B7). Refuses with TextNeeded or TaskHeldByAnother."""
    task = held_for(task, actor)
    if (earlier := task.noted_before(once)) is not None:
        return _again(earlier)
    change = note_condition_change(
        task.patient, trend=trend, text=text, encounter=task.encounter, site=task.site, actor=actor
    )
    with in_the_records_language():
        summary = f"{Trend(trend).label}: {change.text}"
    return _told(
        task, FindingKind.CONDITION_CHANGED, summary, actor, once=once, trend=trend, change=change.pk
    )


@operation
def report_allergy(
    task: CareTask,
    *,
    agent: str,
    kind: str = AllergyKind.DRUG,
    reaction: str = "",
    severity: str = Severity.UNKNOWN,
    certainty: str = Certainty.SUSPECTED,
    once: str = "",
    actor: Member,
) -> Learnt | None:
    """The patient does not tolerate a medicine (B7). Everyone who opens the record is warned from now on.

    Answers None when exactly this was known already: then nobody is told again. Refuses with AgentNeeded or
    TaskHeldByAnother.
    """
    task = held_for(task, actor)
    if (earlier := task.noted_before(once)) is not None:
        return _again(earlier)
    known = Allergy.objects.filter(patient_id=task.patient_id, agent_key=fold(agent)[:200]).first()
    allergy = note_allergy(
        task.patient,
        agent=agent,
        kind=kind,
        reaction=reaction,
        severity=severity,
        certainty=certainty,
        actor=actor,
    )
    if known is not None and _same(known, allergy):
        return None
    with in_the_records_language():
        marks = [Certainty(allergy.certainty).label]
        if allergy.severity != Severity.UNKNOWN:
            marks.insert(0, Severity(allergy.severity).label)
        words = ", ".join(str(mark).lower() for mark in marks)
        summary = f"{allergy.agent} ({words})"
        if allergy.reaction:
            summary = f"{summary}: {allergy.reaction}"
    return _told(task, FindingKind.ALLERGY, summary, actor, once=once, allergy=allergy.pk)


@operation
def take_back_allergy(task: CareTask, allergy: Allergy, *, reason: str, actor: Member) -> Learnt:
    """What was noted as an allergy is none: refute it and tell the doctor (B7).

    Refuses with ReasonNeeded, AllergyAlreadyRefuted or TaskHeldByAnother.
    """
    task = held_for(task, actor)
    refuted = refute_allergy(allergy, reason=reason, actor=actor)
    with in_the_records_language():
        summary = _("No allergy to %(agent)s after all: %(reason)s") % {
            "agent": refuted.agent,
            "reason": refuted.note,
        }
    return _told(task, FindingKind.ALLERGY, summary, actor, allergy=refuted.pk, refuted=True)


@operation
def report_new_date(
    task: CareTask,
    *,
    due_on: date,
    at_time: time | None = None,
    reason: str = "",
    anyway: bool = False,
    seen: str = "",
    once: str = "",
    actor: Member,
) -> Learnt | None:
    """The patient will come on another day (B7). The planner moves the contacts that belong to it.

    Answers None when the day and time are those already planned. `seen` is the date the agent had before them.
    Refuses with NoReexamination, ReexaminationMovedMeanwhile, ReexaminationInPast, ReexaminationTooFar,
    SiteClosedThen, ReexaminationClosed or TaskHeldByAnother.
    """
    task = held_for(task, actor)
    if (earlier := task.noted_before(once)) is not None:
        return _again(earlier)
    reexamination = reexamination_of(task)
    if reexamination is None:
        raise NoReexamination
    before, time_before = reexamination.due_on, reexamination.at_time
    moved = move_reexamination(
        reexamination,
        due_on=due_on,
        at_time=at_time,
        reason=reason,
        anyway=anyway,
        seen=seen,
        actor=actor,
    )
    if (before, time_before) == (moved.due_on, moved.at_time):
        return None
    with in_the_records_language():
        summary = _("From %(before)s to %(after)s") % {
            "before": _day_in_words(before, time_before),
            "after": _day_in_words(moved.due_on, moved.at_time),
        }
        if moved.change_reason:
            summary = f"{summary}. {moved.change_reason}"
    return _told(
        task,
        FindingKind.REEXAMINATION_MOVED,
        summary,
        actor,
        once=once,
        reexamination=moved.pk,
        moved_from=before.isoformat(),
        moved_to=moved.due_on.isoformat(),
    )


@operation
def report_new_doctor(
    task: CareTask, *, doctor: Practitioner, reason: str = "", once: str = "", actor: Member
) -> Learnt:
    """The patient wishes another responsible doctor (B7). Both are told; what is unread goes with the patient.

    Refuses with NoReexamination when there is neither a date nor a visit to hand over, DoctorNotActive,
    DoctorAlreadyResponsible or TaskHeldByAnother.
    """
    task = held_for(task, actor)
    if (earlier := task.noted_before(once)) is not None:
        return _again(earlier)
    before = task.responsible_doctor
    subject = reexamination_of(task) or task.encounter
    if subject is None:
        raise NoReexamination
    if isinstance(subject, Reexamination):
        before = subject.doctor or before
        change_responsible_doctor(subject, doctor=doctor, reason=reason, actor=actor)
        CareTask.objects.filter(reexamination=subject, status=TaskStatus.OPEN).update(doctor=doctor)
    else:
        change_responsible_doctor(subject, doctor=doctor, reason=reason, actor=actor)
    CareTask.objects.filter(pk=task.pk).update(doctor=doctor)
    task.doctor = doctor
    if before is not None:
        unread = Finding.objects.filter(patient_id=task.patient_id, doctor=before, seen_at__isnull=True)
        unread.update(doctor=doctor)
    with in_the_records_language():
        summary = _("From %(before)s to %(after)s") % {
            "before": before or _("nobody"),
            "after": doctor,
        }
        if reason := clean_text(reason, max_length=300):
            summary = f"{summary}. {reason}"
    handing_over = [before.member] if before is not None and before.member is not None else []
    return note_finding(
        FindingKind.DOCTOR_CHANGED,
        summary,
        patient=task.patient,
        site=task.site,
        doctor=doctor,
        task=task,
        speciality_id=task.speciality_id,
        also=[member for member in handing_over if member.is_active],
        actor=actor,
        once=once,
        doctor_from=before.pk if before else None,
        doctor_to=doctor.pk,
    )


@operation
def report_unmet_need(
    task: CareTask, *, need: str, explanation: str, once: str = "", actor: Member
) -> Learnt:
    """A need we cannot meet, explained to the patient, and reported to the doctor and the site's managers (B8).

    Refuses with NeedNotSaid, ExplanationNeeded or TaskHeldByAnother.
    """
    task = held_for(task, actor)
    if (earlier := task.noted_before(once)) is not None:
        return _again(earlier)
    need = clean_text(need, max_length=LONGEST_TEXT)
    explanation = clean_text(explanation, max_length=LONGEST_TEXT)
    if not need:
        raise NeedNotSaid(field="need")
    if not explanation:
        raise ExplanationNeeded(field="explanation")
    unmet = UnmetNeed.objects.create(
        patient=task.patient,
        site=task.site,
        task=task,
        need=need,
        explanation=explanation,
        noted_by=actor,
    )
    record(CareEvent.NEED_UNMET, unmet, actor=actor, task=task.pk)
    with in_the_records_language():
        summary = _("%(need)s — explained: %(explanation)s") % {"need": need, "explanation": explanation}
    managers = Member.objects.allowed(Permission.CARE_SUPERVISE, task.site_id)
    return _told(task, FindingKind.NEED_UNMET, summary, actor, also=list(managers), once=once, need=unmet.pk)


def _told(
    task: CareTask,
    kind: FindingKind,
    summary: str,
    actor: Member,
    also: list[Member] | None = None,
    **details: Any,
) -> Learnt:
    return note_finding(
        kind,
        summary,
        patient=task.patient,
        site=task.site,
        doctor=task.responsible_doctor,
        task=task,
        speciality_id=task.speciality_id,
        also=also or (),
        actor=actor,
        **details,
    )


def _again(earlier: Finding) -> Learnt:
    nothing_changed()
    return Learnt(earlier, [])


def _same(known: Allergy, allergy: Allergy) -> bool:
    names = ("kind", "reaction", "severity", "certainty")
    return all(getattr(known, name) == getattr(allergy, name) for name in names)


def _day_in_words(day: date, at: time | None) -> str:
    words = f"{weekday_name(day)} {format_day(day)}"
    return f"{words} {at:%H:%M}" if at else words
