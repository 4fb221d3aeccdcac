"""Who holds a call, and what it is about: asked by the acts of a call and by its page."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from tantam.accounts.models import Member
from tantam.care.errors import CallAlreadyCompleted, TaskHeldByAnother
from tantam.care.models import CareTask, Conversation
from tantam.care.policy import current_policy
from tantam.records.models import Reexamination


def locked_for(task: CareTask, member: Member) -> CareTask:
    """The task as it is now, held until the end of the act. Refuses with TaskHeldByAnother.

    A claim that ran out, or a call just finished, is no hindrance: what a patient said must not be lost.
    """
    held = (
        CareTask.objects.select_for_update(of=("self",))
        .select_related(
            "patient", "site", "claimed_by", "doctor", "reexamination__doctor", "encounter__doctor"
        )
        .get(pk=task.pk)
    )
    holder = held_by_another(held, member)
    if holder is not None:
        raise TaskHeldByAnother(member=holder.full_name)
    return held


def held_by_another(task: CareTask, member: Member) -> Member | None:
    """Who else is making this call now; None when nobody is, or their claim has run out."""
    if not task.is_open or task.claimed_by_id in (None, member.pk):
        return None
    age = timezone.now() - task.claimed_at if task.claimed_at else timedelta.max
    return task.claimed_by if age < current_policy().claim_age else None


def reexamination_of(task: CareTask) -> Reexamination | None:
    """The date the call is about: the task's own, else the patient's next open one at the site, of this visit first."""
    if task.reexamination is not None and task.reexamination.is_open:
        return task.reexamination
    coming = list(
        Reexamination.objects.open()
        .filter(patient_id=task.patient_id, site_id=task.site_id)
        .select_related("doctor", "site", "speciality")
        .order_by("due_on")
    )
    of_this_visit = [one for one in coming if task.encounter_id and one.encounter_id == task.encounter_id]
    return next(iter(of_this_visit or coming), None)


def locked_for_completion(task: CareTask, member: Member) -> CareTask:
    """The task, locked and without a conversation yet. Refuses with CallAlreadyCompleted too."""
    task = CareTask.objects.select_for_update(of=("self",)).get(pk=task.pk)
    already = Conversation.objects.filter(task=task).select_related("member").first()
    if already is not None:
        held_at = timezone.localtime(already.held_at)
        raise CallAlreadyCompleted(member=already.member.full_name, time=f"{held_at:%H:%M}")
    return locked_for(task, member)
