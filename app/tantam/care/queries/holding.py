"""The contact an act is about, held until the act ends, and the re-examination it is about."""

from __future__ import annotations

from tantam.accounts.models import Member
from tantam.care.errors import CallAlreadyCompleted, TaskHeldByAnother
from tantam.care.models import CareTask, Conversation
from tantam.care.rules.claims import held_by_another
from tantam.records.models import Reexamination

_AROUND = ("patient", "site", "claimed_by", "doctor", "reexamination__doctor", "encounter__doctor")


def held_for(task: CareTask, member: Member) -> CareTask:
    """The contact as it is now, its patient held until the end of the act. Refuses with TaskHeldByAnother.

    A claim that ran out, or a call just finished, is no hindrance: what a patient said must not be lost.
    """
    return _free_for(CareTask.objects.held_task(task, around=_AROUND), member)


def held_for_completion(task: CareTask, member: Member) -> tuple[CareTask, list[CareTask]]:
    """The contact, held and without a conversation yet, and the patient's other open ones.

    Refuses with CallAlreadyCompleted or TaskHeldByAnother.
    """
    contacts = CareTask.objects.held(task.patient_id, and_task=task.pk, around=_AROUND)
    held = next((each for each in contacts if each.pk == task.pk), None)
    if held is None:
        raise CareTask.DoesNotExist
    already = Conversation.objects.filter(task=held).select_related("member").first()
    if already is not None:
        held_at = already.held_at.astimezone(held.site.zone)
        raise CallAlreadyCompleted(member=already.member.full_name, time=f"{held_at:%H:%M}")
    return _free_for(held, member), [each for each in contacts if each.pk != held.pk]


def _free_for(task: CareTask, member: Member) -> CareTask:
    if (holder := held_by_another(task, member)) is not None:
        raise TaskHeldByAnother(member=holder.full_name)
    return task


def holder_now(task: CareTask, member: Member) -> Member | None:
    """Who else is making this call, asked anew: it was just refused, so what was read before is old."""
    fresh = CareTask.objects.select_related("claimed_by").filter(pk=task.pk).first()
    return held_by_another(fresh, member) if fresh is not None else None


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
