"""What a supervisor decides about a contact, and the message sent by hand (B4, B6)."""

from __future__ import annotations

from django.utils import timezone

from tantam.accounts.models import Member
from tantam.accounts.permissions import Permission
from tantam.care.errors import MayNotCallThere, ReasonToCloseNeeded, TaskHeldByAnother, TaskNotOpen
from tantam.care.events import CareEvent
from tantam.care.models import CLOSED_BY_HAND, AttemptResult, CareTask, Channel, ClosedReason, TaskStatus
from tantam.care.rules.claims import held_by_another
from tantam.journal.live import announce
from tantam.journal.operations import operation, record


@operation
def assign_task(task: CareTask, *, to: Member | None, actor: Member) -> CareTask:
    """Give a contact to one colleague, or back to everyone. Another's claim ends; a waiting one goes on.

    Refuses with TaskNotOpen, or MayNotCallThere when the colleague may not call at the site.
    """
    task = CareTask.objects.held_task(task)
    if not task.is_open:
        raise TaskNotOpen
    if to is not None and (not to.is_active or not to.may(Permission.CARE_CALL, task.site_id)):
        raise MayNotCallThere(field="assigned_to", member=to.full_name)
    record(
        CareEvent.TASK_ASSIGNED,
        task,
        actor=actor,
        to=to.pk if to else None,
        before=task.assigned_to_id,
    )
    task.assigned_to = to
    task.needs_supervisor = False
    if task.claimed_by_id is not None and task.claimed_by_id != (to.pk if to else None):
        task.claimed_by, task.claimed_at = None, None
    task.save(update_fields=["assigned_to", "needs_supervisor", "claimed_by", "claimed_at"])
    announce(f"site:{task.site_id}:work-list")
    return task


@operation
def close_task(task: CareTask, *, reason: str, actor: Member) -> CareTask:
    """Close a contact that will not be made, saying why. It stays in the figures as not reached.

    Refuses with TaskNotOpen or ReasonToCloseNeeded.
    """
    if reason not in CLOSED_BY_HAND:
        raise ReasonToCloseNeeded(field="reason")
    task = CareTask.objects.held_task(task)
    if not task.is_open:
        raise TaskNotOpen
    unreached = reason == ClosedReason.NO_CONTACT
    status = TaskStatus.UNREACHED if unreached else TaskStatus.CLOSED
    task.close(status, reason=reason, at=timezone.now())
    record(CareEvent.TASK_CLOSED, task, actor=actor, reason=reason)
    announce(f"site:{task.site_id}:work-list")
    return task


@operation
def mark_message_sent(task: CareTask, *, channel: str, actor: Member) -> CareTask:
    """A colleague has sent the message by hand, through `channel`; the contact is done.

    Refuses with TaskNotOpen, also when someone else was faster, and TaskHeldByAnother.
    """
    task = CareTask.objects.held_task(task)
    if not task.is_open:
        raise TaskNotOpen
    if (holder := held_by_another(task, actor)) is not None:
        raise TaskHeldByAnother(member=holder.full_name)
    now = timezone.now()
    task.add_attempt(AttemptResult.SENT, member=actor, at=now, channel=Channel(channel))
    task.close(TaskStatus.DONE, at=now, also=["attempts"])
    record(CareEvent.MESSAGE_SENT, task, actor=actor, channel=channel)
    announce(f"site:{task.site_id}:work-list")
    return task
