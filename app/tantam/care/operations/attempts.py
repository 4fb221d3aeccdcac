from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from tantam.accounts.models import Member
from tantam.care.errors import (
    AttemptAlreadyLogged,
    AttemptStands,
    CallBackTimeNeeded,
    CallBackTimePassed,
    CallBackTooFar,
    NotTheirContact,
    TaskNotOpen,
)
from tantam.care.events import CareEvent
from tantam.care.models import Action, AttemptResult, CallAttempt, CareTask, ClosedReason, TaskStatus
from tantam.care.policy import current_policy
from tantam.care.queries.holding import held_for
from tantam.care.rules.next_step import NextStep, Step, next_step
from tantam.care.rules.results import TAKEN_BACK, TAKEN_BACK_WITHIN, Attempted
from tantam.facility.queries import open_days
from tantam.journal.live import announce
from tantam.journal.models import Entry
from tantam.journal.operations import operation, record
from tantam.lib.text import clean_text
from tantam.patients.models import ContactKind, ContactPoint
from tantam.patients.operations import mark_contact_wrong

CALL_BACK_DAYS = 60


@operation
def log_attempt(
    task: CareTask,
    *,
    result: str,
    contact_point: ContactPoint | None = None,
    call_back_at: datetime | None = None,
    note: str = "",
    seen: int | None = None,
    actor: Member,
) -> Attempted:
    """Log a try that led to no conversation, and do what the policy says follows (B6).

    The next try waits as long as the policy says, or until the patient asked to be called. A wrong number is
    marked so; when there is another one the caller keeps the task and rings that. When nothing is left to
    ring, the task becomes a message, or a supervisor's. Who does not want to be called is not called again
    about this. `seen` is the number of tries the form was made with: the same try sent twice is refused.

    Refuses with AttemptAlreadyLogged, TaskNotOpen, TaskHeldByAnother, NotTheirContact, CallBackTimeNeeded,
    CallBackTimePassed or CallBackTooFar.
    """
    result = AttemptResult(result)
    if result in (AttemptResult.ANSWERED, AttemptResult.SENT):
        raise ValueError(f"{result} is not a failed try")
    task = held_for(task, actor)
    if seen is not None and task.attempts != seen:
        raise AttemptAlreadyLogged
    if not task.is_open:
        raise TaskNotOpen
    if not task.is_theirs(contact_point):
        raise NotTheirContact(field="contact_point")
    now = timezone.now().astimezone(task.site.zone)
    due, way, was_stuck = task.next_attempt_at, task.action, task.needs_supervisor
    if result == AttemptResult.CALL_BACK:
        _check_call_back(call_back_at, now)

    points = list(ContactPoint.objects.filter(patient_id=task.patient_id, is_wrong=False))
    working = open_days([task.site], now.date(), now.date() + timedelta(days=CALL_BACK_DAYS + 31))[
        task.site_id
    ]
    left = [point for point in points if contact_point is None or point.pk != contact_point.pk]
    follows = next_step(
        task,
        result,
        list(task.call_attempts.all()),
        now,
        current_policy(),
        asked_for=call_back_at.astimezone(task.site.zone) if call_back_at else None,
        other_numbers=sum(point.kind == ContactKind.PHONE for point in left),
        other_channels=bool(left if result == AttemptResult.WRONG_NUMBER else points),
        is_open_on=working.__contains__,
    )
    attempt = task.add_attempt(
        result, member=actor, at=now, point=contact_point, note=clean_text(note, max_length=300)
    )
    if result == AttemptResult.WRONG_NUMBER and contact_point is not None:
        mark_contact_wrong(contact_point, actor=actor)
    _apply(task, follows, now)
    record(
        CareEvent.ATTEMPT_LOGGED,
        task,
        actor=actor,
        attempt=attempt.pk,
        result=result,
        step=follows.step,
        next_attempt_at=task.next_attempt_at,
        contact_point=contact_point.pk if contact_point else None,
        due_before=due,
        action_before=way,
        stuck_before=was_stuck,
    )
    announce(f"site:{task.site_id}:work-list")
    return Attempted(task, attempt, follows)


@operation
def take_back_attempt(attempt: CallAttempt, *, actor: Member) -> CareTask:
    """The wrong button was pressed: the try never was, and its author has the call again (B6).

    For five minutes, for who logged it, while it is the contact's last try and the contact is open and nobody
    else's. The contact is due as before. The journal keeps both that it was logged and that it was taken back.

    Refuses with AttemptStands or TaskHeldByAnother.
    """
    task = held_for(attempt.task, actor)
    last = task.call_attempts.order_by("-pk").first()
    logged = Entry.objects.filter(event=CareEvent.ATTEMPT_LOGGED, patient_id=task.patient_id).order_by("-pk")
    entry = next((each for each in logged[:20] if each.detail("attempt") == attempt.pk), None)
    if (
        last is None
        or entry is None
        or last.pk != attempt.pk
        or last.member_id != actor.pk
        or last.result not in TAKEN_BACK
        or not task.is_open
        or timezone.now() - last.made_at > TAKEN_BACK_WITHIN
    ):
        raise AttemptStands
    due = entry.detail("due_before")
    task.next_attempt_at = datetime.fromisoformat(due) if due else None
    task.action, task.needs_supervisor = Action(entry.detail("action_before")), entry.detail("stuck_before")
    task.attempts -= 1
    task.save(update_fields=["next_attempt_at", "action", "needs_supervisor", "attempts"])
    last.delete()
    record(CareEvent.ATTEMPT_TAKEN_BACK, task, actor=actor, attempt=attempt.pk, result=attempt.result)
    announce(f"site:{task.site_id}:work-list")
    return task


def _check_call_back(at: datetime | None, now: datetime) -> None:
    if at is None:
        raise CallBackTimeNeeded(field="call_back_at")
    if at <= now:
        raise CallBackTimePassed(field="call_back_at")
    if at > now + timedelta(days=CALL_BACK_DAYS):
        raise CallBackTooFar(field="call_back_at")


def _apply(task: CareTask, follows: NextStep, now: datetime) -> None:
    """Write what follows a try; the claim is given back unless the caller rings another number right now."""
    if follows.step == Step.CLOSE:
        reason = follows.closed_reason or ClosedReason.REFUSED
        task.close(TaskStatus.CLOSED, reason=reason, at=now, also=["attempts"])
        return
    changed = ["attempts", "next_attempt_at", "claimed_by", "claimed_at"]
    task.next_attempt_at = follows.at
    rings_on = follows.step == Step.OTHER_NUMBER and follows.at is not None and follows.at <= now
    if not rings_on:
        task.claimed_by, task.claimed_at = None, None
    if follows.step == Step.OTHER_CHANNEL:
        task.action = Action.MESSAGE
        changed.append("action")
    elif follows.step == Step.SUPERVISOR:
        task.needs_supervisor = True
        changed.append("needs_supervisor")
    task.save(update_fields=changed)
