"""The contact an act is about, held until the act ends, and the re-examination it is about."""

from __future__ import annotations

from tantam.accounts.models import Member
from tantam.care.errors import CallAlreadyCompleted, TaskHeldByAnother
from tantam.care.models import Action, CareTask, Conversation
from tantam.care.rules.claims import claimed, freed_before, held_by_another
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


def holder_of_patient(task: CareTask, member: Member) -> Member | None:
    """Who else has the patient on the line now, through this contact or another of theirs; nobody once it is closed."""
    if not task.is_open or task.claimed_by_id == member.pk:
        return None
    held = CareTask.objects.open().filter(patient_id=task.patient_id, claimed_by__isnull=False)
    holders = (held_by_another(each, member) for each in held.select_related("claimed_by"))
    return next((holder for holder in holders if holder is not None), None)


def calling_now(member: Member) -> CareTask | None:
    """The call the member has taken and neither finished nor given back, the latest first. One query."""
    mine = CareTask.objects.open().filter(claimed(freed_before()), claimed_by=member, action=Action.CALL)
    return mine.select_related("patient", "rule").order_by("-claimed_at").first()


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
    of_this_encounter = [one for one in coming if task.encounter_id and one.encounter_id == task.encounter_id]
    return next(iter(of_this_encounter or coming), None)
