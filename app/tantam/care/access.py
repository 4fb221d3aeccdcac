"""Ids become rows only here. Care is seen at the sites where the member may see it; elsewhere it does not exist."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from tantam.accounts.models import Member, Practitioner
from tantam.accounts.permissions import Permission
from tantam.accounts.queries import practitioners
from tantam.care.models import CallAttempt, CareRule, CareTask, Finding, Question
from tantam.care.queries.call import with_surroundings
from tantam.facility.queries import sites_by_id
from tantam.lib.errors import NotVisible
from tantam.lib.prepared import Prepared
from tantam.patients.models import Patient
from tantam.records.models import Allergy

# No more than a page always shows: with each join PostgreSQL plans longer than it reads.
_AROUND_A_TASK = ("patient", "speciality", "rule", "reexamination__doctor")
_task_at = Prepared(
    lambda task_id, sites: with_surroundings(
        CareTask.objects.select_related(*_AROUND_A_TASK).filter(pk=task_id, site__in=sites)
    )
)


def task_for(member: Member, task_id: int) -> CareTask:
    """A care task at a site where the member may see care. Raises NotVisible."""
    found = _task_at(task_id, member.sites_where(Permission.CARE_SEE))
    if not found:
        raise NotVisible
    task = found[0]
    if (site := sites_by_id().get(task.site_id)) is not None:
        task.site = site
    return task


def task_to_call(member: Member, task_id: int) -> CareTask:
    """A care task the member may act on: NotVisible where they may not see it, 403 where they may only look."""
    task = task_for(member, task_id)
    if not member.may(Permission.CARE_CALL, task.site_id):
        raise PermissionDenied
    return task


def attempt_of(member: Member, attempt_id: int) -> CallAttempt:
    """A try the member logged themselves, at a site where they make calls. Raises NotVisible."""
    attempt = CallAttempt.objects.select_related("task").filter(pk=attempt_id, member=member).first()
    if attempt is None or not member.may(Permission.CARE_CALL, attempt.site_id):
        raise NotVisible
    return attempt


def allergy_of(task: CareTask, allergy_id: int) -> Allergy:
    """An allergy of the patient being called."""
    allergy = Allergy.objects.filter(pk=allergy_id, patient_id=task.patient_id).first()
    if allergy is None:
        raise NotVisible
    return allergy


def question_to_answer(member: Member, question_id: int) -> Question:
    """A patient's question, for those who make calls or receive the patient at the site where it was asked.

    403 for those who may only read care there; NotVisible for everyone else.
    """
    question = Question.objects.select_related("site", "patient").filter(pk=question_id).first()
    if question is None:
        raise NotVisible
    site_id = question.site_id
    if member.may(Permission.CARE_CALL, site_id) or member.may(Permission.BEFORE_ENCOUNTER, site_id):
        return question
    if member.may(Permission.CARE_SEE, site_id):
        raise PermissionDenied
    raise NotVisible


def findings_to_see(member: Member, patient: Patient) -> list[Finding]:
    """What care learnt about the patient, at the sites where the member receives patients."""
    sites = member.sites_where(Permission.BEFORE_ENCOUNTER)
    return list(Finding.objects.filter(patient=patient, site__in=sites).select_related("learnt_by"))


def doctors_at(task: CareTask) -> list[Practitioner]:
    """The doctors who can take the patient over at the task's site, those of its speciality first."""
    return sorted(
        practitioners.doctors_at(task.site_id),
        key=lambda doctor: (
            doctor.speciality_id != task.speciality_id,
            str(doctor.speciality or ""),
            doctor.name_key.rsplit(" ", 1)[-1],
        ),
    )


def task_to_supervise(member: Member, task_id: int) -> CareTask:
    """A care task the member may assign, take over or close for others; 403 where they may only see it."""
    task = task_for(member, task_id)
    if not member.may(Permission.CARE_SUPERVISE, task.site_id):
        raise PermissionDenied
    return task


def rule_for(member: Member, rule_id: int) -> CareRule:
    """A care rule of a site whose rules the member may change, or one for all sites. Raises NotVisible."""
    sites = member.sites_where(Permission.CARE_RULES)
    rule = (
        CareRule.objects.select_related("site", "speciality", "assigned_to", "guide", "created_by")
        .filter(pk=rule_id)
        .first()
    )
    if rule is None or not sites or rule.site_id not in (None, *sites):
        raise NotVisible
    return rule


def rule_to_change(member: Member, rule_id: int) -> CareRule:
    """A care rule the member may change; 403 for a rule of all sites when they lead only some of them."""
    rule = rule_for(member, rule_id)
    if not may_change_rules_of(member, rule.site_id):
        raise PermissionDenied
    return rule


def may_change_rules_of(member: Member, site_id: int | None) -> bool:
    """Whether the member may write rules for the site; for all sites (None) only who may at each of them."""
    sites = set(member.sites_where(Permission.CARE_RULES))
    if site_id is not None:
        return site_id in sites
    return all(site.pk in sites for site in sites_by_id().values() if site.is_active)
